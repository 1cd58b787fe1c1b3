import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { Benchmark } from '../../../core/benchmarks/benchmark.ts'
import type { HubSource } from '../../../core/sources/hub/hub-source.ts'

const folder = fileURLToPath(new URL('../../../recipes/benchmarks/', import.meta.url))

/** Every benchmark of the project, with the name of its file. */
export async function benchmarkFiles(): Promise<
  readonly { readonly file: string; readonly benchmark: Benchmark }[]
> {
  const files = (await readdir(folder)).toSorted()
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(`${folder}${file}`, 'utf8')
      return { file, benchmark: Benchmark.parse(parse(text)) }
    }),
  )
}

/** The data sets of the benchmarks that have one of their own. */
export async function benchmarkSets(): Promise<readonly HubSource[]> {
  const all = await benchmarkFiles()
  return all.flatMap(({ benchmark: { problems } }) =>
    problems !== 'held-out' && problems.kind === 'hub' ? [problems] : [],
  )
}
