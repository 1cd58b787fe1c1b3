import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isExecutable, outputOf } from './command.ts'
import type { Found, Site } from './component.ts'
import { versionIn } from './version.ts'

/**
 * The Temporal command as the SDK itself downloads it, for platforms that have no wheel: the SDK
 * brings it into the cache when it starts a server of its own, which is ended at once.
 */
export async function downloadBySdk(site: Site): Promise<Found> {
  const downloadDir = folderIn(site)
  await mkdir(downloadDir, { recursive: true })
  // Loaded here only: the SDK's native part takes a second that no other set-up needs.
  const { TestWorkflowEnvironment } = await import('@temporalio/testing')
  const executable = { type: 'cached-download', downloadDir, ttl: '3650 days' } as const
  // The SDK gives its server five seconds, more of which a busy machine may need; it is not what counts.
  const started = await TestWorkflowEnvironment.createLocal({ server: { executable } }).then(
    (environment) => environment.teardown(),
    (error: unknown) => error,
  )
  const found = await findDownloaded(site)
  if (found !== undefined) return found
  throw new Error(`the SDK left no Temporal command in ${downloadDir}`, { cause: started })
}

/** What an earlier download left in the cache. */
export async function findDownloaded(site: Pick<Site, 'cache'>): Promise<Found | undefined> {
  const folder = folderIn(site)
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const version = (await isExecutable(path)) ? await outputOf(path, ['--version']) : undefined
    const number = version === undefined ? undefined : versionIn(version)
    if (number !== undefined) return { path, version: number }
  }
  return undefined
}

function folderIn({ cache }: Pick<Site, 'cache'>): string {
  return join(cache, 'temporal-sdk-download')
}
