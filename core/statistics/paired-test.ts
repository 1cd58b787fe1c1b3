import { exactMcNemar } from './mcnemar.ts'
import { pairedDifferences, type PairedProblem } from './paired-outcomes.ts'
import type { PairedPValues } from './paired-p-values.ts'
import { signFlipTest } from './sign-flip.ts'

/** The exact McNemar test where every problem has one sample on either side, else sign flips by problem. */
export function testPaired(problems: readonly PairedProblem[], seed: number): PairedPValues {
  const single = problems.every(({ before, after }) => before.length === 1 && after.length === 1)
  if (!single) return signFlipTest(pairedDifferences(problems), seed)
  const lost = problems.filter(({ before, after }) => before[0] && !after[0]).length
  const won = problems.filter(({ before, after }) => !before[0] && after[0]).length
  return exactMcNemar({ lost, won })
}
