import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { caseOutcomes } from '../../../core/grading/code-judgement.ts'
import type { CodeSandbox, SandboxJob, SandboxReport } from '../../../core/ports/code-sandbox.ts'
import type { CodeTests } from '../../../core/problem.ts'
import { type HostileProgram, harmlessFolder } from './corpus.ts'
import { digestOf, type Outside, openOutside, randomHex } from './outside.ts'
import { takeTraces } from './traces.ts'

/** What became of one hostile program. */
export type Trial = {
  readonly kind: string
  readonly name: string
  readonly tries: string
  /** What was not contained, in words; nothing where all was. */
  readonly seen: readonly string[]
}

type Run = CodeSandbox['run']

/** Small, so that a sandbox that contains nothing does the host no harm. */
const memoryMiB = 96
const outputKiB = 64
/** Far longer than any program may take, also where all of them are run at once. */
const patienceMs = 300_000
/** Of what a program says that it reached, so much is told. */
const mostTold = 5

const programs = {
  neighbour: readFileSync(join(harmlessFolder, 'neighbour.py'), 'utf8'),
  successor: readFileSync(join(harmlessFolder, 'successor.py'), 'utf8'),
}

/**
 * Runs one hostile program in a sandbox, a harmless one beside it and another after it, and says
 * what was not contained: what reached the outside, what it said that it could do, a verdict that
 * is not the right one, harm to the others.
 */
export async function tryHostile(program: HostileProgram, run: Run): Promise<Trial> {
  const outside = await openOutside()
  try {
    const { kind, name, tries } = program
    const seen = await Promise.race([attack(program, run, outside), noEnd()])
    const { marker } = outside.description
    return { kind, name, tries, seen: [...(await outside.seen()), ...takeTraces(marker), ...seen] }
  } finally {
    await outside.close()
  }
}

async function noEnd(): Promise<string[]> {
  await sleep(patienceMs, undefined, { ref: false })
  return [`no verdict within ${patienceMs / 60_000} minutes`]
}

async function attack(program: HostileProgram, run: Run, outside: Outside): Promise<string[]> {
  const { marker } = outside.description
  const secret = { what: 'what another program holds', text: randomHex() }
  const job = jobOf(program, outside)
  const holds = { marker, secret: secret.text, holdsSeconds: program.neighbourSeconds }
  const neighbour = harmless(programs.neighbour, holds, run)
  neighbour.catch(() => {}) // It is awaited below, if the program itself could be run.
  const report = await run(job)
  const successor = await harmless(programs.successor, {}, run)
  const secrets = [...outside.secrets, secret]
  return [
    ...said(report, secrets),
    ...misjudged(program, report, job.tests),
    ...(await neighbour).map((how) => `the program beside it ${how}`),
    ...successor.map((how) => `the program after it ${how}`),
  ]
}

function jobOf(program: HostileProgram, { description }: Outside): SandboxJob {
  const { style, language, cpuSeconds } = program
  const code = program.code.replaceAll('@canary@', description.canary)
  const isTold = program.expects.includes('accepted')
  const told = Array.from({ length: program.cases }, (_, index) => {
    const answer = randomHex()
    const shown = isTold ? { token: answer } : { answerDigest: digestOf(answer) }
    return { answer, outside: { ...description, ...shown, case: index + 1 } }
  })
  const tests: CodeTests =
    style === 'stdin'
      ? stdinTests(told.map((one) => ({ input: JSON.stringify(one.outside), output: one.answer })))
      : {
          kind: 'call',
          function: 'attack',
          cases: told.map((one) => ({ arguments: [one.outside], expected: one.answer })),
        }
  return { language, code, tests, limits: { cpuSeconds, memoryMiB, outputKiB } }
}

function stdinTests(cases: Array<{ input: string; output: string }>): CodeTests {
  return { kind: 'stdin', cases }
}

/** How a harmless program fared, where it was harmed. */
async function harmless(code: string, told: object, run: Run): Promise<string[]> {
  const token = randomHex()
  const tests = stdinTests([{ input: JSON.stringify({ ...told, token }), output: token }])
  const limits = { cpuSeconds: 5, memoryMiB, outputKiB }
  const report = await run({ language: 'python', code, tests, limits })
  if (report.kind !== 'ran') return [`did not run: ${report.message}`]
  const [outcome = 'not-run'] = caseOutcomes(report, tests)
  const [only] = report.cases
  return outcome === 'accepted'
    ? []
    : [`came to ${outcome}: ${only?.output.slice(0, 100)} ${only?.error.slice(-200)}`.trim()]
}

/** What a program let out: secrets, and what it says itself that it could do. */
function said(report: SandboxReport, secrets: Outside['secrets']): string[] {
  const texts =
    report.kind === 'ran'
      ? report.cases.flatMap(({ output, error }) => [output, error])
      : [report.message]
  const all = texts.join('\n')
  const leaks = [...all.matchAll(/^leak: (.+)$/gm)].flatMap(([, what]) => what ?? [])
  return [
    ...secrets.filter(({ text }) => all.includes(text)).map(({ what }) => `it knows ${what}`),
    ...new Set(leaks),
  ].slice(0, mostTold)
}

function misjudged(program: HostileProgram, report: SandboxReport, tests: CodeTests): string[] {
  const { expects } = program
  // Where there is no compiler, nothing that it would do is done.
  if (report.kind === 'language-unavailable') return []
  if (report.kind !== 'ran') {
    const isRight = report.kind === 'compile-error' && expects.includes('compile-error')
    return isRight ? [] : [`it did not run (${report.kind}: ${report.message})`]
  }
  const outcomes = caseOutcomes(report, tests)
  if (outcomes.length !== tests.cases.length) return [`${outcomes.length} verdicts on its cases`]
  const isRight = (outcome: string) => expects.some((expected) => expected === outcome)
  const wrong = outcomes.findIndex(
    (outcome, at) => !(isRight(outcome) || (at > 0 && outcome === 'not-run')),
  )
  if (wrong === -1) return []
  const error = report.cases[wrong]?.error.trim().split('\n').at(-1) ?? ''
  return [
    `case ${wrong + 1} came to ${outcomes[wrong]}, not ${expects.join(' or ')} ${error}`.trim(),
  ]
}
