import { problemId } from '../../problem.ts'
import type { ModelLabel, RecordedSource } from '../source.ts'
import { readEntries } from './read-entries.ts'

/**
 * What those who recorded a source's file said of the outputs of every model, not only of the source's
 * own, to problems that its model answered. A problem is the same however a row spaces or cases it.
 */
export async function recordedLabels(
  source: RecordedSource,
  lines: AsyncIterable<string>,
): Promise<ModelLabel[]> {
  const { entries } = await readEntries(source.file, lines)
  const ids = new Map(
    entries
      .filter(({ recordings }) => recordings.some(({ model }) => model === source.model))
      .map(({ promptDigest, prompt }) => [promptDigest, problemId(source.id, prompt)]),
  )
  return entries.flatMap(({ promptDigest, recordings }) => {
    const id = ids.get(promptDigest)
    if (id === undefined) return []
    return recordings.flatMap(({ model, label }) =>
      label === null ? [] : [{ problemId: id, source: source.id, model, ...label }],
    )
  })
}
