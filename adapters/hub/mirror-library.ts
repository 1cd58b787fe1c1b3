import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { InvalidInputError } from '../../core/invalid-input.ts'
import { isCommit } from '../../core/sources/hub/hub-source.ts'
import { readPart } from './file-part.ts'
import type { HubFile, HubLibrary, HubRepository } from './hub-library.ts'

/**
 * A folder instead of the Hub, for machines without a way to it. A data set lies in
 * `datasets/ORG/NAME/COMMIT/`, or right in `datasets/ORG/NAME/`, and then is taken for the commit that
 * the entry pins. `datasets/ORG/NAME/refs/main` holds the commit of a branch that an entry names. A
 * model lies in `models/ORG/NAME` in the same way.
 */
export function createMirrorLibrary(mirror: string): HubLibrary {
  return {
    async resolve(repository) {
      const { name, revision, fields } = repository
      if (isCommit(revision)) return revision
      const named = join(placeOf(mirror, repository), 'refs', revision)
      const commit = existsSync(named) ? (await readFile(named, 'utf8')).trim() : ''
      if (isCommit(commit)) return commit
      throw new InvalidInputError(
        `${fields.revision}: the mirror does not say which commit ${revision} of ` +
          `${name} is; write it into ${named}, or pin the entry to a commit`,
      )
    },
    async open(repository, commit) {
      const folder = folderOf(mirror, repository, commit)
      const files = await filesIn(folder)
      if (files.length > 0) return { repository, commit, files }
      const { name, fields } = repository
      throw new InvalidInputError(
        `${fields.name}: the mirror has no ${name} at ${commit}; put its files into ${folder}`,
      )
    },
    async fetch({ repository, commit }, { path }) {
      return join(folderOf(mirror, repository, commit), path)
    },
    part({ repository, commit }, { path }, { start, end }) {
      return readPart(join(folderOf(mirror, repository, commit), path), start, end)
    },
  }
}

function placeOf(mirror: string, { type, name }: HubRepository): string {
  return join(mirror, `${type}s`, name)
}

function folderOf(mirror: string, repository: HubRepository, commit: string): string {
  const folder = placeOf(mirror, repository)
  return existsSync(join(folder, commit)) ? join(folder, commit) : folder
}

async function filesIn(folder: string): Promise<HubFile[]> {
  if (!existsSync(folder)) return []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files: HubFile[] = []
  for (const entry of entries) {
    const place = join(entry.parentPath, entry.name)
    const path = relative(folder, place).split(sep).join('/')
    const [top = ''] = path.split('/')
    // Other commits, and the names of commits, are no files of this one.
    if (isCommit(top) || top === 'refs') continue
    const { size } = await stat(place)
    if (!entry.isDirectory()) files.push({ path, size, digest: null })
  }
  return files
}
