/** An exact value: numerator over a positive denominator, not necessarily in lowest terms. */
export type Rational = { readonly numerator: bigint; readonly denominator: bigint }

/** A number as it was written; `decimals` counts the digits after the point of a plain decimal. */
export type WrittenNumber = Rational & { readonly decimals?: number }

type Reader = (unsigned: string) => WrittenNumber | undefined

/** Longer literals cost more than they tell: no answer has so many digits. */
const maxLength = 2_000
const maxExponent = 400n
/** Digits, and decimals, from which a rounded number passes for the number itself. */
const minDigits = 6
const minNearDigits = 3
/** Decimals from which a decimal is what a computer printed. */
const minPrinted = 12

const readers: readonly Reader[] = [
  readDecimal,
  readRepeating,
  readFraction,
  readMixed,
  readScientific,
  readPrinted,
]

/**
 * The exact value of a plain number in normal form: integer, `1,234`, decimal, repeating decimal,
 * fraction, mixed number, power of ten. Undefined for anything else, and where a denominator is 0.
 */
export function parseNumber(text: string): WrittenNumber | undefined {
  if (text.length > maxLength) return undefined
  const unsigned = text.replace(/^[+-]/, '')
  for (const read of readers) {
    const number = read(unsigned)
    if (number === undefined) continue
    if (number.denominator === 0n) return undefined
    return text.startsWith('-') ? { ...number, numerator: -number.numerator } : number
  }
  return undefined
}

export function areEqual(a: Rational, b: Rational): boolean {
  return a.numerator * b.denominator === b.numerator * a.denominator
}

/**
 * Whether `rounded` is a decimal that `exact` rounds to in its last digit: 0.333333 for 1/3. They are
 * different numbers, yet with six digits or more graders commonly take them for equal; with three
 * to five that depends on the problem. Two decimals are what they say: of those
 * only one of twelve digits or more, which a computer printed, may be a longer form of the other.
 */
export function roundingOf(
  exact: WrittenNumber,
  rounded: WrittenNumber,
): 'equal-when-rounded' | 'equal-to-few-digits' | undefined {
  const { decimals } = rounded
  if (decimals === undefined || decimals < 1 || exact.decimals === 0) return undefined
  if (exact.decimals !== undefined && exact.decimals < Math.max(minPrinted, decimals + 1)) {
    return undefined
  }
  // |exact - rounded| <= half a unit of the last decimal, over a common denominator
  const difference = exact.numerator * rounded.denominator - rounded.numerator * exact.denominator
  const distance = magnitude(difference)
  if (distance * 2n * 10n ** BigInt(decimals) > exact.denominator * rounded.denominator) {
    return undefined
  }
  return closeness(rounded)
}

/** How close a decimal with so many digits comes to what it was rounded from. */
export function closeness({
  numerator,
  decimals = 0,
}: WrittenNumber): 'equal-when-rounded' | 'equal-to-few-digits' | undefined {
  const digits = magnitude(numerator).toString().length
  if (decimals >= minDigits && digits >= minDigits) return 'equal-when-rounded'
  return digits >= minNearDigits ? 'equal-to-few-digits' : undefined
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}

function readDecimal(text: string): WrittenNumber | undefined {
  const match = /^([1-9]\d{0,2}(?:,\d{3})+|\d*)(?:\.(\d*))?$/.exec(text)
  if (match === null) return undefined
  const whole = (match[1] ?? '').replaceAll(',', '')
  const part = match[2] ?? ''
  if (whole + part === '') return undefined
  return {
    numerator: BigInt(whole + part),
    denominator: 10n ** BigInt(part.length),
    decimals: part.length,
  }
}

function readRepeating(text: string): WrittenNumber | undefined {
  const match = /^(\d*)\.(\d*)\\overline\{(\d+)\}$/.exec(text)
  if (match === null) return undefined
  const [, whole = '', part = '', repeated = ''] = match
  // 0.1(6) = (16 - 1) / 90
  const shift = 10n ** BigInt(part.length)
  const leading = BigInt(whole + part || '0')
  return {
    numerator: BigInt(whole + part + repeated) - leading,
    denominator: shift * (10n ** BigInt(repeated.length) - 1n),
  }
}

function readFraction(text: string): WrittenNumber | undefined {
  const match =
    /^\\frac\{([^{}]+)\}\{([^{}]+)\}$/.exec(text) ?? /^([^/]+)\/([^/]+)$/.exec(text) ?? []
  const [above, below] = [readSigned(match[1]), readSigned(match[2])]
  if (above === undefined || below === undefined) return undefined
  const denominator = above.denominator * below.numerator
  const numerator = above.numerator * below.denominator
  return denominator < 0n
    ? { numerator: -numerator, denominator: -denominator }
    : { numerator, denominator }
}

function readSigned(text = ''): WrittenNumber | undefined {
  const number = readDecimal(text.replace(/^[+-]/, ''))
  if (number === undefined || !text.startsWith('-')) return number
  return { ...number, numerator: -number.numerator }
}

/** `3\frac{1}{2}` is three and a half, as everywhere in school mathematics; the fraction is proper. */
function readMixed(text: string): WrittenNumber | undefined {
  const match = /^(\d+)\\frac\{(\d+)\}\{(\d+)\}$/.exec(text)
  if (match === null) return undefined
  const [whole = 0n, above = 0n, below = 0n] = match.slice(1).map(BigInt)
  if (above >= below) return undefined
  return { numerator: whole * below + above, denominator: below }
}

/** `1.5e-3`, `1E6`; `2e-3` may as well be 3 less than 2e. */
function readPrinted(text: string): WrittenNumber | undefined {
  const match = /^(1|\d+\.\d+|\d+(?=E|e\+?\d))[eE]([+-]?\d+)$/.exec(text)
  return match === null ? undefined : readScientific(`${match[1]}\\cdot10^{${match[2]}}`)
}

function readScientific(text: string): WrittenNumber | undefined {
  const match = /^(?:(.+)\\(?:times|cdot) ?)?10\^(?:\{([+-]?\d+)\}|(\d))$/.exec(text)
  if (match === null) return undefined
  const mantissa = readDecimal(match[1] ?? '1')
  const exponent = BigInt((match[2] ?? match[3] ?? '0').replace(/^\+/, ''))
  const size = exponent < 0n ? -exponent : exponent
  if (mantissa === undefined || size > maxExponent) return undefined
  const { numerator, denominator } = mantissa
  return exponent < 0n
    ? { numerator, denominator: denominator * 10n ** size }
    : { numerator: numerator * 10n ** size, denominator }
}
