import { z } from 'zod'
import { Architecture } from './architecture.ts'

const shape = Architecture.omit({ tiedEmbeddings: true }).shape

/** A small Qwen2 of random weights, its tokenizer trained on the data set's text. */
const RandomStudent = z.strictObject({ kind: z.literal('random-qwen2'), ...shape })

/** A model that is there: of the Hugging Face Hub, in a directory of the node, or in the object store. */
const PretrainedStudent = z
  .strictObject({
    kind: z.literal('pretrained'),
    /** `org/name`, `/absolute/path`, or `s3://bucket/prefix`. */
    model: z.string().regex(/^(?:\/.+|s3:\/\/[^/]+\/.+|[\w.-]+\/[\w.-]+)$/, {
      message: 'name org/name, /absolute/path or s3://bucket/prefix',
    }),
    /** A commit of the Hub's; or a branch or tag (null: `main`), of which the door looks up the commit. */
    revision: z.string().min(1).nullable(),
    architecture: Architecture,
  })
  .refine(({ model, revision }) => revision === null || placeOf(model) === 'hub', {
    path: ['revision'],
    message: 'only a model of the Hub has revisions; set null',
  })

/** The model before training. */
export const Student = z.discriminatedUnion('kind', [RandomStudent, PretrainedStudent])
export type Student = z.infer<typeof Student>
export type RandomStudent = z.infer<typeof RandomStudent>
export type PretrainedStudent = z.infer<typeof PretrainedStudent>

/** The shape of a student; a random one's output layer is its embedding. */
export function architectureOf(student: Student): Architecture {
  if (student.kind === 'pretrained') return student.architecture
  const { kind: _, ...sizes } = student
  return { ...sizes, tiedEmbeddings: true }
}

/** Where a pretrained student is, by its name. */
export function placeOf(model: string): 'hub' | 'directory' | 'store' {
  if (model.startsWith('/')) return 'directory'
  return model.startsWith('s3://') ? 'store' : 'hub'
}
