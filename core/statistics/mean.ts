/** The arithmetic mean. Throws RangeError for no values. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values have no mean: give at least one')
  return sum(values) / values.length
}

/** The sample variance, over n − 1. Throws RangeError for fewer than two values. */
function variance(values: readonly number[]): number {
  if (values.length < 2) throw new RangeError('a variance needs at least two values')
  const middle = mean(values)
  return sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1)
}

/** The standard error of the mean of independent values. Throws RangeError for fewer than two. */
export function standardError(values: readonly number[]): number {
  return Math.sqrt(variance(values) / values.length)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
