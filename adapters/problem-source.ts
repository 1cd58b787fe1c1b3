import { InvalidInputError } from '../core/invalid-input.ts'
import type { ProblemSource, SourceRow } from '../core/ports/problem-source.ts'
import { checkGenerated, streamProblems } from '../core/sources/families/generate-problems.ts'
import { recordedLabels } from '../core/sources/recorded/recorded-labels.ts'
import { recordedProblems } from '../core/sources/recorded/recorded-problems.ts'
import type { RecordedSource, Source } from '../core/sources/source.ts'
import type { HubSettings } from './hub/hub-library.ts'
import { createHubReader } from './hub/hub-reader.ts'
import { recordedLines } from './recorded-files.ts'

/** Loads every kind of source: generated families, recorded outputs, and data sets of the Hub. */
export function createProblemSource(deployment: {
  /** The folder of recorded outputs; undefined where the deployment has none. */
  readonly dataDirectory: string | undefined
  /** How data sets of the Hub are reached; left out where the deployment reads none. */
  readonly hub?: HubSettings
}): ProblemSource {
  const { dataDirectory } = deployment
  const hub = deployment.hub === undefined ? undefined : createHubReader(deployment.hub)

  async function* read(source: Source, seed: number): AsyncIterable<SourceRow> {
    switch (source.kind) {
      case 'generated':
        for (const problem of streamProblems(source, seed)) yield { kind: 'problem', problem }
        return
      case 'recorded':
        yield* recorded(source, seed, dataDirectory)
        return
      case 'hub':
        yield* reachable(source, hub).read(source, seed)
    }
  }
  return {
    read,
    async labels(source) {
      if (source.kind !== 'recorded') return []
      const lines = recordedLines(dataDirectoryOf(source, dataDirectory), source.file)
      return recordedLabels(source, lines)
    },
    async check(source) {
      if (source.kind === 'generated') checkGenerated(source)
      if (source.kind === 'recorded') dataDirectoryOf(source, dataDirectory)
      if (source.kind === 'hub') await reachable(source, hub).check(source)
    },
    async pin(source) {
      return source.kind === 'hub' ? reachable(source, hub).pin(source) : source
    },
  }
}

function reachable<Reader>(source: Source, hub: Reader | undefined): Reader {
  if (hub !== undefined) return hub
  throw new InvalidInputError(`source ${source.id}: this deployment reads no data sets of the Hub`)
}

async function* recorded(
  source: RecordedSource,
  seed: number,
  dataDirectory: string | undefined,
): AsyncIterable<SourceRow> {
  const lines = recordedLines(dataDirectoryOf(source, dataDirectory), source.file)
  const { problems, labels, rejected } = await recordedProblems({ source, seed, lines })
  for (const problem of problems) yield { kind: 'problem', problem }
  for (const label of labels) yield { kind: 'label', label }
  for (const { row, reason } of rejected) yield { kind: 'set-aside', row, reason }
}

function dataDirectoryOf(source: RecordedSource, directory: string | undefined): string {
  if (directory !== undefined) return directory
  throw new InvalidInputError(
    `source ${source.id}: this deployment has no data folder; give one with --data DIR (SKY_T1_DATA)`,
  )
}
