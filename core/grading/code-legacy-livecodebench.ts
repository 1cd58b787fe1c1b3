import type { LegacyRuns } from './code-legacy.ts'
import { equalsExactly } from './legacy-comparison.ts'

/**
 * The scorer of LiveCodeBench (livecodebench_util.py): every failure is noted as one. What is printed
 * is compared whole, white space within it included. A main guard is run only where it is written
 * with double quotes; of functions, the one called is the first that is defined, and it must stand
 * outside of a class.
 */
export function passesLiveCodeBench({ runs, tests, code }: LegacyRuns): boolean {
  if (runs.some(({ end }) => end !== 'finished')) return false
  if (tests.kind === 'stdin') {
    const isRun = !mainGuard.test(code) || code.includes('__name__ == "__main__"')
    return tests.cases.every(
      ({ output }, index) => (isRun ? runs[index]?.output.trim() : '') === expectedText(output),
    )
  }
  if (firstFunction(code) !== tests.function) return false
  return tests.cases.every(({ expected }, index) =>
    equalsExactly(runs[index]?.output ?? '', expected),
  )
}

const mainGuard = /^if\s*\(?\s*__name__\s*==/m

/** A minus at its end is taken for a mark of the data set. */
function expectedText(output: string): string {
  const text = output.trim()
  return text.endsWith('-') ? text.slice(0, -1).trimEnd() : text
}

/** The last word before the first parenthesis, if that is the name of a function of the module. */
function firstFunction(code: string): string | undefined {
  const name = code.split('(')[0]?.trimEnd().split(/\s+/).at(-1)
  const isDefined = new RegExp(`^def\\s+${RegExp.escape(name ?? '')}\\s*\\(`, 'm').test(code)
  return isDefined ? name : undefined
}
