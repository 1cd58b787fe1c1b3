import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf } from '../core/digest.ts'
import type { BaseModel } from '../core/ports/base-models.ts'
import { refusedModel } from '../core/training/model-files.ts'
import { layFiles } from './laid-files.ts'

/**
 * A model in a directory of the node. Its version is told by names, sizes and times of change: to
 * digest the weights takes as long as to read them. Throws InvalidInputError where it cannot be listed.
 */
export async function openModelDirectory(model: string): Promise<BaseModel> {
  const names = await readdir(model).catch((error: NodeJS.ErrnoException) => {
    const fault = `it is no directory that can be read (${error.code ?? error.message})`
    throw refusedModel(model, fault, "name a directory of the training worker's node")
  })
  const found = await Promise.all(names.map(async (name) => ({ name, ...(await sight(name)) })))
  const files = found.flatMap(({ name, state }) => (state === undefined ? [] : [{ name, state }]))
  return {
    files: files.map(({ name }) => name),
    version: digestOf(files),
    read: (name) => readFile(join(model, name), 'utf8'),
    unverifiedBytes: (name) => files.find((file) => file.name === name)?.state.size,
    bring: (wanted, to) => layFiles(wanted, { ...to, find: async (name) => join(model, name) }),
  }

  /** What a file is now, through links; a link may lead nowhere. */
  async function sight(name: string) {
    const seen = await stat(join(model, name)).catch(() => undefined)
    return { state: seen?.isFile() ? { size: seen.size, changed: seen.mtimeMs } : undefined }
  }
}
