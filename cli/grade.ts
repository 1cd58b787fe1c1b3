import { parseArgs } from 'node:util'
import { choiceLines } from '../core/grading/grade-line-choice.ts'
import { codeLines } from '../core/grading/grade-line-code.ts'
import { mathLines } from '../core/grading/grade-line-math.ts'
import { GraderProfile } from '../core/grading/profiles.ts'
import { type Command, UsageError } from './command.ts'
import { openMathGrader, openSandbox, pythonOf } from './grade-graders.ts'
import { gradeHelp } from './grade-help.ts'
import { type NamedJudge, openAnswerJudge, parseJudge } from './grade-judge.ts'
import { judgeOf, type OpenJudge, runGrading } from './grade-run.ts'

const options = '[--profile P] [--input FILE] [--output FILE] [--quiet]'
/** math-verify judges mathematics alone. */
const otherProfiles = GraderProfile.exclude(['math-verify']).options

/** By what rules, and by whom, lines are judged. */
type Asked = {
  readonly profile: GraderProfile
  readonly judge: NamedJudge | undefined
  readonly quiet: boolean
}

type KindOfLine = {
  readonly name: 'math' | 'code' | 'choice'
  readonly profiles: readonly GraderProfile[]
  /** Finds what is needed; gives what opens it. */
  prepare(asked: Asked): Promise<() => OpenJudge>
}

const math = gradeCommand({
  name: 'math',
  profiles: GraderProfile.options,
  async prepare({ profile, judge: named }) {
    const asked = named === undefined ? undefined : openAnswerJudge(named)
    const python = await pythonOf('grader')
    return () => {
      const { grader, ready, close } = openMathGrader(python)
      return {
        judge: judgeOf(mathLines(profile, grader, asked?.judge)),
        ready: async () => void (await Promise.all([ready(), asked?.ready()])),
        close: async () => void (await Promise.all([close(), asked?.close()])),
      }
    }
  },
})

const code = gradeCommand({
  name: 'code',
  profiles: otherProfiles,
  async prepare({ profile, quiet }) {
    const python = await pythonOf('sandbox')
    const tell = (line: string): void => void (quiet || console.error(line))
    return () => {
      const { sandbox, ready, close } = openSandbox(python, tell)
      return { judge: judgeOf(codeLines(profile, sandbox)), ready, close }
    }
  },
})

const choice = gradeCommand({
  name: 'choice',
  profiles: otherProfiles,
  async prepare({ profile }) {
    return () => ({ judge: judgeOf(choiceLines(profile)), ready: nothing, close: nothing })
  },
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

function gradeCommand(kind: KindOfLine): Command {
  const { name } = kind
  return {
    usage: `grade ${name} ${name === 'math' ? `${options} [--judge ENDPOINT/MODEL]` : options}`,
    purpose: gradeHelp.purposes[name],
    details: gradeHelp[name],
    async run(args) {
      const { values, positionals } = parseArgs({
        args: [...args],
        allowPositionals: true,
        options: {
          profile: { type: 'string', default: 'strict' },
          judge: { type: 'string' },
          input: { type: 'string' },
          output: { type: 'string' },
          quiet: { type: 'boolean', default: false },
        },
      })
      const [file] = positionals
      if (file !== undefined) throw new UsageError(`name a file to judge with --input ${file}`)
      return runGrading({ ...values, open: await kind.prepare(askedOf(kind, values)) })
    },
  }
}

function askedOf(
  { name, profiles }: KindOfLine,
  typed: { readonly profile: string; readonly judge?: string | undefined; readonly quiet: boolean },
): Asked {
  const profile = profiles.find((each) => each === typed.profile)
  if (profile === undefined) {
    throw new UsageError(`--profile ${typed.profile}: choose one of ${profiles.join(', ')}`)
  }
  const judge = typed.judge === undefined ? undefined : parseJudge(typed.judge)
  if (judge !== undefined && (name !== 'math' || profile !== 'strict')) {
    throw new UsageError('--judge is for `grade math` by the profile strict: leave it out')
  }
  return { profile, judge, quiet: typed.quiet }
}
