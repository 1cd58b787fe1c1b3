/** What a unit measures, and how many of the smallest unit of its kind one is: exact, as a fraction. */
type Unit = { readonly kind: string; readonly size: readonly [bigint, bigint] }

/** An amount as text, with the unit written beside it; null where there is none. */
export type Quantity = { readonly amount: string; readonly unit: string | null }

/** Each line: the canonical name, then its other spellings. What is not listed is not a unit. */
const unitNames = `
  % percent percentage pct
  degree degrees
  ohm ohms
  dollar dollars usd
  cent cents
  unit units
  mm millimeter millimeters millimetre millimetres
  cm centimeter centimeters centimetre centimetres
  m meter meters metre metres
  km kilometer kilometers kilometre kilometres
  in inch inches
  ft foot feet
  yd yard yards
  mi mile miles
  s sec second seconds
  min minute minutes
  h hr hrs hour hours
  day days
  week weeks
  month months
  year years
  decade decades
  century centuries
  mg milligram milligrams
  g gram grams
  kg kilogram kilograms
  lb lbs pound pounds
  oz ounce ounces
  ml milliliter milliliters
  l liter liters litre litres
  cc
  hectare hectares
  acre acres
  teaspoon teaspoons tsp
  tablespoon tablespoons tbsp
  cup cups
  pint pints
  quart quarts qt
  gallon gallons
  mi/h mph
  km/h kph kmph kmh
  rad radian radians
`

const canonicalNames = new Map(
  unitNames
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '))
    .flatMap(([name = '', ...spellings]) => [[name, name], ...spellings.map((s) => [s, name])])
    .map(([spelling = '', name = '']) => [spelling, name] as const),
)

/** Sizes by canonical name. A volume is a length to the third power, an area to the second. */
const sizes: Readonly<Record<string, Unit>> = {
  mm: { kind: 'length', size: [1n, 1n] },
  cm: { kind: 'length', size: [10n, 1n] },
  m: { kind: 'length', size: [1_000n, 1n] },
  km: { kind: 'length', size: [1_000_000n, 1n] },
  in: { kind: 'length', size: [254n, 10n] },
  ft: { kind: 'length', size: [3_048n, 10n] },
  yd: { kind: 'length', size: [9_144n, 10n] },
  mi: { kind: 'length', size: [1_609_344n, 1n] },
  acre: { kind: 'length2', size: [43_560n * 3_048n ** 2n, 100n] },
  hectare: { kind: 'length2', size: [10n ** 10n, 1n] },
  cc: { kind: 'length3', size: [1_000n, 1n] },
  ml: { kind: 'length3', size: [1_000n, 1n] },
  l: { kind: 'length3', size: [1_000_000n, 1n] },
  s: { kind: 'time', size: [1n, 1n] },
  min: { kind: 'time', size: [60n, 1n] },
  h: { kind: 'time', size: [3_600n, 1n] },
  day: { kind: 'time', size: [86_400n, 1n] },
  week: { kind: 'time', size: [604_800n, 1n] },
  month: { kind: 'calendar', size: [1n, 1n] },
  year: { kind: 'calendar', size: [12n, 1n] },
  decade: { kind: 'calendar', size: [120n, 1n] },
  century: { kind: 'calendar', size: [1_200n, 1n] },
  mg: { kind: 'mass', size: [1n, 1n] },
  g: { kind: 'mass', size: [1_000n, 1n] },
  kg: { kind: 'mass', size: [1_000_000n, 1n] },
  oz: { kind: 'mass', size: [45_359_237n, 1_600n] },
  lb: { kind: 'mass', size: [45_359_237n, 100n] },
  cent: { kind: 'money', size: [1n, 1n] },
  dollar: { kind: 'money', size: [100n, 1n] },
  // A gallon is not the same everywhere, so that none of these has a size in litres.
  teaspoon: { kind: 'kitchen', size: [1n, 1n] },
  tablespoon: { kind: 'kitchen', size: [3n, 1n] },
  cup: { kind: 'kitchen', size: [48n, 1n] },
  pint: { kind: 'kitchen', size: [96n, 1n] },
  quart: { kind: 'kitchen', size: [192n, 1n] },
  gallon: { kind: 'kitchen', size: [768n, 1n] },
}

const signs: Readonly<Record<string, string>> = { '%': '%', '\\Omega': 'ohm' }

const prime = String.raw`(?:'|\^\{?\\prime\}?|′)`
const doublePrime = String.raw`(?:"|″|\^\{?\\prime ?\\prime\}?|${prime}{2})`
const degreesAndMinutes = new RegExp(
  String.raw`^(-?)(\d+)\^\\circ ?(?:(\d+) ?${prime}(?!')) ?(?:(\d+(?:\.\d+)?) ?${doublePrime})?$`,
)

const multipliers: Readonly<Record<string, string>> = {
  dozen: '12',
  hundred: '100',
  thousand: '1000',
  million: '1000000',
  billion: '1000000000',
  trillion: '1000000000000',
}

/** Words that change the value beside them, or leave it open: they are no units. */
export const valueWords =
  /\b(?:hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|halves|thirds?|quarters?|fourths?|fifths?|percent|pi|squared|cubed|root|factorial|minus|negative|plus|times|not|no|never|more|less|least|most|fewer|greater|larger|smaller|than|over|under|about|approximately|around|nearly|almost|between|except|without|mod|modulo|base|divided|and|or|if|when|where|for|all|any|each|every|otherwise)\b/

/**
 * Amount and unit of an answer in normal form: `5\text{cm}^2`, `\$5`, `90^\circ`, `28%`, `5hours`,
 * `12\text{apples}`. Undefined where what follows the amount is, or may be, a part of the formula.
 */
export function parseQuantity(text: string): Quantity | undefined {
  return (
    splitMoney(text) ??
    splitSign(text) ??
    splitMinutes(text) ??
    splitCompound(text) ??
    splitResidue(text) ??
    splitWords(text)
  )
}

/** As above where the other side has a unit, so that `1000 m` and `5\frac{m}{s}` have one, too. */
export function parseBesideUnit(text: string): Quantity | undefined {
  const match =
    /^(.*[\d})]) ?(?:\\frac\{([a-z]{1,3})\}\{([a-z]{1,3})\}|([a-z]{1,3}(?:\/[a-z]{1,3})?))(?:\^(\d))?$/.exec(
      text,
    )
  const [, amount = '', above, below, plain = '', power = ''] = match ?? []
  const unit = canonicalUnit(above === undefined ? plain : `${above}/${below}`, power)
  return match === null || unit === undefined ? undefined : { amount, unit }
}

/** How many of one unit make one of another; undefined where they measure different things. */
export function conversion(from: string, to: string): readonly [bigint, bigint] | undefined {
  const [one, other] = [measureOf(from), measureOf(to)]
  if (one === undefined || other === undefined || one.kind !== other.kind) return undefined
  return [one.size[0] * other.size[1], one.size[1] * other.size[0]]
}

/** What a unit with powers and quotients measures: `cm2` an area, `km/h` a speed. */
function measureOf(unit: string): Unit | undefined {
  const parts = unit.split('/').map(powerOf)
  if (!parts.every((part) => part !== undefined)) return undefined
  return parts.reduce((above, below) => ({
    kind: `${above.kind}/${below.kind}`,
    size: [above.size[0] * below.size[1], above.size[1] * below.size[0]],
  }))
}

function powerOf(part: string): Unit | undefined {
  const [, name = '', digit = '1'] = /^([a-z]+)([1-9])?$/.exec(part) ?? []
  const [unit, power] = [sizes[name], BigInt(digit)]
  if (unit === undefined || power === 1n) return unit
  return { kind: `${unit.kind}${digit}`, size: [unit.size[0] ** power, unit.size[1] ** power] }
}

/** Whether a name is that of a unit of measure, rather than of what is counted. */
export function isUnit(name: string): boolean {
  return canonicalUnit(name.replace(/\d$/, ''), '') !== undefined && /[a-z]/.test(name)
}

/** The units that measure the same as one. */
export function unitsLike(unit: string): string[] {
  const power = /(?<=^[a-z]+)\d$/.exec(unit)?.[0] ?? ''
  const kind = measureOf(unit)?.kind
  return Object.keys(sizes).flatMap((name) =>
    [name, `${name}${power}`].filter((other) => measureOf(other)?.kind === kind),
  )
}

function splitMoney(text: string): Quantity | undefined {
  const match = /^(-?)(?:\\\$|€|£) ?(.+)$/.exec(text) ?? /^()(.+?) ?(?:\\\$|€|£)$/.exec(text)
  if (match === null) return undefined
  const amount = `${match[1]}${match[2]}`
  const inner = /^(.+?)(?:\\text\{ ?(?:dollars?|usd) ?\}|dollars?)$/i.exec(amount)
  const words = splitWords(inner?.[1] ?? amount)
  return { amount: words?.unit === null ? words.amount : (inner?.[1] ?? amount), unit: 'dollar' }
}

function splitSign(text: string): Quantity | undefined {
  const match = /^(.+?) ?(%|\^\\circ|\\Omega)$/.exec(text)
  // In the sine of 30° the degrees are the angle's, not the answer's.
  if (match === null || /\\(?:sin|cos|tan|cot|sec|csc)/.test(text)) return undefined
  return { amount: match[1] ?? '', unit: signs[match[2] ?? ''] ?? 'degree' }
}

/** `5^\circ30'`: degrees, minutes and seconds of an angle, in degrees. */
function splitMinutes(text: string): Quantity | undefined {
  const [, sign, degrees, minutes, seconds = '0'] = degreesAndMinutes.exec(text) ?? []
  if (degrees === undefined) return undefined
  const amount = `${sign}(${degrees}+\\frac{${minutes}}{60}+\\frac{${seconds}}{3600})`
  return { amount, unit: 'degree' }
}

/** `3\text{hours}20\text{minutes}`: several units of one kind, in the smallest of them. */
export function splitCompound(text: string): Quantity | undefined {
  const part =
    /(\d+) ?(?:\\text\{([a-z]+)(?:,? and)?\}|([a-z]{2,}))(?:,? ?(?:\\text\{and\}|and(?![a-z]))?,? ?)/g
  const parts = [...text.matchAll(part)]
  if (parts.length < 2 || parts.map(([all]) => all).join('') !== text) return undefined
  const amounts = parts.map(([, amount = '', typed, bare]) => ({
    amount,
    unit: canonicalUnit(typed ?? bare ?? '', '') ?? '',
  }))
  const unit = amounts.at(-1)?.unit ?? ''
  const terms = amounts.map(({ amount, unit: from }) => {
    const factor = conversion(from, unit)
    return factor === undefined ? undefined : `${amount}\\cdot\\frac{${factor[0]}}{${factor[1]}}`
  })
  return terms.includes(undefined) ? undefined : { amount: terms.join('+'), unit }
}

/** `7\pmod{12}`, and the ordinal `12\text{th}`. */
function splitResidue(text: string): Quantity | undefined {
  const residue = /^(.+?) ?\(?\\p?b?mod ?\{?(\d+)\}?\)?$/.exec(text)
  if (residue !== null) return { amount: residue[1] ?? '', unit: `mod ${residue[2]}` }
  const ordinal = /^(\d+)\^?\{?(?:\\text\{)?(?:st|nd|rd|th)\}*$/.exec(text)
  return ordinal === null ? undefined : { amount: ordinal[1] ?? '', unit: 'th' }
}

/** Without `\text`, short words stay what they may be: products of variables (`3in`, `5m`). */
function splitWords(text: string): Quantity | undefined {
  const typed = /^(.+?)((?: ?\\text\{[^{}]+\})+)(?:\^(\d))?$/.exec(text)
  const match = typed ?? /^(.*[\d})])\s?([a-zA-Z]+(?:[ /][a-zA-Z]+)*)\.?(?:\^(\d))?$/.exec(text)
  if (match === null) return undefined
  const [, amount = '', written = '', power = ''] = match
  const words = written
    .replaceAll(/\\text\{([^{}]*)\}/g, ' $1 ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const factor = multipliers[words.toLowerCase()]
  if (factor !== undefined) return { amount: `(${amount})\\cdot ${factor}`, unit: null }
  const known = canonicalUnit(words, power)
  if (known !== undefined)
    return typed !== null || isLongUnit(words) ? { amount, unit: known } : undefined
  const isPlain = power === '' && !valueWords.test(words.toLowerCase())
  if (!isPlain || !/^[a-zA-Z][a-zA-Z .'-]*$/.test(words)) return undefined
  return typed !== null || isSurelyWord(words) ? { amount, unit: stem(words) } : undefined
}

function isLongUnit(words: string): boolean {
  return /[a-zA-Z]{3,}|^[ckm]m$|^kg$/.test(words)
}

/** A word of a language rather than a product of variables. */
function isSurelyWord(words: string): boolean {
  const [first = ''] = words.toLowerCase().split(' ')
  const isProduct = 'abcdefghijklmnopqrstuvwxyz'.includes(first) || new Set(first).size < 3
  return (
    first.length >= 4 &&
    /[aeiou]/.test(first) &&
    !isProduct &&
    !/^(?:sqrt|sin|cos|tan|log)/.test(first)
  )
}

/** The last word without its plural. */
function stem(words: string): string {
  return words.toLowerCase().replace(/(?<=[a-z]{2})(?:(?<=[sxh])es|s)$/, '')
}

/** The canonical name of a unit: `square feet` is `ft2`. Undefined for what is no known unit. */
export function canonicalUnit(words: string, power: string): string | undefined {
  const match = /^(?:(square|sq|cubic)\.? )?(.+?)\.?$/.exec(words.toLowerCase().trim())
  const names = (match?.[2] ?? '')
    .split(/ ?(?:\/|\bper\b) ?/)
    .map((word) => canonicalNames.get(word))
  if (names.includes(undefined)) return undefined
  const powers: Record<string, string> = { square: '2', sq: '2', cubic: '3' }
  const name = names.join('/')
  return `${canonicalNames.get(name) ?? name}${powers[match?.[1] ?? ''] ?? power}`
}
