import { hasName } from './math-numeric.ts'
import { BeyondExactError } from './math-polynomial.ts'
import { exactRatio } from './math-trigonometry.ts'
import {
  type Value,
  called,
  haveSameForm,
  integer,
  named,
  power,
  product,
  quotient,
  rationalValue,
  sum,
} from './math-value.ts'

const maxFactorial = 500n

/** A value to a power of any kind. Throws BeyondExactError where that is not certain. */
export function raised(base: Value, exponent: Value): Value {
  const plain = rationalValue(exponent)
  if (plain !== undefined) return power(base, plain)
  return hasName(base, 'e') && haveSameForm(base, named('e'))
    ? powerOfE(exponent)
    : called('power', [base, exponent])
}

/** The exponential function; of an imaginary angle by Euler's formula. */
export function powerOfE(exponent: Value): Value {
  const angle = hasName(exponent, 'i') ? quotient(exponent, named('i')) : undefined
  const [cosine, sine] = ['cos', 'sin'].map((name) => angle && exactRatio(name, angle))
  if (cosine !== undefined && sine !== undefined) return sum(cosine, product(sine, named('i')))
  const plain = rationalValue(exponent)
  return plain === undefined ? called('power', [named('e'), exponent]) : power(named('e'), plain)
}

export function factorial(value: Value): Value {
  const plain = rationalValue(value)
  if (plain === undefined) return called('factorial', [value])
  if (plain.denominator !== 1n || plain.numerator < 0n) throw unread('!')
  if (plain.numerator > maxFactorial) return called('factorial', [value])
  let result = 1n
  for (let factor = 2n; factor <= plain.numerator; factor += 1n) result *= factor
  return integer(result)
}

export function binomial(above: Value, below: Value): Value {
  const [n, k] = [rationalValue(above), rationalValue(below)]
  if (n?.denominator !== 1n || k?.denominator !== 1n) return called('binom', [above, below])
  if (k.numerator < 0n || n.numerator < k.numerator || n.numerator > maxFactorial) {
    throw unread('\\binom')
  }
  let result = 1n
  for (let step = 1n; step <= k.numerator; step += 1n) {
    result = (result * (n.numerator - k.numerator + step)) / step
  }
  return integer(result)
}

/** What the exact tier does not read. */
export function unread(token: string): BeyondExactError {
  return new BeyondExactError(`not read: ${token}`)
}
