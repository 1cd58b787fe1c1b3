import { z } from 'zod'
import { OutputChecker, ValueChecker } from './checker.ts'
import { digestOf } from './digest.ts'
import { ExactJson } from './exact-json.ts'

/** What a problem is about; mixtures are by domain. */
export const Domain = z.enum(['math', 'code', 'science', 'puzzle'])
export type Domain = z.infer<typeof Domain>

/**
 * The scorer by which the published pipeline judged a source; where a source names none, the one of
 * TACO stands for it.
 */
const PublishedScorer = z.enum(['apps', 'taco', 'livecodebench'])
export type PublishedScorer = z.infer<typeof PublishedScorer>

/** Unit tests of a programming problem: whole programs on standard input, or calls of one function. */
export const CodeTests = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('stdin'),
    cases: z.array(z.strictObject({ input: z.string(), output: z.string() })).min(1),
    checker: OutputChecker.optional(),
    scorer: PublishedScorer.optional(),
  }),
  z.strictObject({
    kind: z.literal('call'),
    /** The function, or the method of `class Solution`. */
    function: z.string().min(1),
    cases: z.array(z.strictObject({ arguments: z.array(ExactJson), expected: ExactJson })).min(1),
    checker: ValueChecker.optional(),
    scorer: PublishedScorer.optional(),
    /** With which a solution begins: its annotations say which arguments are `ListNode`, `TreeNode`. */
    starterCode: z.string().optional(),
    /** The argument that is compared after the call, where the function changes it and returns nothing. */
    changedArgument: z.int().nonnegative().optional(),
  }),
])
export type CodeTests = z.infer<typeof CodeTests>

/** What a response is judged against. */
export const Reference = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), answer: z.string().min(1) }),
  z.strictObject({ kind: z.literal('choice'), letter: z.string().regex(/^[A-Z]$/) }),
  z.strictObject({ kind: z.literal('tests'), tests: CodeTests }),
  /**
   * The source's own response in the trace format, kept as it is: neither sampled nor graded. No
   * response can be judged against it.
   */
  z.strictObject({
    kind: z.literal('trace'),
    trace: z.string().min(1),
    /** Who wrote it, as far as the source says. */
    model: z.string().min(1),
  }),
])
export type Reference = z.infer<typeof Reference>

/** A question with its reference. `id` is a digest of source and prompt: never a position, never the text. */
export const Problem = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  source: z.string().min(1),
  revision: z.string().min(1),
  domain: Domain,
  category: z.string().min(1),
  /** AoPS scale, 1 (easiest) to 10; of MATH500 its own level, 1 to 5. */
  difficulty: z.number().min(1).max(10).optional(),
  prompt: z.string().min(1),
  reference: Reference,
  /** Where the row stood in its source. */
  origin: z.strictObject({ split: z.enum(['train', 'held-out']), row: z.int().nonnegative() }),
})
export type Problem = z.infer<typeof Problem>

/** The stable id of a problem: 128 bits of the digest of its source and prompt. */
export function problemId(source: string, prompt: string): string {
  return digestOf({ source, prompt }).slice(0, 32)
}

/** Digest of a prompt, white space and case aside: equal for the same question in two sources. */
export function promptDigest(prompt: string): string {
  return digestOf(prompt.replaceAll(/\s+/g, ' ').trim().toLowerCase())
}
