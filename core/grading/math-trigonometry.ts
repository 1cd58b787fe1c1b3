import type { Rational } from './math-number.ts'
import { onlyTerm, unity } from './math-polynomial.ts'
import { type Value, integer, negative, power, quotient, rationalValue, sum } from './math-value.ts'

const half = { numerator: 1n, denominator: 2n }

/** The exact sine, cosine or other ratio of a multiple of 15°; undefined for other angles and functions. */
export function exactRatio(name: string, angle: Value): Value | undefined {
  const steps = stepsOf(angle)
  if (steps === undefined) return undefined
  const [sine, cosine] = [sineOf(steps), sineOf(steps + 6n)]
  const ratios: Readonly<Record<string, () => Value>> = {
    sin: () => sine,
    cos: () => cosine,
    tan: () => quotient(sine, cosine),
    cot: () => quotient(cosine, sine),
    sec: () => quotient(integer(1n), cosine),
    csc: () => quotient(integer(1n), sine),
  }
  return ratios[name]?.()
}

/** An angle in steps of 15°, if it is a whole number of them. */
function stepsOf(angle: Value): bigint | undefined {
  if (rationalValue(angle)?.numerator === 0n) return 0n
  const single = angle.below === unity ? onlyTerm(angle.above) : undefined
  const [[name, { exponent }] = ['', { exponent: half }], ...others] = single?.powers ?? []
  const isPlain = others.length === 0 && exponent.numerator === 1n && exponent.denominator === 1n
  if (single === undefined || !isPlain) return undefined
  if (name === 'pi') return whole(single.coefficient, 12n, 1n)
  return name === 'degree' ? whole(single.coefficient, 1n, 15n) : undefined
}

function whole(
  { numerator, denominator }: Rational,
  times: bigint,
  over: bigint,
): bigint | undefined {
  const [above, below] = [numerator * times, denominator * over]
  return above % below === 0n ? above / below : undefined
}

function sineOf(steps: bigint): Value {
  const turn = ((steps % 24n) + 24n) % 24n
  if (turn >= 12n) return negative(sineOf(turn - 12n))
  const [two, six] = [root(2n), root(6n)]
  const sines = [
    integer(0n),
    quotient(sum(six, negative(two)), integer(4n)),
    quotient(integer(1n), integer(2n)),
    quotient(two, integer(2n)),
    quotient(root(3n), integer(2n)),
    quotient(sum(six, two), integer(4n)),
  ]
  return sines[Number(turn <= 6n ? turn : 12n - turn)] ?? integer(1n)
}

function root(value: bigint): Value {
  return power(integer(value), half)
}
