import { constants } from 'node:fs'
import { copyFile, link, mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { inTurn } from '../core/in-turn.ts'
import type { BroughtTo } from '../core/ports/base-models.ts'

/** Files that are looked for at once. */
const atOnce = 4

/**
 * Lays files into a directory under their names. A file is shared where the file system can, and
 * copied where not: a model's weights are not kept twice.
 */
export async function layFiles(
  names: readonly string[],
  {
    directory,
    signal,
    find,
  }: BroughtTo & {
    /** Where a file lies on this machine, fetched if it must be. */
    readonly find: (name: string, signal: AbortSignal) => Promise<string>
  },
): Promise<void> {
  await mkdir(directory, { recursive: true })
  await inTurn(names, { atOnce, signal }, async (name, stopped) =>
    share(await find(name, stopped), join(directory, name)),
  )
}

async function share(from: string, to: string): Promise<void> {
  // What a cache gives may be a link: of that, a second name would lead nowhere.
  const file = await realpath(from)
  // Never over a file that is there: it may be a name of this one, which would be emptied.
  const asNew = constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL
  await link(file, to).catch(() => copyFile(file, to, asNew))
}
