import process from 'node:process'
import type { JudgedLine } from '../core/grading/grade-line.ts'
import { count } from '../core/report/figures.ts'
import { createScreen } from './screen.ts'

/** What is told of a grading while it goes on. */
export type GradeProgress = {
  add(judged: JudgedLine): void
  /** Throws GraderFaultError where lines are without a verdict for no fault of theirs. */
  throwFault(): void
  /** Leaves the last figures standing. */
  end(): void
}

/** A grader failed on some lines, which are undecided; it is its fault, not theirs. */
export class GraderFaultError extends Error {
  override readonly name = 'GraderFaultError'
}

const everyMs = 1000

/**
 * Figures on standard error, as they grow. Where the verdicts themselves go to the terminal, only
 * the last figures are told: redrawn lines would stand among the verdicts.
 */
export function createGradeProgress({ quiet }: { readonly quiet: boolean }): GradeProgress {
  const tally = { accepted: 0, wrong: 0, undecided: 0 }
  const faults = { lines: 0, first: '' }
  const screen = createScreen()
  const startedAt = performance.now()
  function show(): void {
    const lines = tally.accepted + tally.wrong + tally.undecided
    if (lines > 0) screen.show([figures(lines, tally, performance.now() - startedAt)])
  }
  const isSilent = quiet || process.stdout.isTTY
  const timer = isSilent ? undefined : setInterval(show, everyMs)
  return {
    add({ outcome, reason, message }) {
      tally[outcome] += 1
      if (reason !== 'grader-error') return
      faults.lines += 1
      faults.first ||= String(message)
    },
    throwFault() {
      const { lines, first } = faults
      if (lines === 0) return
      throw new GraderFaultError(
        `the grader failed on ${count(lines)} lines (grader-error: ${first}); report it with such a line`,
      )
    },
    end() {
      clearInterval(timer)
      if (quiet) return
      show()
      screen.end()
    },
  }
}

function figures(
  lines: number,
  { accepted, wrong, undecided }: Readonly<Record<JudgedLine['outcome'], number>>,
  elapsedMs: number,
): string {
  const rate = Math.round(lines / Math.max(elapsedMs / 1000, 0.001))
  return [
    `${count(lines)} lines`,
    `${count(accepted)} accepted`,
    `${count(wrong)} wrong`,
    `${count(undecided)} undecided`,
    `${count(rate)} a second`,
  ].join(' · ')
}
