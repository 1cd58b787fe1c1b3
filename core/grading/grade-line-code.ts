import { z } from 'zod'
import { isLanguage, type Language, languageNames, languages } from '../languages.ts'
import type { CodeSandbox, SandboxLimits } from '../ports/code-sandbox.ts'
import { CodeTests } from '../problem.ts'
import { Grading } from '../recipe.ts'
import { FinishReason } from '../response.ts'
import { gradeCode, gradeProgram } from './code.ts'
import type { CodeJudgement } from './code-judgement.ts'
import { isNumber, numeralOf } from './grade-line-json.ts'
import { Id, type LineKind, type LineVerdict } from './grade-line.ts'
import type { GraderProfile } from './profiles.ts'

/** Of one test case, where a line states none: those of the published recipe. */
const usualLimits: SandboxLimits = { cpuSeconds: 10, memoryMiB: 1024, outputKiB: 16_384 }

const LanguageName = z.custom<Language>((name) => typeof name === 'string' && isLanguage(name), {
  error: `must be one of ${languageNames.join(', ')}`,
  params: { reason: 'unknown-language' },
})

const { cpuSeconds, memoryMiB, outputKiB } = Grading.shape.limits.shape
const Limits = z.strictObject({
  cpuSeconds: amount(cpuSeconds),
  memoryMiB: amount(memoryMiB),
  outputKiB: amount(outputKiB),
})

const CodeLine = z
  .object({
    id: Id,
    language: LanguageName.nullish(),
    response: z.string().nullish(),
    code: z.string().nullish(),
    tests: CodeTests,
    limits: Limits.nullish(),
    finishReason: FinishReason.nullish(),
  })
  .superRefine((line, context) => {
    const contradiction = contradictionIn(line)
    if (contradiction === undefined) return
    const { path, message } = contradiction
    context.addIssue({ code: 'custom', path: [...path], message })
  })
type CodeLine = z.infer<typeof CodeLine>

/** Lines of `sky-t1 grade code`. */
export function codeLines(profile: GraderProfile, sandbox: CodeSandbox): LineKind<CodeLine> {
  return {
    schema: CodeLine,
    unjudged: { legacyOutcome: null, cases: [], profile },
    async judge(line) {
      return columnsOf(await judgeLine(line, sandbox), profile)
    },
  }
}

function judgeLine(line: CodeLine, sandbox: CodeSandbox): Promise<CodeJudgement> {
  const { code, response, tests, limits } = line
  const job = { language: line.language ?? 'python', tests, limits: limitsOf(limits) }
  if (typeof code === 'string') return gradeProgram({ ...job, code }, sandbox)
  const finishReason = line.finishReason ?? 'stop'
  return gradeCode({ ...job, response: response ?? '', finishReason }, sandbox)
}

function limitsOf(stated: CodeLine['limits']): SandboxLimits {
  return {
    cpuSeconds: stated?.cpuSeconds ?? usualLimits.cpuSeconds,
    memoryMiB: stated?.memoryMiB ?? usualLimits.memoryMiB,
    outputKiB: stated?.outputKiB ?? usualLimits.outputKiB,
  }
}

/** What of a line contradicts the rest of it. */
function contradictionIn({
  language,
  response,
  code,
  tests,
}: Pick<CodeLine, 'language' | 'response' | 'code' | 'tests'>):
  | { readonly path: readonly string[]; readonly message: string }
  | undefined {
  const { calls, title } = languages[language ?? 'python']
  if (tests.kind === 'call' && !calls) {
    return {
      path: ['tests', 'kind'],
      message: `no function is called in ${title}: give stdin tests`,
    }
  }
  const [hasResponse, hasCode] = [response, code].map((text) => typeof text === 'string')
  if (hasResponse && hasCode) {
    return { path: ['code'], message: 'must not stand beside a response: leave one out' }
  }
  if (!hasResponse && !hasCode) return { path: ['response'], message: 'is missing, and so is code' }
  return undefined
}

/** What says nothing about the program, so that no scorer could have judged it. */
const notJudged = new Set(['sandbox-failure', 'language-unavailable'])

function columnsOf(judgement: CodeJudgement, profile: GraderProfile): LineVerdict {
  const { outcome, reason, legacyOutcome, cases, message } = judgement
  const told = message === null ? {} : { message }
  const columns = { outcome, reason, ...told, legacyOutcome, cases, profile }
  const isSame = outcome === legacyOutcome || notJudged.has(reason)
  if (profile !== 'legacy' || isSame) return columns
  return { ...columns, outcome: legacyOutcome, reason: 'published-scorer' }
}

/** A number of a limit, also where it is written as `2.0`; absent and null: the usual one. */
function amount<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(asNumber, schema).optional()
}

function asNumber(value: unknown): unknown {
  return isNumber(value) ? Number(numeralOf(value)) : value
}
