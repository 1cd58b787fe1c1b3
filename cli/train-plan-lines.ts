import { expectedRows } from '../core/training/expected-figures.ts'
import type { PlannedTraining } from '../core/training/planned-training.ts'
import type { Training } from '../core/training/training.ts'

/** A plan as a person reads it: the files that the trainer reads, its command, and what is expected. */
export function trainPlanLines(
  plan: PlannedTraining,
  files: { readonly config: string; readonly deepspeed: string | null },
  cluster: Training['cluster'],
): string[] {
  const sharding =
    files.deepspeed === null ? [] : section('deepspeed.json', files.deepspeed.trimEnd())
  const last = cluster.nodes - 1
  const where =
    last === 0 ? '' : `, on every node with its own --node-rank, 0 to ${last}; FIRST-NODE has 0`
  return [
    ...section('training.yaml', files.config.trimEnd()),
    ...sharding,
    ...section(`launch${where}`, plan.launch.join(' ')),
    `expected of ${plan.profile}`,
    ...expectedRows(plan, cluster).map(([name, figure]) => `  ${name.padEnd(11)} ${figure}`),
  ]
}

function section(title: string, text: string): string[] {
  return [title, ...text.split('\n').map((line) => `  ${line}`), '']
}
