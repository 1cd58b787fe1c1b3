import type { SourceRow } from '../../core/ports/problem-source.ts'
import { type HubItem, hubProblems } from '../../core/sources/hub/hub-problems.ts'
import type { HubSource } from '../../core/sources/hub/hub-source.ts'
import { SourceDamagedError, SourceSchemaError } from '../../core/sources/hub/source-errors.ts'
import { filesOfSplit } from '../../core/sources/hub/split-files.ts'
import { checkSchema, fileRows, type SourceSnapshot } from './file-rows.ts'
import type { HubFile, HubLibrary, HubRepository, HubSettings } from './hub-library.ts'
import { openLibrary } from './open-library.ts'

/** Reads the data sets of the Hub, or of a mirror of it. */
export function createHubReader(settings: HubSettings) {
  const library = openLibrary(settings)
  return {
    /** The problems of a source, streamed. Throws as `ProblemSource.read` does. */
    async *read(source: HubSource, seed: number): AsyncGenerator<SourceRow> {
      const snapshot = await openSnapshot(library, source)
      const items = rowsOf(library, snapshot)
      yield* hubProblems({ source, commit: snapshot.commit, seed, items })
    },
    /** Looks whether commit, files and columns are there. Throws as `ProblemSource.check` does. */
    async check(source: HubSource): Promise<void> {
      await checkReadable(library, await openSnapshot(library, source))
    },
    /** The source at the commit that its revision means now. */
    async pin(source: HubSource): Promise<HubSource> {
      return { ...source, revision: await library.resolve(repositoryOf(source)) }
    },
  }
}

function repositoryOf({ id, dataset, revision }: HubSource): HubRepository {
  const fields = { name: `source ${id}`, revision: `source ${id}: field revision` }
  return { type: 'dataset', name: dataset, revision, fields }
}

async function openSnapshot(library: HubLibrary, source: HubSource): Promise<SourceSnapshot> {
  const repository = repositoryOf(source)
  const snapshot = await library.open(repository, await library.resolve(repository))
  return { ...snapshot, source }
}

/** Looks at files up to the first that can be read. Throws what is wrong with the first where none can. */
async function checkReadable(library: HubLibrary, snapshot: SourceSnapshot): Promise<void> {
  const faults: UnreadableFile[] = []
  for (const file of splitFiles(snapshot)) {
    try {
      return await checkSchema(library, snapshot, file)
    } catch (error) {
      faults.push(unreadable(error, snapshot.source))
    }
  }
  if (faults[0] !== undefined) throw faults[0]
}

/** The rows of all files. Throws what is wrong with the first file where none can be read. */
async function* rowsOf(library: HubLibrary, snapshot: SourceSnapshot): AsyncGenerator<HubItem> {
  const files = splitFiles(snapshot)
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  const faults: UnreadableFile[] = []
  for (const file of files) {
    const path = await library.fetch(snapshot, file)
    try {
      yield* fileRows(snapshot.source, { path, name: file.path })
    } catch (error) {
      const fault = unreadable(error, snapshot.source)
      faults.push(fault)
      if (faults.length === files.length) throw faults[0] ?? fault
      yield { fault: fault.message, share: file.size / bytes }
    }
  }
}

type UnreadableFile = SourceDamagedError | SourceSchemaError

/** What is wrong with a file that a source to train on can do without. Throws any other error on. */
function unreadable(error: unknown, { role }: HubSource): UnreadableFile {
  const isFault = error instanceof SourceDamagedError || error instanceof SourceSchemaError
  if (isFault && role === 'train') return error
  throw error
}

function splitFiles({ source, files }: SourceSnapshot): readonly HubFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  return filesOfSplit(source, [...byPath.keys()]).flatMap((path) => byPath.get(path) ?? [])
}
