import { z } from 'zod'
import type { RawNumber } from '../exact-json.ts'
import type { Outcome } from '../verdict.ts'
import { type Fault, faultOfJson, faultOfSchema } from './grade-line-fault.ts'
import { isNumber, numeralOf, parseExactly } from './grade-line-json.ts'

/** In bytes. Far beyond the largest tests of a published data set; a longer line is passed over. */
export const maxLineBytes = 32 * 1024 * 1024

/** One line of input as it was read: its text, or why there is none, with its beginning. */
export type InputLine = {
  /** From 1; blank lines count. */
  readonly number: number
  /** What it takes to hold it, in bytes. */
  readonly bytes: number
} & ({ readonly text: string } | { readonly start: string; readonly fault: UnreadableFault })

/** Why a line has no text. */
export type UnreadableFault = 'line-too-long' | 'invalid-utf-8'

/** What a line is called by whoever wrote it; given back as it came. */
export type LineId = string | number | RawNumber

/** What was found of a line, in the columns of its kind. */
export type LineVerdict = { readonly outcome: Outcome; readonly reason: string } & Columns
export type Columns = Readonly<Record<string, unknown>>

/** The verdict on one line, as it is written out. */
export type JudgedLine = LineVerdict & { readonly id: LineId | null }

/** How lines of one kind are read and judged. */
export type LineKind<Line extends { readonly id: LineId }> = {
  /** The fields that a line must and may have; others are let be. */
  readonly schema: z.ZodType<Line>
  judge(line: Line): LineVerdict | Promise<LineVerdict>
  /** What stands in the columns of this kind where a line cannot be judged. */
  readonly unjudged: Columns
}

/** A text, or a number taken as the text that it is written as. */
export const TextOrNumber = z
  .custom<string | number | RawNumber>(
    (value) => typeof value === 'string' || isNumber(value),
    'must be a text or a number',
  )
  .transform((value) => (typeof value === 'string' ? value : numeralOf(value)))

/** What a response is compared with: it must say something. */
export const ReferenceText = TextOrNumber.refine((text) => text.trim() !== '', 'must not be empty')

/** The id of a line. */
export const Id = z.custom<LineId>(isId, 'must be a text or a number')

/**
 * Reads and judges one line. Whatever is wrong with it is its own fault and no other's: `undecided`,
 * with the field. So is an exception of a grader, but for those that `isFatal` knows: that no line
 * can be judged any more.
 */
export async function judgeLine<Line extends { readonly id: LineId }>(
  kind: LineKind<Line>,
  input: InputLine,
  isFatal: (error: unknown) => boolean,
): Promise<JudgedLine> {
  const read = readLine(input, kind.schema)
  if ('reason' in read) return { ...faultColumns(read, input), ...kind.unjudged }
  const { value } = read
  try {
    return { id: value.id, ...(await kind.judge(value)) }
  } catch (error) {
    if (isFatal(error)) throw error
    const message = error instanceof Error ? error.message : String(error)
    const fault = { id: value.id, reason: 'grader-error', field: null, message }
    return { ...faultColumns(fault, input), ...kind.unjudged }
  }
}

type LineFault = Fault & { readonly id: LineId | null }

function readLine<Line>(
  input: InputLine,
  schema: z.ZodType<Line>,
): { readonly value: Line } | LineFault {
  if ('fault' in input) return { id: idAtStart(input.start), ...unreadable[input.fault] }
  const parsed = parseExactly(input.text)
  if ('fault' in parsed) return { id: idAtStart(input.text.slice(0, 1000)), ...faultOfJson(parsed) }
  const read = schema.safeParse(parsed.value)
  if (read.success) return { value: read.data }
  return { id: idOf(parsed.value), ...faultOfSchema(read.error, parsed.value) }
}

const unreadable = {
  'line-too-long': {
    reason: 'line-too-long',
    field: null,
    message: `the line is longer than ${maxLineBytes / 2 ** 20} MiB`,
  },
  'invalid-utf-8': { reason: 'invalid-utf-8', field: null, message: 'the line is no UTF-8' },
} as const satisfies Record<UnreadableFault, Fault>

function faultColumns({ id, reason, field, message }: LineFault, { number }: InputLine) {
  return { id, outcome: 'undecided', reason, field, message, line: number } as const
}

function isId(value: unknown): value is LineId {
  return typeof value === 'string' || isNumber(value)
}

function idOf(line: unknown): LineId | null {
  if (typeof line !== 'object' || line === null || !('id' in line)) return null
  return isId(line.id) ? line.id : null
}

/** The id of a line that cannot be read, where it stands first in it. */
function idAtStart(start: string): LineId | null {
  const [, id = ''] = /^\s*\{\s*"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)\s*,/.exec(start) ?? []
  const parsed = parseExactly(id)
  return 'value' in parsed && isId(parsed.value) && !id.includes('\uFFFD') ? parsed.value : null
}
