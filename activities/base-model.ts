import { ModelManifest } from '../core/checkpoint.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { BaseModel, BaseModels } from '../core/ports/base-models.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { type ModelFiles, modelFiles, refusedModel } from '../core/training/model-files.ts'
import { type PretrainedStudent, placeOf } from '../core/training/student.ts'
import { parseJson, readObject, refTo } from './artifacts.ts'
import { fetchModel, manifestKey } from './model-objects.ts'

/** A base model that is there, whole and of the stated shape. */
export type OpenedModel = {
  readonly model: BaseModel
  readonly files: ModelFiles
  /** Its manifest where it stands in our store; it is used as it is. */
  readonly stored?: ObjectRef
}

/**
 * Finds a student's base model, wherever it is, and looks whether it can be trained; weights are not
 * fetched. Throws InvalidInputError naming the field where it cannot.
 */
export async function openBaseModel(
  deps: { readonly store: ObjectStore; readonly baseModels: BaseModels },
  student: PretrainedStudent,
): Promise<OpenedModel> {
  const found =
    placeOf(student.model) === 'store'
      ? await openStored(deps.store, student.model)
      : { model: await deps.baseModels.open(student) }
  return { ...found, files: await modelFiles(student, found.model) }
}

async function openStored(
  store: ObjectStore,
  uri: string,
): Promise<Pick<OpenedModel, 'model'> & { readonly stored: ObjectRef }> {
  const key = manifestKey(prefixOf(store, uri))
  const bytes = await store.find(key)
  if (bytes === undefined) {
    const fault = `no model manifest stands at ${store.uri(key)}`
    throw refusedModel(uri, fault, 'name the prefix of a model, as in s3://bucket/models/KEY')
  }
  const manifest = manifestIn(bytes, uri)
  return { model: storedModel(store, manifest), stored: refTo(store, key, bytes) }
}

function prefixOf(store: ObjectStore, uri: string): string {
  const base = store.uri('')
  const prefix = uri.replace(/\/+$/, '')
  if (prefix.startsWith(base)) return prefix.slice(base.length)
  const [, , bucket] = uri.split('/')
  throw refusedModel(
    uri,
    `bucket ${bucket} is not this deployment's store (${base})`,
    `copy the model into ${base}, or set S3_BUCKET`,
  )
}

function manifestIn(bytes: Uint8Array, uri: string): ModelManifest {
  try {
    return parseJson(bytes, ModelManifest, uri)
  } catch {
    throw refusedModel(uri, 'its manifest.json is no model manifest', 'name the prefix of a model')
  }
}

function storedModel(store: ObjectStore, manifest: ModelManifest): BaseModel {
  const refOf = (name: string): ObjectRef => {
    const ref = manifest.files[name]
    if (ref !== undefined) return ref
    throw new Error(`the model ${manifest.digest} has no ${name}`)
  }
  return {
    files: Object.keys(manifest.files),
    version: manifest.digest,
    read: async (name) => new TextDecoder().decode(await readObject(store, refOf(name))),
    unverifiedBytes: () => undefined,
    bring: (names, to) => {
      const files = Object.fromEntries(names.map((name) => [name, refOf(name)]))
      return fetchModel(store, { ...manifest, files }, to)
    },
  }
}
