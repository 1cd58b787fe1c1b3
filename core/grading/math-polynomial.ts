import type { Rational } from './math-number.ts'

/**
 * What a product may contain beside its coefficient: a prime under a root, a name (a variable, or the
 * constants pi, e and i), or something that is only looked at as a whole: a function's value, a sum
 * under a root, a power whose exponent is not a plain number.
 */
export type Atom =
  | { readonly kind: 'prime'; readonly prime: bigint }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'root'; readonly of: Polynomial }
  | { readonly kind: 'call'; readonly name: string; readonly of: readonly Polynomial[][] }

export type Power = { readonly atom: Atom; readonly exponent: Rational }

/** A rational number times powers of atoms, keyed by atom. */
export type Term = { readonly coefficient: Rational; readonly powers: ReadonlyMap<string, Power> }

/** A sum of terms, keyed by their powers; the empty one is 0. */
export type Polynomial = ReadonlyMap<string, Term>

/** The value is beyond exact arithmetic: too many terms or digits, or a form that is not read. */
export class BeyondExactError extends Error {
  override readonly name = 'BeyondExactError'
}

const maxTerms = 150
const maxBits = 20_000

export const zero: Polynomial = new Map()
export const unity: Polynomial = constant({ numerator: 1n, denominator: 1n })

export function constant(value: Rational): Polynomial {
  return value.numerator === 0n ? zero : new Map([['', term(value, new Map())]])
}

export function ofAtom(atom: Atom): Polynomial {
  const key = atomKey(atom)
  return ofPowers(new Map([[key, { atom, exponent: { numerator: 1n, denominator: 1n } }]]))
}

/** A product of powers that are in normal form already. */
export function ofPowers(powers: ReadonlyMap<string, Power>): Polynomial {
  const single = term({ numerator: 1n, denominator: 1n }, powers)
  return new Map([[powersKey(powers), single]])
}

/** One text for one value: equal polynomials have equal keys, whatever order they were made in. */
export function polynomialKey(polynomial: Polynomial): string {
  return [...polynomial]
    .map(([key, { coefficient }]) => `${coefficient.numerator}/${coefficient.denominator} ${key}`)
    .toSorted()
    .join('+')
}

export function add(left: Polynomial, right: Polynomial): Polynomial {
  const sum = new Map(left)
  for (const [key, one] of right) {
    const other = sum.get(key)
    if (other === undefined) {
      sum.set(key, one)
      continue
    }
    const coefficient = addRationals(other.coefficient, one.coefficient)
    if (coefficient.numerator === 0n) sum.delete(key)
    else sum.set(key, { coefficient, powers: one.powers })
  }
  if (sum.size > maxTerms) throw new BeyondExactError('too many terms')
  return sum
}

export function multiply(left: Polynomial, right: Polynomial): Polynomial {
  if (left.size * right.size > maxTerms * 4) throw new BeyondExactError('too many terms')
  let product = zero
  for (const a of left.values()) {
    for (const b of right.values()) product = add(product, multiplyTerms(a, b))
  }
  return product
}

export function negate(polynomial: Polynomial): Polynomial {
  return multiply(polynomial, constant({ numerator: -1n, denominator: 1n }))
}

/** The one term of a monomial, undefined for sums and for 0. */
export function onlyTerm(polynomial: Polynomial): Term | undefined {
  return polynomial.size === 1 ? polynomial.values().next().value : undefined
}

/** The value of a polynomial that is a plain rational number. */
export function asRational(polynomial: Polynomial): Rational | undefined {
  if (polynomial.size === 0) return { numerator: 0n, denominator: 1n }
  const single = onlyTerm(polynomial)
  return single?.powers.size === 0 ? single.coefficient : undefined
}

function atomKey(atom: Atom): string {
  switch (atom.kind) {
    case 'prime':
      return `#${atom.prime}`
    case 'name':
      return atom.name
    case 'root':
      return `(${polynomialKey(atom.of)})`
    case 'call':
      return `${atom.name}[${atom.of.map((part) => part.map(polynomialKey).join('//')).join(';')}]`
  }
}

function reduce({ numerator, denominator }: Rational): Rational {
  if (bitLength(numerator) > maxBits || bitLength(denominator) > maxBits) {
    throw new BeyondExactError('too many digits')
  }
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator)
  return { numerator: numerator / divisor, denominator: denominator / divisor }
}

function addRationals(a: Rational, b: Rational): Rational {
  return reduce({
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  })
}

export function multiplyRationals(a: Rational, b: Rational): Rational {
  return reduce({
    numerator: a.numerator * b.numerator,
    denominator: a.denominator * b.denominator,
  })
}

/** How many bits a number takes, to the next four. */
function bitLength(value: bigint): number {
  return value.toString(16).length * 4
}

function multiplyTerms(a: Term, b: Term): Polynomial {
  const powers = new Map(a.powers)
  for (const [key, { atom, exponent }] of b.powers) {
    const sum = addRationals(
      exponent,
      powers.get(key)?.exponent ?? { numerator: 0n, denominator: 1n },
    )
    if (sum.numerator === 0n) powers.delete(key)
    else powers.set(key, { atom, exponent: sum })
  }
  return normalTerm(multiplyRationals(a.coefficient, b.coefficient), powers)
}

/** Takes out what powers leave: 2^{3/2} is 2 times a root of 2, i^2 is -1, a squared root is its sum. */
function normalTerm(coefficient: Rational, powers: Map<string, Power>): Polynomial {
  let factor = coefficient
  let sums = unity
  for (const [key, { atom, exponent }] of Array.from(powers)) {
    if (atom.kind === 'call' || (atom.kind === 'name' && atom.name !== 'i')) continue
    // A sum below a fraction bar stays as it is: it cannot be multiplied out.
    if (atom.kind === 'root' && exponent.numerator < 0n) continue
    const period = atom.kind === 'name' ? 2n : 1n
    const whole = floorDivide(exponent.numerator, exponent.denominator * period)
    if (whole === 0n) continue
    const rest = reduce({
      numerator: exponent.numerator - whole * period * exponent.denominator,
      denominator: exponent.denominator,
    })
    if (rest.numerator === 0n) powers.delete(key)
    else powers.set(key, { atom, exponent: rest })
    if (atom.kind === 'prime') factor = multiplyRationals(factor, rationalPower(atom.prime, whole))
    else if (atom.kind === 'name') factor = whole % 2n === 0n ? factor : negated(factor)
    else sums = multiply(sums, positivePower(atom.of, whole))
  }
  const single: Polynomial = new Map([[powersKey(powers), term(factor, powers)]])
  return sums === unity ? single : multiply(sums, single)
}

function positivePower(polynomial: Polynomial, exponent: bigint): Polynomial {
  if (exponent > 40n) throw new BeyondExactError('too many terms')
  let product = unity
  for (let count = 0n; count < exponent; count += 1n) product = multiply(product, polynomial)
  return product
}

/** A whole number to a whole power. */
export function rationalPower(base: bigint, exponent: bigint): Rational {
  const size = exponent < 0n ? -exponent : exponent
  if (size > BigInt(maxBits) || BigInt(bitLength(base)) * size > BigInt(maxBits)) {
    throw new BeyondExactError('too many digits')
  }
  if (exponent >= 0n) return { numerator: base ** size, denominator: 1n }
  if (base === 0n) throw new BeyondExactError('division by zero')
  return {
    numerator: base < 0n && size % 2n === 1n ? -1n : 1n,
    denominator: (base < 0n ? -base : base) ** size,
  }
}

function term(coefficient: Rational, powers: ReadonlyMap<string, Power>): Term {
  return { coefficient: reduce(coefficient), powers }
}

function powersKey(powers: ReadonlyMap<string, Power>): string {
  return [...powers]
    .map(([key, { exponent }]) => `${key}^${exponent.numerator}/${exponent.denominator}`)
    .toSorted()
    .join('*')
}

function negated({ numerator, denominator }: Rational): Rational {
  return { numerator: -numerator, denominator }
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger === 0n ? 1n : larger
}
