import type { TrackedRun } from '../../../core/tracking/tracked-run.ts'

/** A training of so many steps, one second each. */
export function trackedExample(steps: number): TrackedRun {
  const startedAt = new Date('2026-01-02T03:04:05.000Z')
  return {
    id: '0123456789abcdef',
    name: 'first',
    project: 'sky-t1',
    config: { seed: 42, training: { learningRate: 1e-5, tuning: { kind: 'full' } } },
    startedAt,
    finishedAt: new Date(startedAt.getTime() + steps * 1000),
    steps: Array.from({ length: steps }, (_, at) => ({
      globalStep: at + 1,
      totalSteps: steps,
      loss: 2 / (at + 1),
      learningRate: 1e-5 * (1 - at / steps),
    })),
  }
}
