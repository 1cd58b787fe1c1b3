import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { createBubblewrapSandbox } from '../adapters/sandbox/bubblewrap-sandbox.ts'
import { gradeProgram } from '../core/grading/code.ts'
import { knownExceptions } from './known-programs/exceptions.ts'
import { type KnownProgram, knownSets } from './known-programs/sets.ts'

// Judges every program of the shared data whose label is known: right ones are to be accepted, wrong
// ones not. Prints how many are, and each that is not, with its cause where that is known; ends with
// status 1 where it is not.
//
//   node bench/known-programs.ts [--data FOLDER] [--set NAME] [--every N]

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(import.meta.dirname, '../../shared/data') },
    set: { type: 'string' },
    every: { type: 'string', default: '1' },
  },
})
const limits = { cpuSeconds: 10, memoryMiB: 1024, outputKiB: 16_384 }
const sandbox = createBubblewrapSandbox({
  python: process.env['SKY_T1_SANDBOX_PYTHON'] ?? 'python3',
})

const start = performance.now()
let cases = 0
for (const { name, read } of knownSets) {
  if (values.set !== undefined && values.set !== name) continue
  if (!existsSync(join(values.data, `${name}.jsonl.gz`))) {
    console.log(`${name}: not there`)
    continue
  }
  const programs = read(values.data).filter((_, at) => at % Number(values.every) === 0)
  const judged = await Promise.all(
    programs.map(async (program) => ({ program, verdict: await judge(program) })),
  )
  const count = (isRight: boolean, outcome: string) =>
    judged.filter((each) => each.program.isRight === isRight && each.verdict.outcome === outcome)
      .length
  console.log(
    `${name}: right: ${count(true, 'accepted')} accepted, ${count(true, 'wrong')} wrong, ` +
      `${count(true, 'undecided')} undecided; wrong: ${count(false, 'accepted')} accepted, ` +
      `${count(false, 'wrong')} wrong, ${count(false, 'undecided')} undecided`,
  )
  for (const { program, verdict } of judged) {
    cases += program.tests.cases.length
    if (program.isRight === (verdict.outcome === 'accepted')) continue
    const cause = knownExceptions[`${name}/${program.id}`]
    if (cause === undefined) process.exitCode = 1
    const label = program.isRight ? 'right' : 'wrong'
    console.log(
      `  ${label} ${program.id}: ${verdict.outcome}, ${verdict.reason}: ${cause ?? 'cause not known'}`,
    )
  }
}
const seconds = (performance.now() - start) / 1000
console.log(`${cases} cases in ${seconds.toFixed(0)} s: ${(cases / seconds).toFixed(0)} a second`)
await sandbox.close()

function judge({ code, tests }: KnownProgram) {
  return gradeProgram({ language: 'python', code, tests, limits }, sandbox)
}
