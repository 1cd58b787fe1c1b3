import { z } from 'zod'
import { digestOf } from '../digest.ts'
import { Domain, type Problem } from '../problem.ts'

/** What is asked and shown of a benchmark's problem; its tests may be megabytes, and stay apart. */
export const Question = z.strictObject({
  problemId: z.string(),
  source: z.string(),
  domain: Domain,
  category: z.string(),
  difficulty: z.number().optional(),
  prompt: z.string(),
  /** What kind of reference it is judged against. */
  judgedBy: z.enum(['answer', 'choice', 'tests']),
  /** The shard in which the whole problem stands. */
  shard: z.int().nonnegative(),
})
export type Question = z.infer<typeof Question>

/** Which problems a benchmark is: scores compare where the digests are equal, however the set is stored. */
export const ProblemSet = z.strictObject({ digest: z.string(), problems: z.int().positive() })
export type ProblemSet = z.infer<typeof ProblemSet>

/** Digest of what makes a problem the one that it is: what is asked, and what it is judged against. */
export function problemDigestOf({ id, prompt, reference }: Problem): string {
  return digestOf({ id, prompt, reference })
}

/** What is asked of a problem; undefined where no response can be judged against its reference. */
export function askedOf(problem: Problem): Omit<Question, 'shard'> | undefined {
  const { id, source, domain, category, difficulty, prompt, reference } = problem
  if (reference.kind === 'trace') return undefined
  return {
    problemId: id,
    source,
    domain,
    category,
    ...(difficulty === undefined ? {} : { difficulty }),
    prompt,
    judgedBy: reference.kind,
  }
}
