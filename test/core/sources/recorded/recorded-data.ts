import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { recordedFilePath, recordedLines } from '../../../../adapters/recorded-files.ts'
import type { Recipe } from '../../../../core/recipe.ts'
import { recordedFiles } from '../../../../core/sources/recorded/formats.ts'
import {
  type RecordedProblems,
  recordedProblems,
} from '../../../../core/sources/recorded/recorded-problems.ts'
import type { RecordedSource } from '../../../../core/sources/source.ts'
import { namedRecipe } from '../../../../workers/recipe-shelf.ts'

/** Where the recorded data lie; nothing of them is in the project. */
export const dataFolder =
  process.env['SKY_T1_DATA'] ?? fileURLToPath(new URL('../shared/data', projectUrl()))

/** Whether all recorded files are there. */
export const dataPresent = recordedFiles.every((file) =>
  existsSync(recordedFilePath(dataFolder, file)),
)

/** For the title of a suite that needs the data: where they are, or how to run it. */
export const dataState = dataPresent
  ? `in ${dataFolder}`
  : `(skipped: not in ${dataFolder}; set SKY_T1_DATA)`

/** The recipe that replays the recorded data. */
export function replayRecipe(): Promise<Recipe> {
  return namedRecipe('replay')
}

/** The recorded sources of the replay recipe with what each brings, read one by one as a run does. */
export async function replaySources(): Promise<
  Array<RecordedProblems & { source: RecordedSource }>
> {
  const { sources, seed } = await replayRecipe()
  const recorded = sources.filter((source) => source.kind === 'recorded')
  return Promise.all(
    recorded.map(async (source) => {
      const lines = recordedLines(dataFolder, source.file)
      return { source, ...(await recordedProblems({ source, seed, lines })) }
    }),
  )
}

function projectUrl(): URL {
  return new URL('../../../../', import.meta.url)
}
