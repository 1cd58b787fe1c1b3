/**
 * The standard normal distribution function, by its series in odd powers: G. Marsaglia, "Evaluating
 * the normal distribution", Journal of Statistical Software 11(4) (2004). Right to about 1e-15,
 * absolutely.
 */
export function normalCdf(z: number): number {
  if (z < -8) return 0
  if (z > 8) return 1
  let term = z
  let sum = z
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return 0.5 + sum * normalDensity(z)
}

/**
 * The value below which the standard normal distribution has the share `p`, by Newton's method from
 * the middle: in either half the distribution function bends one way, so the steps never overshoot.
 * Right to about 1e-9 for p from 1e-6 to 1 − 1e-6, and to 1e-13 around the middle. Throws RangeError
 * unless 0 < p < 1.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`${p} is no probability between 0 and 1`)
  let z = 0
  for (let round = 0; round < 100; round++) {
    const step = (p - normalCdf(z)) / normalDensity(z)
    z += step
    if (Math.abs(step) <= 1e-14 * Math.abs(z)) break
  }
  return z
}

function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)
}
