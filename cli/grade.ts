import { parseArgs } from 'node:util'
import { choiceLines } from '../core/grading/grade-line-choice.ts'
import { codeLines } from '../core/grading/grade-line-code.ts'
import { mathLines } from '../core/grading/grade-line-math.ts'
import { GraderProfile } from '../core/grading/profiles.ts'
import { type Command, UsageError } from './command.ts'
import { openMathGrader, openSandbox, pythonOf } from './grade-graders.ts'
import { gradeHelp } from './grade-help.ts'
import { judgeOf, type OpenJudge, runGrading } from './grade-run.ts'

const options = '[--profile P] [--input FILE] [--output FILE] [--quiet]'
/** math-verify judges mathematics alone. */
const profilesOfOthers = GraderProfile.exclude(['math-verify'])

const math = gradeCommand('math', GraderProfile.options, async (profile) => {
  const python = await pythonOf('grader')
  return () => {
    const { grader, ready, close } = openMathGrader(python)
    return { judge: judgeOf(mathLines(profile, grader)), ready, close }
  }
})

const code = gradeCommand('code', profilesOfOthers.options, async (profile) => {
  const python = await pythonOf('sandbox')
  return () => {
    const { sandbox, ready, close } = openSandbox(python)
    return { judge: judgeOf(codeLines(profile, sandbox)), ready, close }
  }
})

const choice = gradeCommand('choice', profilesOfOthers.options, async (profile) => () => {
  return { judge: judgeOf(choiceLines(profile)), ready: nothing, close: nothing }
})

/** `sky-t1 grade math | code | choice`: the graders alone, JSON Lines in and out, without a stack. */
export const grade: Command = {
  usage: `grade math | code | choice ${options}`,
  purpose: 'judge JSON Lines of answers or programs, in their order; no stack is needed',
  details: gradeHelp.all,
  commands: new Map(Object.entries({ math, code, choice })),
  run([kind]) {
    const what = kind === undefined ? 'name what is graded' : `nothing grades ${kind}`
    throw new UsageError(`${what}: math, code or choice, as in \`sky-t1 grade math\``)
  },
}

function nothing(): Promise<void> {
  return Promise.resolve()
}

/** A command that judges lines of a kind. `prepare` finds what is needed, and gives what opens it. */
function gradeCommand(
  kind: 'math' | 'code' | 'choice',
  profiles: readonly GraderProfile[],
  prepare: (profile: GraderProfile) => Promise<() => OpenJudge>,
): Command {
  return {
    usage: `grade ${kind} ${options}`,
    purpose: gradeHelp.purposes[kind],
    details: gradeHelp[kind],
    async run(args) {
      const { values, positionals } = parseArgs({
        args: [...args],
        allowPositionals: true,
        options: {
          profile: { type: 'string', default: 'strict' },
          input: { type: 'string' },
          output: { type: 'string' },
          quiet: { type: 'boolean', default: false },
        },
      })
      const [file] = positionals
      if (file !== undefined) throw new UsageError(`name a file to judge with --input ${file}`)
      const profile = profiles.find((each) => each === values.profile)
      if (profile === undefined) {
        throw new UsageError(`--profile ${values.profile}: choose one of ${profiles.join(', ')}`)
      }
      return runGrading({ ...values, open: await prepare(profile) })
    },
  }
}
