import { z } from 'zod'
import { InvalidInputError } from '../invalid-input.ts'
import type { BaseModel } from '../ports/base-models.ts'
import { Architecture } from './architecture.ts'
import type { PretrainedStudent } from './student.ts'

/** How much of a model: `tokenizer` is all but the weights, which are nearly all of its bytes. */
export type ModelPart = 'whole' | 'tokenizer'

/** The names of a model's files by the part that they make up. */
export type ModelFiles = Readonly<Record<ModelPart, readonly string[]>>

const configFile = 'config.json'
const indexFile = 'model.safetensors.index.json'
const singleFile = 'model.safetensors'

/** What a model is loaded and its tokens are counted with; a tokenizer has these or some of them. */
const needed = [configFile, 'tokenizer_config.json', 'tokenizer.json']
const optional = [
  'added_tokens.json',
  'chat_template.jinja',
  'chat_template.json',
  'generation_config.json',
  'merges.txt',
  'special_tokens_map.json',
  'tokenizer.model',
  'vocab.json',
]

/** How a file begins that stands for one which Git LFS keeps elsewhere, and how large it is at most. */
const pointerStart = 'version https://git-lfs.github.com/spec/'
const pointerBytes = 1024

/** What transformers writes of a Qwen2 model's shape; it adds fields. */
const ModelConfig = z.object({
  model_type: z.literal('qwen2'),
  vocab_size: z.int(),
  hidden_size: z.int(),
  num_hidden_layers: z.int(),
  num_attention_heads: z.int(),
  num_key_value_heads: z.int(),
  intermediate_size: z.int(),
  max_position_embeddings: z.int(),
  tie_word_embeddings: z.boolean(),
})

/** Names the file of every weight. */
const WeightIndex = z.object({ weight_map: z.record(z.string(), z.string()) })

/** What is looked at of a model. */
type Opened = Pick<BaseModel, 'files' | 'read' | 'unverifiedBytes'>

/**
 * The files that a student is made of, of all that its model has. Throws InvalidInputError naming
 * what is missing or only pointed at, or the field in which the profile states another shape.
 */
export async function modelFiles(
  { model, architecture }: PretrainedStudent,
  found: Opened,
): Promise<ModelFiles> {
  const has = new Set(found.files)
  const missing = needed.find((name) => !has.has(name))
  if (missing !== undefined) throw notWhole(model, `it has no ${missing}`)
  const weights = has.has(indexFile)
    ? await sharded(model, found)
    : has.has(singleFile)
      ? [singleFile]
      : undefined
  if (weights === undefined) {
    throw notWhole(model, `it has no weights (${singleFile}, or ${indexFile} and its shards)`)
  }
  const config = await readJson(model, found, { name: configFile, schema: ModelConfig })
  checkShape(model, shapeOf(config), architecture)
  const tokenizer = [...needed, ...optional].filter((name) => has.has(name))
  for (const name of [...tokenizer, ...weights]) await checkThere(model, found, name)
  return { tokenizer, whole: [...tokenizer, ...weights] }
}

/** A clone that was made without Git LFS looks whole: each large file is a few lines that name it. */
async function checkThere(model: string, found: Opened, name: string): Promise<void> {
  const bytes = found.unverifiedBytes(name) ?? Infinity
  if (bytes < pointerBytes) refusePointer(model, name, await found.read(name))
}

function refusePointer(model: string, name: string, text: string): void {
  if (!text.startsWith(pointerStart)) return
  const fault = `its ${name} is a pointer of Git LFS, not the file itself`
  throw refusedModel(model, fault, 'run `git lfs pull` where it was cloned')
}

/** The index and all that it names. */
async function sharded(
  model: string,
  found: Pick<BaseModel, 'files' | 'read'>,
): Promise<readonly string[]> {
  const { weight_map: map } = await readJson(model, found, { name: indexFile, schema: WeightIndex })
  const shards = [...new Set(Object.values(map))].toSorted()
  const missing = shards.find((name) => !found.files.includes(name))
  if (missing !== undefined) {
    throw notWhole(model, `its ${indexFile} names ${missing}, which is not there`)
  }
  return [indexFile, ...shards]
}

async function readJson<Schema extends z.ZodType>(
  model: string,
  { read }: Pick<BaseModel, 'read'>,
  { name, schema }: { readonly name: string; readonly schema: Schema },
): Promise<z.infer<Schema>> {
  const text = await read(name)
  refusePointer(model, name, text)
  const parsed = schema.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  const at = parsed.error.issues[0]?.path.join('.') ?? ''
  const fault = `its ${name} is none of a Qwen2 model${at === '' ? '' : ` (${at})`}`
  throw refusedModel(model, fault, 'name another model')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no schema takes it
  }
}

function checkShape(model: string, is: Architecture, stated: Architecture): void {
  const field = Architecture.keyof().options.find((name) => is[name] !== stated[name])
  if (field === undefined) return
  throw new InvalidInputError(
    `field student.architecture.${field}: ${model} has ${is[field]}, the recipe says ` +
      `${stated[field]}; make it ${is[field]}, or name another student.model`,
  )
}

function shapeOf(config: z.infer<typeof ModelConfig>): Architecture {
  return {
    vocabularySize: config.vocab_size,
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    keyValueHeads: config.num_key_value_heads,
    intermediateSize: config.intermediate_size,
    maxPositions: config.max_position_embeddings,
    tiedEmbeddings: config.tie_word_embeddings,
  }
}

function notWhole(model: string, fault: string): InvalidInputError {
  return refusedModel(model, fault, 'name a whole model')
}

/** A base model that cannot be used, in one line with the mend. */
export function refusedModel(model: string, fault: string, mend: string): InvalidInputError {
  return new InvalidInputError(`field student.model: ${model}: ${fault}; ${mend}`)
}
