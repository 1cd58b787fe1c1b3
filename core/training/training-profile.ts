import { z } from 'zod'
import { Student } from './student.ts'
import { Training } from './training.ts'

/** A training profile, as a file of `recipes/training` holds it: who learns, and how. */
export const TrainingProfile = z.strictObject({ student: Student, training: Training })
export type TrainingProfile = z.infer<typeof TrainingProfile>
