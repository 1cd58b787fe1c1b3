import { z } from 'zod'

/** The shape of a Qwen2 model, in the words of its `config.json`. */
export const Architecture = z.strictObject({
  vocabularySize: z.int().min(300).max(152_064),
  hiddenSize: z.int().positive(),
  layers: z.int().positive(),
  heads: z.int().positive(),
  keyValueHeads: z.int().positive(),
  intermediateSize: z.int().positive(),
  maxPositions: z.int().positive(),
  /** Whether the output layer is the embedding. */
  tiedEmbeddings: z.boolean(),
})
export type Architecture = z.infer<typeof Architecture>

/** Parameters of a layer's seven matrices, by input and output width. */
function matricesOf(shape: Architecture): Array<readonly [input: number, output: number]> {
  const { hiddenSize: hidden, intermediateSize: inner } = shape
  const keyValue = (hidden / shape.heads) * shape.keyValueHeads
  return [
    [hidden, hidden],
    [hidden, keyValue],
    [hidden, keyValue],
    [hidden, hidden],
    [hidden, inner],
    [hidden, inner],
    [inner, hidden],
  ]
}

/** Parameters of a layer: its matrices, the biases of query, key and value, and two norms. */
function layerParameters(shape: Architecture): number {
  const matrices = matricesOf(shape).reduce((sum, [input, output]) => sum + input * output, 0)
  const keyValue = (shape.hiddenSize / shape.heads) * shape.keyValueHeads
  return matrices + shape.hiddenSize + 2 * keyValue + 2 * shape.hiddenSize
}

/** All parameters: 32.76 billion for Qwen2.5-32B. */
export function parametersOf(shape: Architecture): number {
  const embedding = shape.vocabularySize * shape.hiddenSize
  const outer = shape.tiedEmbeddings ? embedding : 2 * embedding
  return outer + shape.layers * layerParameters(shape) + shape.hiddenSize
}

/** Parameters of low-rank adapters on every matrix of every layer. */
export function adapterParameters(shape: Architecture, rank: number): number {
  const perLayer = matricesOf(shape).reduce((sum, [input, output]) => sum + input + output, 0)
  return shape.layers * perLayer * rank
}
