import { z } from 'zod'
import { Student } from './student.ts'
import { Training } from './training.ts'

const document = z.record(z.string(), z.unknown())

/** Input of the `train` workflow, as a user types it. */
export const TrainInput = z.strictObject({
  /** Name of a profile in `recipes/training`, or a whole profile: who learns, and how. */
  profile: z.union(
    [z.string().min(1), document],
    'name a profile as a string, or give a whole profile as an object',
  ),
  /** Where a release stands: `s3://BUCKET/PREFIX`, in the store of this deployment. */
  dataset: z
    .string('name the data set: s3://BUCKET/PREFIX of a release')
    .regex(/^s3:\/\/[^/]+\/.+$/, 'no s3://BUCKET/PREFIX; name the prefix of a release'),
  /** Fields laid over the profile, nested as it is: `{"training":{"epochs":1}}`. */
  overrides: document.optional(),
  /** Of the order of rows and of random weights; left out: 42, the trainer's own. */
  seed: z.int().nonnegative().default(42),
})
export type TrainInput = z.infer<typeof TrainInput>

/** Of a recipe, what a training needs; the document of a training by itself holds no more. */
export const TrainingRecipe = z.object({
  /** What a tracker shows the training as: the run's, or the profile's. */
  name: z.string().default('sky-t1'),
  seed: z.int(),
  student: Student,
  training: Training,
})
export type TrainingRecipe = z.infer<typeof TrainingRecipe>
