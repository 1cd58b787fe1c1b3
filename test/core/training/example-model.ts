import type { Architecture } from '../../../core/training/architecture.ts'
import type { PretrainedStudent } from '../../../core/training/student.ts'

/** The shape of the example model. */
export const exampleArchitecture: Architecture = {
  vocabularySize: 300,
  hiddenSize: 8,
  layers: 1,
  heads: 2,
  keyValueHeads: 1,
  intermediateSize: 16,
  maxPositions: 128,
  tiedEmbeddings: true,
}

/** A student that is the example model, found under this name. */
export function pretrained(
  model: string,
  changes: Partial<PretrainedStudent> = {},
): PretrainedStudent {
  const architecture = exampleArchitecture
  return { kind: 'pretrained', model, revision: null, architecture, ...changes }
}

/** The `config.json` of the example model. */
export const exampleConfig = {
  model_type: 'qwen2',
  vocab_size: 300,
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  intermediate_size: 16,
  max_position_embeddings: 128,
  tie_word_embeddings: true,
}

/** Names the shard of every weight. */
export const index = 'model.safetensors.index.json'

/** The files of the example model in two shards, and others that a repository has beside them. */
export const exampleFiles: Readonly<Record<string, string>> = {
  'README.md': '# A model',
  'config.json': JSON.stringify(exampleConfig),
  'generation_config.json': '{"eos_token_id":0}',
  'tokenizer.json': '{}',
  'tokenizer_config.json': '{"chat_template":""}',
  'merges.txt': '',
  [index]: JSON.stringify({
    weight_map: {
      'model.embed_tokens.weight': 'model-00001-of-00002.safetensors',
      'model.norm.weight': 'model-00002-of-00002.safetensors',
    },
  }),
  'model-00001-of-00002.safetensors': weights('model.embed_tokens.weight'),
  'model-00002-of-00002.safetensors': weights('model.norm.weight'),
  'pytorch_model.bin': 'weights in another format',
}

/** What counting needs of the example model, in order. */
export const tokenizerFiles = [
  'config.json',
  'generation_config.json',
  'merges.txt',
  'tokenizer.json',
  'tokenizer_config.json',
]

/** All that is used of the example model, in order. */
export const wholeFiles = [
  ...tokenizerFiles,
  index,
  'model-00001-of-00002.safetensors',
  'model-00002-of-00002.safetensors',
].toSorted()

/** The example model but for some files; undefined leaves one out. */
export function filesBut(
  changes: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const files = Object.entries({ ...exampleFiles, ...changes })
  return Object.fromEntries(
    files.flatMap(([name, content]) => (content === undefined ? [] : [[name, content]])),
  )
}

/** A safetensors file of one weight: the length of its header, the header, the bytes. */
function weights(name: string): string {
  const header = JSON.stringify({ [name]: { dtype: 'U8', shape: [4], data_offsets: [0, 4] } })
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return `${length.toString('latin1')}${header}abcd`
}
