import { parseNumber } from './math-number.ts'
import type { Comparison } from './math-scalar.ts'
import { plainWords } from './math-words.ts'

/** A day (`2024-01-31`), or a time of day in minutes with what it says of noon (`3:05 p.m.`). */
type Moment =
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'time'; readonly minutes: number; readonly half: string | undefined }

/** Compares dates and times of day, which arithmetic would take for differences and ratios. */
export function compareMoments(left: string, right: string): Comparison {
  const [one, other] = [parseMoment(left), parseMoment(right)]
  if (one === undefined && other === undefined) return 'unknown'
  if (one?.kind === 'day' || other?.kind === 'day') return compareDays(one, other)
  if (one?.half === undefined && other?.half === undefined) return 'unknown'
  if (one === undefined || other === undefined) {
    return parseNumber(one === undefined ? left : right) === undefined ? 'unknown' : 'unit-mismatch'
  }
  if (one.minutes % 720 !== other.minutes % 720) return 'different'
  if (one.half === other.half) return 'equal'
  return one.half === undefined || other.half === undefined ? 'equal-but-for-unit' : 'different'
}

function compareDays(one: Moment | undefined, other: Moment | undefined): Comparison {
  if (one?.kind !== 'day' || other?.kind !== 'day') return 'words-differ'
  return one.day === other.day ? 'equal' : 'different'
}

function parseMoment(text: string): Moment | undefined {
  if (/^[12]\d{3}-[01]\d-[0-3]\d$/.test(text)) return { kind: 'day', day: text }
  const plain = plainWords(text).replaceAll(/(?<=[ap])\. ?(?=m)/g, '')
  const [, hours = '', minutes = '0', half] =
    /^(\d{1,2})(?: ?: ?([0-5]\d))?(?: ?([ap]m))?$/.exec(plain) ?? []
  if (hours === '' || Number(hours) > 24 || (half === undefined && !plain.includes(':')))
    return undefined
  return { kind: 'time', minutes: Number(hours) * 60 + Number(minutes), half }
}
