/** Letters that are numbers, not names. */
const numbers = new Set(['e', 'i', '\\pi'])
const subscript = /_(?:\{[^{}]*\}|\w|\\\w+)/g
/** The inverse of a function is named by it. */
const inverse = /(?<=[a-zA-Z])\^\{-1\}(?=\()/g
const decoration =
  /\\(?:angle|overline|triangle|text|frac|mathbf|vec|overrightarrow|measuredangle|mathcal|operatorname)(?![a-zA-Z])/g
const greek = /\\[a-zA-Z]+/g

/**
 * Whether a side of an equation only names what the other side is: a letter, with index or argument
 * (`x_1`, `f(x)`, `P(5)`), points (`AB`, `|AB|`, `\angle ABC`), a ratio or tuple of such.
 */
export function isName(text: string): boolean {
  if (numbers.has(text)) return false
  const bare = text
    .replaceAll(subscript, '')
    .replaceAll(inverse, '')
    .replaceAll(/\\mathrm/g, '')
    .replaceAll(decoration, ' ')
    .replaceAll(greek, 'G')
    .replaceAll(/(?<=[a-zA-Z])\([\w ,;]+\)/g, '')
  return /[a-zA-Z]/.test(bare) && /^[a-zA-Z|():,;/ '{}]+$/.test(bare)
}

/** A name as it is compared: spaces and braces set type, and the argument of a function is bound. */
export function nameKey(name: string): string {
  return name.replaceAll(/[\s{}]/g, '')
}

/** The letter that a name like `f(x)` binds in what it stands for. */
export function boundLetter(name: string): string | undefined {
  return /^[a-zA-Z](?:_\w|\^-1)?\(([a-zA-Z])\)$/.exec(nameKey(name))?.[1]
}
