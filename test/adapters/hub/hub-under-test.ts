import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { HubSettings } from '../../../adapters/hub/hub-library.ts'
import { createHubReader } from '../../../adapters/hub/hub-reader.ts'
import type { SourceRow } from '../../../core/ports/problem-source.ts'
import type { HubSource } from '../../../core/sources/hub/hub-source.ts'
import { type HubServerOptions, startHubServer } from '../../../infra/hub/hub-server.ts'
import { commitFile } from '../../../infra/hub/repositories.ts'
import { commit, seed } from '../../core/sources/hub/example-source.ts'
import { collect, openHubFolder } from '../../infra/hub/hub-folder.ts'

/** A Hub of one data set, `org/set`, and a reader with a cache of its own. */
export async function openHub(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<HubServerOptions> & { readonly readerToken?: string } = {},
) {
  const folder = await openHubFolder({ [`datasets/org/set/${commitFile}`]: commit })
  for (const [path, content] of Object.entries(files)) {
    await folder.add(`datasets/org/set/${path}`, content)
  }
  const { readerToken, ...serverOptions } = options
  const server = await startHubServer({ directory: folder.directory, ...serverOptions })
  const cacheDirectory = join(folder.directory, 'cache')
  const settings: HubSettings = {
    endpoint: server.url,
    token: readerToken,
    cacheDirectory,
    mirror: undefined,
    patience: { retries: 3, firstWaitMs: 1 },
  }
  const reader = createHubReader(settings)
  return {
    folder,
    server,
    settings,
    reader,
    rows: (source: HubSource): Promise<SourceRow[]> => collect(reader.read(source, seed)),
    /** Requests for a file's bytes. */
    downloads: () => server.requests.filter((request) => request.includes('/resolve/')).length,
    /** Where the one data set's files are kept. */
    kept: () => readdir(join(cacheDirectory, 'datasets/org/set/files')),
    keptFolder: join(cacheDirectory, 'datasets/org/set/files'),
    async [Symbol.asyncDispose]() {
      await server.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** The prompts of the problems among rows. */
export function prompts(rows: readonly SourceRow[]): string[] {
  return rows.flatMap((row) => (row.kind === 'problem' ? [row.problem.prompt] : []))
}
