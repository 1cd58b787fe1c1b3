import { InvalidInputError } from '../../invalid-input.ts'
import { type Problem, problemId } from '../../problem.ts'
import type { RecordedLabel, RecordedSource } from '../source.ts'
import type { Recording } from './format.ts'
import { recordedFormats } from './formats.ts'
import { type PlacedEntry, type RejectedRow, readEntries } from './read-entries.ts'
import { promptRank, splitSide } from './split-side.ts'

type Split = Problem['origin']['split']

/** An entry with the recording of the source's model, and its place in the seeded order. */
type Candidate = PlacedEntry & {
  readonly recording: Recording
  readonly rank: number
  readonly split: Split
}

/** What a recorded source brings. */
export type RecordedProblems = {
  /** In the file's order. */
  readonly problems: readonly Problem[]
  /** Of the problems to train on, where the file has any: nobody answers the held-out ones. */
  readonly labels: readonly RecordedLabel[]
  /** The file's rows that are no use, whatever their benchmark and model. */
  readonly rejected: readonly RejectedRow[]
}

/**
 * The problems of one recorded source. Each side of the split gives its first problems in seeded
 * order. Throws InvalidInputError where the file holds nothing of that model and benchmark, where
 * its domain is another, and where a side has fewer problems than asked for.
 */
export async function recordedProblems(request: {
  readonly source: RecordedSource
  readonly seed: number
  readonly lines: AsyncIterable<string>
}): Promise<RecordedProblems> {
  const { source, seed, lines } = request
  checkDomain(source)
  const { entries, rejected } = await readEntries(source.file, lines)
  const candidates = candidatesOf(source, entries, seed)
  const chosen = new Set([
    ...take(source, candidates, { split: 'train', field: 'train' }),
    ...take(source, candidates, { split: 'held-out', field: 'heldOut' }),
  ])
  const inFileOrder = candidates.filter((candidate) => chosen.has(candidate))
  return {
    problems: inFileOrder.map((candidate) => problemOf(source, candidate)),
    labels: inFileOrder.flatMap((candidate) => labelOf(source, candidate)),
    rejected,
  }
}

function checkDomain({ id, file, domain }: RecordedSource): void {
  const held = recordedFormats[file].domain
  if (domain === held) return
  throw new InvalidInputError(
    `source ${id}: field domain: ${file} holds ${held}, not ${domain}; set domain: ${held}`,
  )
}

function candidatesOf(
  source: RecordedSource,
  entries: readonly PlacedEntry[],
  seed: number,
): readonly Candidate[] {
  const isRecordedOfAll = recordedOfAll(source, entries)
  const candidates = entries
    .filter(({ benchmark }) => source.benchmark === 'all' || benchmark === source.benchmark)
    .flatMap((entry) => {
      const recording = entry.recordings.find(({ model }) => model === source.model)
      if (recording === undefined || !isRecordedOfAll(entry)) return []
      const rank = promptRank(entry.promptDigest, seed)
      return [{ ...entry, recording, rank, split: splitSide(rank) }]
    })
  if (candidates.length > 0) return candidates
  throw new InvalidInputError(
    `source ${source.id}: ${source.file} holds nothing of model ${source.model} on benchmark ${source.benchmark}; it holds ${contents(entries)}`,
  )
}

/** Whether the other models that a source names have answered an entry's problem, in whichever row. */
function recordedOfAll({ alsoRecorded = [] }: RecordedSource, entries: readonly PlacedEntry[]) {
  const answered = new Set(
    entries.flatMap(({ promptDigest, recordings }) =>
      recordings.map(({ model }) => `${promptDigest} ${model}`),
    ),
  )
  return ({ promptDigest }: PlacedEntry) =>
    alsoRecorded.every((model) => answered.has(`${promptDigest} ${model}`))
}

function contents(entries: readonly PlacedEntry[]): string {
  const held = new Set(
    entries.flatMap(({ benchmark, recordings }) =>
      recordings.map(({ model }) => `${model} on ${benchmark}`),
    ),
  )
  return [...held].join(', ') || 'no usable row'
}

function take(
  source: RecordedSource,
  candidates: readonly Candidate[],
  { split, field }: { readonly split: Split; readonly field: 'train' | 'heldOut' },
): readonly Candidate[] {
  const side = candidates
    .filter((candidate) => candidate.split === split)
    .toSorted((a, b) => a.rank - b.rank)
  const wanted = source[field]
  if (wanted === 'all') return side
  if (wanted <= side.length) return side.slice(0, wanted)
  throw new InvalidInputError(
    `source ${source.id}: field ${field}: ${wanted} problems asked, but ${side.length} of ${candidates.length} are on that side of the split; lower it`,
  )
}

function problemOf(source: RecordedSource, candidate: Candidate): Problem {
  const { category, prompt, reference, row, split } = candidate
  return {
    id: problemId(source.id, prompt),
    source: source.id,
    revision: recordedFormats[source.file].revision,
    domain: source.domain,
    category,
    prompt,
    reference,
    origin: { split, row },
  }
}

function labelOf(source: RecordedSource, candidate: Candidate): readonly RecordedLabel[] {
  const { prompt, recording, split } = candidate
  if (split === 'held-out' || recording.label === null) return []
  return [{ problemId: problemId(source.id, prompt), source: source.id, ...recording.label }]
}
