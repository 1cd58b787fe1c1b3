import type { CaseRun, SandboxReport } from '../ports/code-sandbox.ts'
import type { CodeTests, PublishedScorer } from '../problem.ts'
import type { Verdict } from '../verdict.ts'
import { passesApps } from './code-legacy-apps.ts'
import { passesLiveCodeBench } from './code-legacy-livecodebench.ts'
import { passesTaco } from './code-legacy-taco.ts'

/** A program's cases as they ran, with what a published scorer looks at besides. */
export type LegacyRuns = {
  readonly runs: readonly CaseRun[]
  readonly tests: CodeTests
  readonly code: string
}

type Scorer = {
  /** What it says of a program that does not compile. */
  readonly compileError: Verdict['legacyOutcome']
  readonly passes: (runs: LegacyRuns) => boolean
}

const scorers: Readonly<Record<PublishedScorer, Scorer>> = {
  apps: { compileError: 'accepted', passes: passesApps },
  taco: { compileError: 'accepted', passes: passesTaco },
  livecodebench: { compileError: 'wrong', passes: passesLiveCodeBench },
}

/**
 * What the published pipeline would have said of the same executions: the scorer of SkyThought
 * (skythought/tools/tasks at ee8d0f4) for the source that the tests come from. Known limits of all
 * three: CPU time stands for their wall time; what our memory and output limits ended counts as
 * wrong, for they had no such limits; a tuple within a tuple or list counts as a list.
 */
export function legacyCodeOutcome(
  report: SandboxReport,
  tests: CodeTests,
  code: string,
): Verdict['legacyOutcome'] {
  const scorer = scorers[tests.scorer ?? 'taco']
  if (report.kind === 'compile-error') return scorer.compileError
  if (report.kind !== 'ran') return 'wrong'
  return scorer.passes({ runs: report.cases, tests, code }) ? 'accepted' : 'wrong'
}
