import type { Atom, Polynomial } from './math-polynomial.ts'
import type { Value } from './math-value.ts'

/** A value in floating point with a bound on how far off it may be. */
export type Approximation = { readonly value: number; readonly error: number }

/** What rounding may do to a term, relative; generous, since functions lose digits too. */
const unitError = 1e-13

const constants: Readonly<Record<string, number>> = {
  pi: Math.PI,
  e: Math.E,
  degree: Math.PI / 180,
}

const functions: Readonly<Record<string, (x: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  cot: (x) => 1 / Math.tan(x),
  sec: (x) => 1 / Math.cos(x),
  csc: (x) => 1 / Math.sin(x),
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  ln: Math.log,
  lg: Math.log10,
  abs: Math.abs,
}

/**
 * The value where names stand for fixed positive numbers, another set for each `seed`. Undefined where
 * it is no real number, too large, or lost to cancellation, and where a function is not known.
 */
export function approximate(value: Value, seed: number): Approximation | undefined {
  const [above, below] = [polynomialAt(value.above, seed), polynomialAt(value.below, seed)]
  const result = above.value / below.value
  const error =
    Math.abs(result) *
    (above.error / Math.abs(above.value || 1) + below.error / Math.abs(below.value) + unitError)
  const total = above.value === 0 ? above.error / Math.abs(below.value) : error
  if (!Number.isFinite(result) || !Number.isFinite(total)) return undefined
  if (below.error * 1e3 > Math.abs(below.value)) return undefined
  return { value: result, error: total }
}

/** Names of variables in a value; constants are none. */
export function freeNames({ above, below }: Value): Set<string> {
  return new Set([...namesIn(above), ...namesIn(below)])
}

/** Whether a name stands in a value outside of functions and roots. */
export function hasName({ above, below }: Value, name: string): boolean {
  return [...atomsIn(above), ...atomsIn(below)].some(
    (atom) => atom.kind === 'name' && atom.name === name,
  )
}

/** Whether a value holds something of which not every rule is known, so that forms may differ and it not. */
export function hasOpaquePart({ above, below }: Value): boolean {
  const atoms = [...atomsIn(above), ...atomsIn(below)]
  const names = new Set(atoms.map((atom) => (atom.kind === 'name' ? atom.name : '')))
  return (
    atoms.some(({ kind }) => kind === 'root' || kind === 'call') ||
    names.has('degree') ||
    (names.has('pi') && names.has('e'))
  )
}

function atomsIn(polynomial: Polynomial): Atom[] {
  return [...polynomial.values()].flatMap(({ powers }) =>
    [...powers.values()].map(({ atom }) => atom),
  )
}

function namesIn(polynomial: Polynomial): string[] {
  return atomsIn(polynomial).flatMap((atom) => {
    if (atom.kind === 'name') return atom.name in constants || atom.name === 'i' ? [] : [atom.name]
    if (atom.kind === 'root') return namesIn(atom.of)
    return atom.kind === 'call' ? atom.of.flat().flatMap(namesIn) : []
  })
}

function polynomialAt(polynomial: Polynomial, seed: number): Approximation {
  let [value, size] = [0, 0]
  for (const { coefficient, powers } of polynomial.values()) {
    let part = Number(coefficient.numerator) / Number(coefficient.denominator)
    for (const { atom, exponent } of powers.values()) {
      part *= atomAt(atom, seed) ** (Number(exponent.numerator) / Number(exponent.denominator))
    }
    value += part
    size += Math.abs(part)
  }
  return { value, error: size * unitError }
}

function atomAt(atom: Atom, seed: number): number {
  switch (atom.kind) {
    case 'prime':
      return Number(atom.prime)
    case 'name':
      return atom.name === 'i' ? Number.NaN : (constants[atom.name] ?? pointOf(atom.name, seed))
    case 'root':
      return stable(polynomialAt(atom.of, seed))
    case 'call':
      return callAt(
        atom.name,
        atom.of.map(
          ([above = new Map(), below = new Map()]) =>
            approximate({ above, below }, seed)?.value ?? Number.NaN,
        ),
      )
  }
}

/** A number that lost its digits to cancellation is no number. */
function stable({ value, error }: Approximation): number {
  return error * 1e3 > Math.abs(value) ? Number.NaN : value
}

function callAt(name: string, values: readonly number[]): number {
  const [first = Number.NaN, second] = values
  if (name === 'power' && second !== undefined) return first ** second
  if (name === 'log' && second !== undefined) return Math.log(second) / Math.log(first)
  return functions[name]?.(first) ?? Number.NaN
}

/** Some number between 0.3 and 1.3 that differs by name and seed. */
function pointOf(name: string, seed: number): number {
  let hash = seed * 7_919 + 17
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003
  return 0.3 + ((hash * 7_919) % 1_000_003) / 1_000_003
}
