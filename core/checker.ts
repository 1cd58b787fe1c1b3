import { z } from 'zod'

const tolerance = {
  kind: z.literal('tolerance'),
  /** A number is right within either of the two. */
  absolute: z.number().nonnegative(),
  relative: z.number().nonnegative(),
}

/**
 * A Python program that judges each case in a sandbox entry of its own. It reads one JSON object on
 * standard input, `{input, expected, output}` or `{arguments, expected, returned}`, and prints
 * `accepted` or `wrong`; whatever else it does decides nothing.
 */
const program = z.strictObject({ kind: z.literal('program'), code: z.string().min(1) })

/**
 * Several outputs are right, and nothing here tells which: the expected one is accepted, and any
 * other decides nothing (`suspect-tests`).
 */
const none = z.strictObject({ kind: z.literal('none') })

/** How what a program prints is compared; token by token where tests declare nothing. */
export const OutputChecker = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tokens') }),
  /** White space counts, too; only the end of the last line may be missing. */
  z.strictObject({ kind: z.literal('exact') }),
  /** Token by token, numbers by value. */
  z.strictObject(tolerance),
  /** Lines in any order; token by token within a line. */
  z.strictObject({ kind: z.literal('unordered-lines') }),
  program,
  none,
])
export type OutputChecker = z.infer<typeof OutputChecker>

/** How what a function returns is compared; as Python's `==` where tests declare nothing. */
export const ValueChecker = z.discriminatedUnion('kind', [
  /** Fractions, too, to the last bit. */
  z.strictObject({ kind: z.literal('exact') }),
  z.strictObject(tolerance),
  /** The members of a list in any order. */
  z.strictObject({ kind: z.literal('unordered-items') }),
  program,
  none,
])
export type ValueChecker = z.infer<typeof ValueChecker>
