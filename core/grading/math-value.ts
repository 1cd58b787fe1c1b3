import { factorise } from './math-factorise.ts'
import type { Rational } from './math-number.ts'
import {
  type Atom,
  BeyondExactError,
  type Polynomial,
  type Power,
  add,
  asRational,
  constant,
  multiply,
  multiplyRationals,
  negate,
  ofAtom,
  ofPowers,
  onlyTerm,
  polynomialKey,
  rationalPower,
  unity,
  zero,
} from './math-polynomial.ts'

/** An exact value: one sum over another. A bottom of a single term is divided out. */
export type Value = { readonly above: Polynomial; readonly below: Polynomial }

/** Names that stand for positive numbers, so that a root of their square is no question. */
const positiveNames = new Set(['pi', 'e'])

export function valueOf(rational: Rational): Value {
  return { above: constant(rational), below: unity }
}

export function integer(value: bigint): Value {
  return valueOf({ numerator: value, denominator: 1n })
}

export function named(name: string): Value {
  return { above: ofAtom({ kind: 'name', name }), below: unity }
}

/** What is only looked at as a whole: the value of a function of which no rule is known. */
export function called(name: string, values: readonly Value[]): Value {
  const of = values.map(({ above, below }) => [above, below])
  return { above: ofAtom({ kind: 'call', name, of }), below: unity }
}

export function sum(left: Value, right: Value): Value {
  if (polynomialKey(left.below) === polynomialKey(right.below)) {
    return { above: add(left.above, right.above), below: left.below }
  }
  return {
    above: add(multiply(left.above, right.below), multiply(right.above, left.below)),
    below: multiply(left.below, right.below),
  }
}

export function negative({ above, below }: Value): Value {
  return { above: negate(above), below }
}

export function product(left: Value, right: Value): Value {
  return quotientOf(multiply(left.above, right.above), multiply(left.below, right.below))
}

export function quotient(left: Value, right: Value): Value {
  return quotientOf(multiply(left.above, right.below), multiply(left.below, right.above))
}

/** A value to a power that is a plain number. Throws BeyondExactError where that is not certain. */
export function power(base: Value, exponent: Rational): Value {
  if (exponent.denominator === 1n) return wholePower(base, exponent.numerator)
  const [above, below] = [rootedPower(base.above, exponent), rootedPower(base.below, exponent)]
  return quotientOf(above, below)
}

export function rationalValue({ above, below }: Value): Rational | undefined {
  return below === unity ? asRational(above) : undefined
}

/** Whether two values are the same, as far as their normal forms tell. */
export function haveSameForm(left: Value, right: Value): boolean {
  const difference = add(
    multiply(left.above, right.below),
    negate(multiply(right.above, left.below)),
  )
  return difference.size === 0
}

function quotientOf(above: Polynomial, below: Polynomial): Value {
  if (below.size === 0) throw new BeyondExactError('division by zero')
  const bottom = onlyTerm(below)
  if (bottom === undefined) return { above, below }
  const { coefficient, powers } = bottom
  const sign = coefficient.numerator < 0n ? -1n : 1n
  const inverse = constant({
    numerator: sign * coefficient.denominator,
    denominator: sign * coefficient.numerator,
  })
  let result = multiply(above, inverse)
  for (const { atom, exponent } of powers.values()) {
    result = multiply(result, powerOfAtom(atom, { ...exponent, numerator: -exponent.numerator }))
  }
  return { above: result, below: unity }
}

function wholePower(base: Value, exponent: bigint): Value {
  if (exponent < 0n) return quotient(integer(1n), wholePower(base, -exponent))
  const rational = rationalValue(base)
  if (rational !== undefined) {
    const above = rationalPower(rational.numerator, exponent)
    const below = rationalPower(rational.denominator, exponent)
    return valueOf({ numerator: above.numerator, denominator: below.numerator })
  }
  const single = base.below === unity ? onlyTerm(base.above) : undefined
  if (exponent > (single === undefined ? 12n : 200n)) throw new BeyondExactError('too many terms')
  let result = integer(1n)
  for (let count = 0n; count < exponent; count += 1n) result = product(result, base)
  return result
}

/** A polynomial under a root: exact for one term, looked at as a whole for sums. */
function rootedPower(base: Polynomial, exponent: Rational): Polynomial {
  if (base === unity) return unity
  if (base.size === 0) {
    if (exponent.numerator < 0n) throw new BeyondExactError('division by zero')
    return zero
  }
  const single = onlyTerm(base)
  if (single === undefined) return powerOfAtom({ kind: 'root', of: base }, exponent)
  let result = rationalRoot(single.coefficient, exponent)
  for (const part of single.powers.values()) {
    result = multiply(result, powerOfPower(part, exponent, single.powers.size === 1))
  }
  return result
}

function powerOfPower({ atom, exponent }: Power, by: Rational, isAlone: boolean): Polynomial {
  const isPositive = atom.kind === 'prime' || (atom.kind === 'name' && positiveNames.has(atom.name))
  // The root of x^2 is |x|, and the root of xy is no product of roots where both are negative.
  const isSafe =
    isAlone && atom.kind === 'name' && exponent.numerator % 2n !== 0n && atom.name !== 'i'
  if (!isPositive && !isSafe) throw new BeyondExactError('a root whose sign is open')
  return powerOfAtom(atom, multiplyRationals(exponent, by))
}

function powerOfAtom(atom: Atom, exponent: Rational): Polynomial {
  const [key] = ofAtom(atom).values().next().value?.powers.keys() ?? []
  const single = ofPowers(new Map([[key ?? '', { atom, exponent }]]))
  // Multiplying brings whole powers of primes and roots into normal form.
  return multiply(single, unity)
}

function rationalRoot(value: Rational, exponent: Rational): Polynomial {
  if (value.numerator < 0n) return negativeRoot(value, exponent)
  const inverse = { ...exponent, numerator: -exponent.numerator }
  let result = unity
  for (const [part, by] of [
    [value.numerator, exponent],
    [value.denominator, inverse],
  ] as const) {
    for (const [prime, count] of factorise(part)) {
      const total = { ...by, numerator: by.numerator * count }
      result = multiply(result, powerOfAtom({ kind: 'prime', prime }, reducedRational(total)))
    }
  }
  return result
}

/** Square roots of negative numbers are imaginary, odd roots are real: anything else is left open. */
function negativeRoot(value: Rational, exponent: Rational): Polynomial {
  const positive = rationalRoot({ ...value, numerator: -value.numerator }, exponent)
  if (exponent.numerator !== 1n) throw new BeyondExactError('a power of a negative number')
  if (exponent.denominator % 2n === 1n) return negate(positive)
  if (exponent.denominator === 2n) return multiply(positive, ofAtom({ kind: 'name', name: 'i' }))
  throw new BeyondExactError('a root of a negative number')
}

function reducedRational(value: Rational): Rational {
  return multiplyRationals(value, { numerator: 1n, denominator: 1n })
}
