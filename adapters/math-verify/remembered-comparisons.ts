import type { AnswerComparison, MathGrader } from '../../core/ports/math-grader.ts'

/**
 * A grader that compares the same pair once: many samples of one problem give the same answer, some
 * of them at the same moment. What was left undecided is not kept: a time-out says nothing about
 * the pair on another day, and a text that cannot be parsed is found out fast.
 * @param capacity how many pairs are remembered; the one not asked for longest is forgotten first
 */
export function rememberComparisons(grader: MathGrader, capacity: number): MathGrader {
  // A map keeps the order of insertion, and with it the order of last use.
  const known = new Map<string, Promise<AnswerComparison>>()

  function remember(key: string, comparison: Promise<AnswerComparison>): void {
    known.delete(key)
    known.set(key, comparison)
    const [oldest] = known.keys()
    if (known.size > capacity && oldest !== undefined) known.delete(oldest)
  }

  return {
    async compare(pair) {
      const key = JSON.stringify([pair.rules ?? '', pair.reference, pair.answer])
      const comparison = known.get(key) ?? grader.compare(pair)
      remember(key, comparison)
      try {
        const found = await comparison
        if (found.outcome === 'undecided') forget(key, comparison)
        return found
      } catch (error) {
        forget(key, comparison)
        throw error
      }
    },
    close: () => grader.close(),
  }

  function forget(key: string, comparison: Promise<AnswerComparison>): void {
    if (known.get(key) === comparison) known.delete(key)
  }
}
