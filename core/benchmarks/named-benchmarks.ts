import { InvalidInputError } from '../invalid-input.ts'

/** Finds a benchmark of the deployment by its name; throws InvalidInputError listing those there are. */
export type BenchmarkShelf = (name: string) => Promise<unknown>

/**
 * A recipe document in which benchmarks that are named stand whole: each name in `benchmarks` is
 * its file, and in `evaluationSets` the set of that file. `NAME:16` asks for 16 samples a problem.
 * What is written out already stays as it is.
 */
export async function withBenchmarks(
  document: unknown,
  shelf: BenchmarkShelf,
): Promise<Readonly<Record<string, unknown>>> {
  if (!isPlain(document)) throw new InvalidInputError('recipe: no object with fields')
  const { benchmarks, evaluationSets } = document
  return {
    ...document,
    ...(Array.isArray(benchmarks)
      ? { benchmarks: await Promise.all(benchmarks.map((each) => whole(each, shelf))) }
      : {}),
    ...(Array.isArray(evaluationSets)
      ? { evaluationSets: await Promise.all(evaluationSets.map((each) => setOf(each, shelf))) }
      : {}),
  }
}

/** A benchmark and how many samples of each problem are wanted; null: as many as the benchmark says. */
export type WantedBenchmark = { readonly name: string; readonly samples: number | null }

/** Reads `NAME` or `NAME:SAMPLES`. Throws InvalidInputError where SAMPLES is no number from 1. */
export function readBenchmarkName(text: string): WantedBenchmark {
  const [name = '', samples, ...rest] = text.split(':')
  if (samples === undefined) return { name, samples: null }
  if (rest.length === 0 && /^[1-9]\d{0,3}$/.test(samples)) return { name, samples: Number(samples) }
  throw new InvalidInputError(
    `field benchmarks: ${text}: write the samples of each problem as a number from 1, as in ${name}:16`,
  )
}

/**
 * The document of a benchmark that is wanted: the recipe's own of that name, else the file. Throws
 * InvalidInputError as the shelf does.
 */
export async function benchmarkDocument(
  recipe: unknown,
  { name, samples }: WantedBenchmark,
  shelf: BenchmarkShelf,
): Promise<unknown> {
  const own = isPlain(recipe) && Array.isArray(recipe['benchmarks']) ? recipe['benchmarks'] : []
  const document: unknown =
    own.find((each) => isPlain(each) && each['name'] === name) ?? (await shelf(name))
  return withSamples(document, samples)
}

async function whole(entry: unknown, shelf: BenchmarkShelf): Promise<unknown> {
  if (typeof entry !== 'string') return entry
  const { name, samples } = readBenchmarkName(entry)
  return withSamples(await shelf(name), samples)
}

function withSamples(document: unknown, samples: number | null): unknown {
  if (samples === null || !isPlain(document) || !isPlain(document['asking'])) return document
  return { ...document, asking: { ...document['asking'], samples } }
}

async function setOf(entry: unknown, shelf: BenchmarkShelf): Promise<unknown> {
  if (typeof entry !== 'string') return entry
  const found = await shelf(entry)
  const set = isPlain(found) ? found['problems'] : undefined
  if (isPlain(set)) return set
  throw new InvalidInputError(
    `field evaluationSets: benchmark ${entry} has no set of its own; name another`,
  )
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
