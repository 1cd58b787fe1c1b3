import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { architectureOf } from '../../../core/training/student.ts'
import { TrainingProfile } from '../../../core/training/training-profile.ts'

/** A training profile as it stands in `recipes/training`, and the shape of its student. */
export function profile(name: string) {
  const file = new URL(`../../../recipes/training/${name}.yaml`, import.meta.url)
  const { student, training } = TrainingProfile.parse(parse(readFileSync(file, 'utf8')))
  return { student, training, architecture: architectureOf(student) }
}
