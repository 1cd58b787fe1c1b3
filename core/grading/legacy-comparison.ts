/** `==`, or equal to the first item of the expected list, which data sets wrap their results in. */
export function equalsOrFirst(returned: string, expected: unknown): boolean {
  const candidates = Array.isArray(expected) ? [expected, expected[0]] : [expected]
  return candidates.some((candidate) => equalsExactly(returned, candidate))
}

/** Python's `==` of what was returned, as JSON text, and a value. */
export function equalsExactly(returned: string, expected: unknown): boolean {
  return comparable(returned) === comparable(JSON.stringify(expected) ?? '')
}

/** Equal texts for what Python's `==` holds equal: numbers by value, booleans as numbers. */
function comparable(text: string): string {
  try {
    const value: unknown = JSON.parse(text, (_, item: unknown) =>
      typeof item === 'boolean' ? Number(item) : sortMembers(item),
    )
    return JSON.stringify(value)
  } catch {
    return text
  }
}

function sortMembers(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item
  return Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** TACO's `compare_std_results`: what was printed is compared as one string, letter by letter in the end. */
export function looksLike(output: string, expected: string): boolean {
  if (output.trim() === expected.trim()) return true
  const lines = expected.split('\n').filter((line) => line !== '')
  const stripped = lines.map((line) => line.trim())
  // A letter has at most two code units: what is longer is never as many letters as lines.
  const mayMatch = output.length <= 2 * stripped.length
  if (mayMatch && allClose(Array.from(output), stripped)) return true
  const wanted = lines.map((line) => words(line))
  // A set of words where the scorer means a list of lines: each word falls apart into its letters.
  const actual = distinctWords(output).map((word) => Array.from(word))
  return sameSets(actual, wanted, (text) => text) || sameSets(actual, wanted, rounded)
}

/**
 * What APPS does after `custom_compare_`: what was printed is compared line by line, then as numbers
 * within a tolerance, and in the end as a set of sets of words.
 */
export function linesLookLike(output: string, expected: string): boolean {
  const printed = splitLines(output)
  const stripped = printed.map((line) => line.trim()).join('\n')
  if ([output.trim(), stripped.trim()].includes(expected.trim())) return true
  const wanted = expected.split('\n').filter((line) => line !== '')
  const lines = wanted.map((line) => line.trim())
  const full = printed.filter((line) => line !== '')
  if ([printed, full].some((each) => sameTexts(each, lines)) || allClose(full, lines)) return true
  const actual = [...new Set(full)].map(words).filter((each) => each.length > 0)
  const sets = lines.map((line) => words(line))
  return sameSets(actual, sets, (text) => text) || sameSets(actual, sets, rounded)
}

/** Python's `splitlines`. */
function splitLines(text: string): string[] {
  // oxlint-disable-next-line no-control-regex -- Python divides lines at these separators, too.
  const lines = text.split(/\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, at) => text === other[at])
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}

/** One by one: a program that prints without end leaves millions. */
function distinctWords(text: string): string[] {
  const found = new Set<string>()
  for (const [word] of text.matchAll(/\S+/g)) found.add(word)
  return [...found]
}

/** Compares as sets of sets: order and repetition are lost. `key` gives undefined for no number. */
function sameSets(
  actual: readonly string[][],
  wanted: readonly string[][],
  key: (text: string) => string | undefined,
): boolean {
  const [left, right] = [setOfSets(actual, key), setOfSets(wanted, key)]
  if (left === undefined || right === undefined || left.size !== right.size) return false
  return [...left].every((group) => right.has(group))
}

function setOfSets(
  groups: readonly string[][],
  key: (text: string) => string | undefined,
): Set<string> | undefined {
  const sets = new Set<string>()
  for (const group of groups) {
    const keys = group.map(key).filter((item) => item !== undefined)
    if (keys.length < group.length) return undefined
    sets.add(JSON.stringify([...new Set(keys)].toSorted((a, b) => (a < b ? -1 : 1))))
  }
  return sets
}

/** Python's `round(float(text), 3)`. */
function rounded(text: string): string | undefined {
  const value = pythonFloat(text)
  if (value === undefined || Number.isNaN(value)) return undefined
  const up = Number(value.toFixed(3))
  // Only sixteenths can lie in the middle, and `toFixed` takes those away from zero.
  const isMiddle = Number.isInteger(value * 16) && !Number.isInteger(value * 8)
  const isOdd = Math.abs(Math.round(up * 1000)) % 2 === 1
  return isMiddle && isOdd ? String(Number((up - Math.sign(value) / 1000).toFixed(3))) : String(up)
}

/** `np.allclose` of two lists of numbers, with numpy's tolerances. */
function allClose(actual: readonly string[], wanted: readonly string[]): boolean {
  if (actual.length !== wanted.length) return false
  return actual.every((text, at) => {
    const [left, right] = [pythonFloat(text), pythonFloat(wanted[at] ?? '')]
    if (left === undefined || right === undefined) return false
    return left === right || Math.abs(left - right) <= 1e-8 + 1e-5 * Math.abs(right)
  })
}

/** Python's `float(text)`; undefined where it raises. */
function pythonFloat(text: string): number | undefined {
  const [, sign = '', name, numeral] = pythonNumeral.exec(text.trim()) ?? []
  if (name !== undefined) {
    return name.toLowerCase() === 'nan' ? Number.NaN : Number(`${sign}Infinity`)
  }
  return numeral === undefined ? undefined : Number(sign + numeral.replaceAll('_', ''))
}

const digits = String.raw`\d+(?:_\d+)*`
const pythonNumeral = new RegExp(
  `^([+-]?)(?:(inf|infinity|nan)|((?:${digits}(?:\\.(?:${digits})?)?|\\.${digits})(?:e[+-]?${digits})?))$`,
  'i',
)
