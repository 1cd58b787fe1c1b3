import { readFile } from 'node:fs/promises'
import { InvalidInputError } from '../../core/invalid-input.ts'
import type { BaseModel, BaseModels, ModelFields, ModelName } from '../../core/ports/base-models.ts'
import { layFiles } from '../laid-files.ts'
import type { HubRepository, HubSettings } from './hub-library.ts'
import { openLibrary } from './open-library.ts'

/** What a model is read at where its entry names no revision. */
const defaultBranch = 'main'

/** Where a recipe names its model. */
const studentFields: ModelFields = {
  name: 'field student.model',
  revision: 'field student.revision',
}

/** Models of the Hub, or of a mirror of it: their files are fetched once, into the cache. */
export function createHubModels(settings: HubSettings): BaseModels {
  const library = openLibrary(settings)
  return {
    async pin(named, fields = studentFields) {
      return { ...named, revision: await library.resolve(repositoryOf(named, fields)) }
    },
    async open(named, fields = studentFields): Promise<BaseModel> {
      const repository = repositoryOf(named, fields)
      const snapshot = await library.open(repository, await library.resolve(repository))
      const fileOf = (name: string) => snapshot.files.find(({ path }) => path === name)
      const find = (name: string, signal?: AbortSignal) => {
        const file = fileOf(name)
        if (file !== undefined) return library.fetch(snapshot, file, signal)
        throw new InvalidInputError(
          `${fields.name}: ${named.model}: it has no ${name}; name a whole model`,
        )
      }
      return {
        files: snapshot.files.map(({ path }) => path),
        version: snapshot.commit,
        read: async (name) => readFile(await find(name), 'utf8'),
        unverifiedBytes: (name) => {
          const file = fileOf(name)
          return file?.digest === null ? file.size : undefined
        },
        bring: (names, to) => layFiles(names, { ...to, find }),
      }
    },
  }
}

function repositoryOf({ model, revision }: ModelName, fields: ModelFields): HubRepository {
  return { type: 'model', name: model, revision: revision ?? defaultBranch, fields }
}
