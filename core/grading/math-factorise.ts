import { BeyondExactError } from './math-polynomial.ts'

const largestTried = 10_000n

/** Primes of a positive number with how often they divide it. Throws where they are too large to find. */
export function factorise(value: bigint): Map<bigint, bigint> {
  const factors = new Map<bigint, bigint>()
  let rest = value
  for (let divisor = 2n; divisor <= largestTried && divisor * divisor <= rest; divisor += 1n) {
    let count = 0n
    while (rest % divisor === 0n) {
      rest /= divisor
      count += 1n
    }
    if (count > 0n) factors.set(divisor, count)
  }
  if (rest > largestTried * largestTried) throw new BeyondExactError('a factor too large to find')
  if (rest > 1n) factors.set(rest, (factors.get(rest) ?? 0n) + 1n)
  return factors
}
