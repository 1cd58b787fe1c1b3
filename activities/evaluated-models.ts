import { ModelManifest } from '../core/checkpoint.ts'
import { digestOf } from '../core/digest.ts'
import type { EvaluatedModel } from '../core/evaluation/evaluate-input.ts'
import type { ModelSite, NamedModel } from '../core/evaluation/evaluation-order.ts'
import { InvalidInputError } from '../core/invalid-input.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { BaseModels, ModelFields } from '../core/ports/base-models.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { RunRecord } from '../core/run-record.ts'
import { parseJson, refTo } from './artifacts.ts'
import { manifestKey } from './model-objects.ts'
import { readModel } from './prepare-student.ts'
import { findRunRecord } from './run-records.ts'

/** A model that is there, and the run that it is of, if any. */
export type FoundModel = { readonly model: NamedModel; readonly run?: RunRecord }

/** What tells a model from all others: its weights, or where others serve it. */
export async function modelDigestOf(store: ObjectStore, site: ModelSite): Promise<string> {
  if (site.kind !== 'weights') return digestOf(site)
  return (await readModel(store, site.manifest)).digest
}

/**
 * Finds a model that a user named. Throws InvalidInputError where it is not there, which begins with
 * `fields`: where and as what it was typed.
 */
export async function findEvaluated(
  deps: { readonly store: ObjectStore; readonly baseModels: Pick<BaseModels, 'pin'> },
  model: EvaluatedModel,
  fields: ModelFields,
): Promise<FoundModel> {
  const { name } = model
  switch (model.kind) {
    case 'run': {
      const run = await runOf(deps.store, model.run, fields)
      return { model: { name, site: { kind: 'weights', manifest: run[model.role] } }, run }
    }
    case 'checkpoint': {
      const manifest = await manifestAt(deps.store, model.uri, fields)
      return { model: { name, site: { kind: 'weights', manifest } } }
    }
    case 'hub': {
      const { revision } = await deps.baseModels.pin(model, fields)
      return { model: { name, site: { kind: 'hub', model: model.model, revision } } }
    }
    case 'endpoint': {
      const { endpoint } = model
      return { model: { name, site: { kind: 'endpoint', endpoint, model: model.model } } }
    }
  }
}

async function runOf(store: ObjectStore, run: string, { name }: ModelFields): Promise<RunRecord> {
  const record = await findRunRecord(store, run)
  if (record !== undefined) return record
  throw new InvalidInputError(
    `${name}: no run ${run} has ended with a student and a report; name one that has`,
  )
}

async function manifestAt(
  store: ObjectStore,
  uri: string,
  { name }: ModelFields,
): Promise<ObjectRef> {
  const base = store.uri('')
  if (!uri.startsWith(base)) {
    throw new InvalidInputError(
      `${name}: ${uri} is not in ${base}, this deployment's store; copy it there, or set S3_BUCKET`,
    )
  }
  const key = manifestKey(uri.slice(base.length).replace(/\/(?:manifest\.json)?$/, ''))
  const bytes = await store.find(key)
  if (bytes === undefined) {
    throw new InvalidInputError(
      `${name}: no manifest of a model stands at ${store.uri(key)}; name the prefix of a model`,
    )
  }
  parseJson(bytes, ModelManifest, store.uri(key))
  return refTo(store, key, bytes)
}
