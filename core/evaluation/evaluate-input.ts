import { z } from 'zod'
import { InvalidInputError } from '../invalid-input.ts'
import type { ModelFields } from '../ports/base-models.ts'

const Name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dots, hyphens and underscores')

/** A model to evaluate, by where it is. `name` is what its scores are shown under. */
export const EvaluatedModel = z.discriminatedUnion('kind', [
  /** The student of a finished run, or the model that it was before. */
  z.strictObject({
    kind: z.literal('run'),
    name: Name,
    run: z.string().min(1),
    role: z.enum(['student', 'base']),
  }),
  /** Weights in the object store, by their manifest. */
  z.strictObject({
    kind: z.literal('checkpoint'),
    name: Name,
    uri: z.string().regex(/^s3:\/\/[^/]+\/.+$/, 's3://BUCKET/KEY of a manifest.json'),
  }),
  /** A model that somebody serves: the deployment says where its endpoint is. */
  z.strictObject({
    kind: z.literal('endpoint'),
    name: Name,
    endpoint: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'the logical name of an endpoint'),
    model: z.string().min(1),
  }),
  /** A model of the Hugging Face Hub, served by the evaluation pool. */
  z.strictObject({
    kind: z.literal('hub'),
    name: Name,
    model: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'a Hub id, as in Qwen/Qwen2.5-7B-Instruct'),
    revision: z.string().min(1),
  }),
])
export type EvaluatedModel = z.infer<typeof EvaluatedModel>

const document = z.record(z.string(), z.unknown())

/** A model as a user types it: in the short form, or whole. */
export const TypedModel = z.union([z.string().min(1), EvaluatedModel])
export type TypedModel = z.infer<typeof TypedModel>

/** Input of the `evaluate` workflow, as a user types it. */
export const EvaluateInput = z.strictObject({
  models: z.array(TypedModel).min(1),
  /** Names of benchmarks of the recipe or in `recipes/benchmarks`; `NAME:16` asks for 16 samples. */
  benchmarks: z.array(z.string().min(1)).min(1),
  /** Under which the scores and the report stand; amended by another evaluation of that name. */
  name: Name,
  /**
   * The recipe that says how models are asked, served and graded: a name in `recipes/`, or a whole
   * one. Left out: that of the first run whose model is evaluated, else the published one.
   */
  recipe: z
    .union([z.string().min(1), document], 'name a recipe, or give a whole one as an object')
    .optional(),
  /** Fields laid over the recipe, nested as it is: `{"benchmarks":{"math500":{"asking":{"topP":0.95}}}}`. */
  overrides: document.optional(),
})
export type EvaluateInput = z.infer<typeof EvaluateInput>

const shortForms =
  'run:RUN, run:RUN/base, s3://BUCKET/…/manifest.json, hub:ORG/MODEL@REVISION or endpoint:NAME/MODEL, ' +
  'each with NAME= before it where it is to be shown so'

/**
 * A model, whole or in its short form: then it is shown under the last part of its own name unless
 * another stands before, as in `mine=run:miniature`. Throws InvalidInputError listing the forms.
 */
export function readModel(model: TypedModel, field: string): EvaluatedModel {
  return typeof model === 'string' ? readShortForm(model, field) : model
}

/** How messages name a model, and its revision, by the field that it was typed in. */
export function fieldsOf(model: TypedModel, field: string): ModelFields {
  if (typeof model !== 'string') {
    return { name: `field ${field}`, revision: `field ${field}.revision` }
  }
  const typed = `field ${field}: ${model}`
  return { name: typed, revision: typed }
}

function readShortForm(text: string, field: string): EvaluatedModel {
  const [, given, where = ''] = /^(?:([^=:/]+)=)?(.*)$/s.exec(text) ?? []
  const found = read(where)
  if (found === undefined) {
    throw new InvalidInputError(`field ${field}: ${text} is no model; write ${shortForms}`)
  }
  const parsed = EvaluatedModel.safeParse({ name: given ?? shownAs(where), ...found })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new InvalidInputError(`field ${field}: ${text}: ${issue?.message}; write ${shortForms}`)
}

function read(where: string): object | undefined {
  const run = /^run:([^/]+)(?:\/(student|base))?$/.exec(where)
  if (run !== null) return { kind: 'run', run: run[1], role: run[2] ?? 'student' }
  if (where.startsWith('s3://')) return { kind: 'checkpoint', uri: where }
  const hub = /^hub:([^@]+)@(.+)$/.exec(where)
  if (hub !== null) return { kind: 'hub', model: hub[1], revision: hub[2] }
  const endpoint = /^endpoint:([^/]+)\/(.+)$/.exec(where)
  if (endpoint !== null) return { kind: 'endpoint', endpoint: endpoint[1], model: endpoint[2] }
  return undefined
}

/** The part of an address that tells models apart; what a name may not hold becomes a hyphen. */
function shownAs(where: string): string {
  const [bare = ''] = where.replace(/^[a-z]+:/, '').split('@')
  const parts = bare.replace(/\/manifest\.json$/, '').split('/')
  const last = where.startsWith('run:') ? parts.join('-') : (parts.at(-1) ?? '')
  return last.replaceAll(/[^A-Za-z0-9._-]/g, '-')
}
