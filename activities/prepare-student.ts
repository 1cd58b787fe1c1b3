import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cancellationSignal } from '@temporalio/activity'
import { z } from 'zod'
import { ModelManifest } from '../core/checkpoint.ts'
import type { AssembledShard } from '../core/dataset/assembled-shard.ts'
import { ConversationRow } from '../core/dataset/dataset-row.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { BaseModels } from '../core/ports/base-models.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { Trainer } from '../core/ports/trainer.ts'
import type { TrainingRecipe } from '../core/training/train-input.ts'
import type { ModelPart } from '../core/training/model-files.ts'
import type { Training } from '../core/training/training.ts'
import { noCost } from '../core/tally.ts'
import { parseJson, readObject, readRows, writeRows } from './artifacts.ts'
import { assembledShards, contentDigest } from './assembled-shards.ts'
import { openBaseModel } from './base-model.ts'
import { namingFullDisk } from './full-disk.ts'
import { outputOf, readManifest, sealOnce, type StageOutput, stagePrefix } from './manifests.ts'
import { filesIn, uploadModel } from './model-objects.ts'
import { readTrainingRecipe } from './open-run.ts'

/** A data set to train on. */
export type TrainingOrder = {
  readonly recipe: ObjectRef
  /** Key of the assembly. */
  readonly assembled: string
}

/** A data set, and how much of the student is needed for it: its weights are for training alone. */
export type StudentOrder = TrainingOrder & { readonly part: ModelPart }

/** The model before training, and the rows that are too long for it. */
export type PreparedStudent = {
  /** Its manifest; of an order for the tokenizer it may name no weights. */
  readonly baseModel: ObjectRef
  /** Rows longer than the cut-off, as {@link OverLengthRow}: cut, they would lose their closing tags. */
  readonly overLength: ObjectRef
  /** Tokens of every row, the rejected ones too, as {@link RowTokens}. */
  readonly tokens: ObjectRef
  /** Rows that are trained on, and their tokens. */
  readonly rows: number
  readonly trainingTokens: number
}

/** A row that is not trained on. */
export const OverLengthRow = z.strictObject({
  responseId: z.string(),
  source: z.string(),
  tokens: z.int().positive(),
})
export type OverLengthRow = z.infer<typeof OverLengthRow>

/** How long a row is, in the student's own tokens: its system prompt, its turns and what ends them. */
export const RowTokens = z.strictObject({ responseId: z.string(), tokens: z.int().positive() })
export type RowTokens = z.infer<typeof RowTokens>
export type PrepareStudentActivities = ReturnType<typeof createPrepareStudentActivities>

/** What training and serving need of a node. */
export type TrainingDeps = {
  readonly store: ObjectStore
  readonly trainer: Trainer
  readonly baseModels: BaseModels
  /** Where jobs keep their files on this node. */
  readonly workDirectory: string
}

/** Provides the model as it is before training. */
export function createPrepareStudentActivities(deps: TrainingDeps) {
  const { store } = deps
  return {
    /**
     * Stores the student as it is before training and counts every row's tokens. A student of random
     * weights is made, its tokenizer trained on the data set's text; of one that is trained already
     * the ordered part is brought, unless it stands in the store.
     */
    async prepareStudent({
      recipe: recipeRef,
      assembled,
      part,
    }: StudentOrder): Promise<PreparedStudent> {
      const recipe = await readTrainingRecipe(store, recipeRef)
      const { student, training, seed } = recipe
      const origin = await originOf(deps, recipe, part)
      const dataset = await readManifest(store, 'assemble', assembled)
      const shards = await assembledShards(store, dataset)
      const identity = {
        stage: 'train',
        inputs: [
          contentDigest(shards.map(({ train }) => train)),
          contentDigest(shards.map(({ rejected }) => rejected)),
        ],
        config: {
          student,
          seed,
          cutoffLength: training.cutoffLength,
          ...origin.version,
        },
        codeVersion: 3,
      } as const
      const { manifest } = await sealOnce(store, identity, async (key) => {
        const job = join(deps.workDirectory, 'students', key)
        await rm(job, { recursive: true, force: true })
        await mkdir(deps.workDirectory, { recursive: true })
        const output = await namingFullDisk(deps.workDirectory, async () => {
          await mkdir(job, { recursive: true })
          return prepare({ ...deps, recipe, shards, key, job, origin })
        })
        await rm(job, { recursive: true, force: true })
        return output
      })
      return {
        baseModel: outputOf(manifest, 'model'),
        overLength: outputOf(manifest, 'overLength'),
        tokens: outputOf(manifest, 'tokens'),
        rows: manifest.counts['rows'] ?? 0,
        trainingTokens: manifest.counts['training-tokens'] ?? 0,
      }
    },
  }
}

/** Where a student comes from. */
type Origin = {
  /** What decides its files, beside the recipe and the data set. */
  readonly version: Readonly<Record<string, string>>
  /** Its manifest where it stands in the store already. */
  readonly stored?: ObjectRef
  /** Lays it, or what counting needs of it, into a directory. */
  lay(directory: string, corpus: string): Promise<void>
}

async function originOf(
  deps: TrainingDeps,
  recipe: TrainingRecipe,
  part: ModelPart,
): Promise<Origin> {
  const { student, seed } = recipe
  if (student.kind === 'random-qwen2') {
    const lay = (output: string, corpus: string) =>
      deps.trainer.makeModel({ student, seed, corpus, output })
    return { version: {}, lay }
  }
  const { model, files, stored } = await openBaseModel(deps, student)
  // What stands in the store is all there: only counting is left to do.
  const laid = stored === undefined ? part : 'tokenizer'
  return {
    version: { model: model.version, part: laid },
    ...(stored === undefined ? {} : { stored }),
    lay: (directory) => model.bring(files[laid], { directory, signal: cancellationSignal() }),
  }
}

type Preparation = TrainingDeps & {
  readonly recipe: TrainingRecipe
  readonly shards: readonly AssembledShard[]
  readonly key: string
  /** A directory for its files. */
  readonly job: string
  readonly origin: Origin
}

async function prepare(preparation: Preparation): Promise<StageOutput> {
  const { store, trainer, recipe, shards, key, job, origin } = preparation
  const { training } = recipe
  const corpus = join(job, 'corpus.jsonl')
  const rejectedFile = join(job, 'rejected.jsonl')
  const refsOf = (kind: 'train' | 'rejected') => shards.map((shard) => shard[kind])
  const rows = await writeRowsForTrainer(store, refsOf('train'), { path: corpus })
  const rejectedRows = await writeRowsForTrainer(store, refsOf('rejected'), { path: rejectedFile })
  const model = join(job, 'model')
  await origin.lay(model, corpus)
  const tokens = await countTokens(trainer, { model, rows, path: corpus })
  const rejected = await countTokens(trainer, { model, rows: rejectedRows, path: rejectedFile })
  const overLength = rows.flatMap((row, at) => overCutoff(row, tokens[at], training))
  const baseModel = origin.stored ?? (await uploadStudent(store, key, model))
  const save = (name: string, content: readonly unknown[]) =>
    writeRows(store, `${stagePrefix('train', key)}/${name}.jsonl.gz`, content)
  const outputs = {
    model: baseModel,
    overLength: await save('over-length', overLength),
    tokens: await save('tokens', [...tokens, ...rejected]),
  }
  const counts = {
    'over-length': overLength.length,
    rows: rows.length - overLength.length,
    'training-tokens': tokensOf(tokens) - tokensOf(overLength),
  }
  return { outputs, counts, cost: noCost }
}

function tokensOf(rows: ReadonlyArray<{ readonly tokens: number }>): number {
  return rows.reduce((total, row) => total + row.tokens, 0)
}

async function uploadStudent(
  store: ObjectStore,
  key: string,
  directory: string,
): Promise<ObjectRef> {
  const files = await filesIn(directory)
  const { ref } = await uploadModel(store, `models/${key}`, { directory, files, globalStep: 0 })
  return ref
}

/** What identifies a row that was written for the trainer. */
export type WrittenRow = Pick<ConversationRow, 'responseId' | 'source'>

/** Where rows are written for the trainer, and which are not. */
type WrittenFile = { readonly path: string; readonly leftOut?: ReadonlySet<string> }

/**
 * Writes rows, but those left out, to one local file of JSON Lines. Only what the trainer reads: a
 * column whose type shows late in a file stops its JSON reader.
 */
export async function writeRowsForTrainer(
  store: ObjectStore,
  refs: readonly ObjectRef[],
  { path, leftOut = new Set() }: WrittenFile,
): Promise<WrittenRow[]> {
  await writeFile(path, '')
  const written: WrittenRow[] = []
  for (const ref of refs) {
    const rows = await readRows(store, ref, ConversationRow)
    const kept = rows.filter(({ responseId }) => !leftOut.has(responseId))
    const lines = kept.map(({ system, conversations }) => ({ system, conversations }))
    await writeFile(path, lines.map((row) => `${JSON.stringify(row)}\n`).join(''), { flag: 'a' })
    written.push(...kept.map(({ responseId, source }) => ({ responseId, source })))
  }
  return written
}

async function countTokens(
  trainer: Trainer,
  of: { readonly model: string; readonly path: string; readonly rows: readonly WrittenRow[] },
): Promise<RowTokens[]> {
  if (of.rows.length === 0) return []
  const counts = await trainer.countTokens({ model: of.model, dataset: of.path })
  if (counts.length !== of.rows.length) {
    throw new Error(`${counts.length} token counts came for ${of.rows.length} rows`)
  }
  return of.rows.map(({ responseId }, at) => ({ responseId, tokens: counts[at] ?? 0 }))
}

function overCutoff(
  { responseId, source }: WrittenRow,
  counted: RowTokens | undefined,
  { cutoffLength }: Training,
): OverLengthRow[] {
  const tokens = counted?.tokens ?? 0
  return tokens > cutoffLength ? [{ responseId, source, tokens }] : []
}

/** The model manifest that a reference names. */
export async function readModel(store: ObjectStore, ref: ObjectRef): Promise<ModelManifest> {
  return parseJson(await readObject(store, ref), ModelManifest, ref.uri)
}
