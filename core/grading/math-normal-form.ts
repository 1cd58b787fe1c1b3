import { closingBrace } from './answer-extraction.ts'

type Rewrite = readonly [pattern: RegExp, replacement: string]

const vulgarFractions: readonly Rewrite[] = [
  ['½', 1, 2],
  ['⅓', 1, 3],
  ['⅔', 2, 3],
  ['¼', 1, 4],
  ['¾', 3, 4],
].map(([one, above, below]): Rewrite => [new RegExp(`${one}`, 'g'), `\\frac{${above}}{${below}}`])

/** Characters that models write in place of LaTeX commands. No NFKC: it would turn 5² into 52. */
const characters: readonly Rewrite[] = [
  [/(?![\t\n\r])[\p{Cc}\p{Cf}]/gu, ''],
  [/[\u00a0\u2000-\u200a\u202f\u3000]/g, ' '],
  [/[\u2212\u2013]/g, '-'],
  [/×/g, '\\times '],
  [/[·⋅]/g, '\\cdot '],
  [/π/g, '\\pi '],
  [/√\s*(\d+|[a-zA-Z])/g, '\\sqrt{$1}'],
  [/∞/g, '\\infty '],
  [/°/g, '^\\circ '],
  [/\\text\s*\{\s*¢\s*\}|¢/g, '\\text{cents}'],
  ...vulgarFractions,
  [/√(?=[({])/g, '\\sqrt'],
  [/∅/g, '\\emptyset'],
  [/²/g, '^2'],
  [/³/g, '^3'],
  [/≤/g, '\\le '],
  [/≥/g, '\\ge '],
  [/≠/g, '\\ne '],
  [/∪/g, '\\cup '],
  [/∈/g, '\\in '],
  [/\{([^{}]*)\\choose ?([^{}]*)\}/g, '\\binom{$1}{$2}'],
]

/** Spellings of the same LaTeX. Applied in order. */
const spellings: readonly Rewrite[] = [
  [/\\(?:boldsymbol|bm|pmb|bf|rm|it|large|Large|small|normalsize)(?![a-zA-Z])\s*/g, ''],
  [/\\cr(?![a-zA-Z])/g, '\\\\ '],
  [/\\lbrace(?![a-zA-Z])/g, '\\{'],
  [/\\rbrace(?![a-zA-Z])/g, '\\}'],
  [/(?<=\\(?:pi|infty|emptyset|theta|alpha|beta|circ))\{\}/g, ''],
  [/(?<=\w) ?\*\* ?(\w|\{)/g, '^$1'],
  [/\\(?:mathrm|operatorname|text)\s*\{\s*(sin|cos|tan|cot|sec|csc|ln|log|exp)\s*\}/g, '\\$1 '],
  [/\\text\s*\{\s*([:€])\s*\}/g, '$1'],
  [/\\(?:left|right|[bB]igg?[lr]?|displaystyle|limits)(?![a-zA-Z])/g, ''],
  [/\\[dtc]frac(?![a-zA-Z])/g, '\\frac'],
  [/,\s*\\!\s*|\{,\}/g, ','],
  [/\\!/g, ''],
  [/\\\\\s*\[[^\]]*\]/g, '\\\\ '],
  [/(?<!\\)\\[,;: ]|~|\\q?quad(?![a-zA-Z])/g, ' '],
  [/\\(?:mathrm|text)\{([eid])\}/g, ' $1'],
  [/\\(?:mbox|textbf|textrm|textit|textnormal|mathrm|mathbf|mathsf|operatorname)\s*\{/g, '\\text{'],
  [/\\text\s*\{\s*((?:[^{}]*[^{}\s])?)\s*\}/g, '\\text{$1}'],
  [/\^\s*\{\s*\\circ\s*\}|\^\s*\\circ(?![a-zA-Z])|\\degree(?![a-zA-Z])/g, '^\\circ '],
  [/\\leq(?:slant)?(?![a-zA-Z])/g, '\\le '],
  [/\\geq(?:slant)?(?![a-zA-Z])/g, '\\ge '],
  [/\\neq(?![a-zA-Z])/g, '\\ne '],
  [/\\varnothing(?![a-zA-Z])/g, '\\emptyset'],
  [/\\var(phi|epsilon|theta|rho)(?![a-zA-Z])/g, '\\$1'],
  [/\\[dt]binom(?![a-zA-Z])/g, '\\binom'],
  [/\\overline\{([A-Z]{2})\}/g, '$1'],
  [/\\text\{ ?\\\$ ?\}|(?:US|\\text\{US\}) ?(?=\\\$)/g, '\\$'],
  [/(?<![\d.])(\d*\.\d*?)(\d)\2{2,}(?:\.{3}|\\[ld]?dots)/g, '$1\\overline{$2}'],
  [/<=(?!=)/g, '\\le '],
  [/>=/g, '\\ge '],
  [/!=/g, '\\ne '],
  [/\\lt(?![a-zA-Z])/g, '<'],
  [/\\gt(?![a-zA-Z])/g, '>'],
  [/\\%/g, '%'],
  [/\\frac\s*(\d)\s*(\d)/g, '\\frac{$1}{$2}'],
  [/\\frac\s*(\{[^{}]*\})\s*(\d)/g, '\\frac$1{$2}'],
  [/\\frac\s*(\d)\s*\{/g, '\\frac{$1}{'],
  [/\\sqrt\s*(\d)/g, '\\sqrt{$1}'],
  [/\\frac ?(\\pi|\w) ?(\\pi(?![a-zA-Z])|\w)/g, '\\frac{$1}{$2}'],
  // x^{1}2 is not x^12.
  [/([_^])\s*\{\s*(\w)\s*\}(?! ?\d)/g, '$1$2'],
  [/(?<=^-?\d*)\.(\d*)\\(?:bar|dot)\{?(\d)\}?$/g, '.$1\\overline{$2}'],
  [/(?<=^-?\d*)\.(\d*)\\bar\{(\d+)\}$/g, '.$1\\overline{$2}'],
  [/(?<=^-?\d*)\.(\d*)\\dot\{?(\d)\}?(\d*)\\dot\{?(\d)\}?$/g, '.$1\\overline{$2$3$4}'],
  [/(?<=^-?\d*)\.\((\d+)\)$/g, '.\\overline{$1}'],
  [/^(-?\d+) (\d+)\/(\d+)$/g, '$1\\frac{$2}{$3}'],
  [/^(\d+) ?\\text\{to\} ?(\d+)$|^(\d+) to (\d+)$/g, '$1$3:$2$4'],
]

/** White space that separates nothing. Between letters, and between digits, it stays. */
const spaces: readonly Rewrite[] = [
  [/(?<=\d) (?=[a-zA-Z\\])|(?<=\\[a-zA-Z]+) (?=\d)/g, ''],
  [/(?<![a-zA-Z\d,;]) |(?<![,;]) (?![a-zA-Z\d])/g, ''],
]

/** `1,234` without a space may be one number; every other comma or semicolon separates. */
const thousandsOrSeparator = /(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?!\d)|\s*[,;]\s*/g

/**
 * One spelling for answers that are the same text but for LaTeX style: two answers with equal normal
 * forms are certainly equal. It never drops what carries meaning (units, names, order, brackets).
 * A comma or semicolon that separates is followed by a space; a bare comma belongs to a number.
 */
export function normalForm(answer: string): string {
  const plain = withoutDelimiters(rewrite(withoutEscapes(answer), characters).trim())
  const spelled = rewrite(unwrapped(withoutEmphasis(plain)), spellings)
    .replaceAll(/\s+/g, ' ')
    .trim()
  // A full stop ends a sentence; three dots go on: 1, 2, 3, ...
  const phrase = unwrappedText(spelled.replace(/(?<!\.)\.$/, '').replace(/[,;: ]+$/, ''))
  const separated = phrase.replaceAll(thousandsOrSeparator, (match) => {
    return /\d/.test(match) ? match : `${match.trim()} `
  })
  return joinThousandSpaces(withRoundBrackets(rewrite(separated, spaces)))
}

/** `]1, 2]` is what others write as `(1, 2]`. */
function withRoundBrackets(text: string): string {
  if (/[()]/.test(text) || !/^(?:[^[\]]*[[\]][^[\]]+[[\]])+$/.test(text)) return text
  return text
    .replaceAll(/\](?=[^[\]]+[,;][^[\]]+[[\]])/g, '(')
    .replaceAll(/([[(][^[\]()]+[,;][^[\]()]+)\[/g, '$1)')
}

/** `\\\\frac` is a command that was escaped once too often; in a matrix two backslashes end a row. */
function withoutEscapes(answer: string): string {
  return answer.includes('\\begin') ? answer : answer.replaceAll(/\\\\(?=[a-zA-Z])/g, '\\')
}

/** `**5**` is 5 in bold type, as Markdown has it. */
function withoutEmphasis(text: string): string {
  return /^\*\*(.+)\*\*$/s.exec(text)?.[1] ?? text
}

/** Whether braces are balanced and math delimiters paired: what is not was cut, garbled or never filled in. */
export function isWellFormed(answer: string): boolean {
  if (answer.trim() === '' || /\\text\s*\{\s*\{/.test(answer)) return false
  const bare = answer.replaceAll(/\\[\\{}$]/g, '')
  let depth = 0
  for (const character of bare) {
    if (character === '{') depth += 1
    if (character === '}') depth -= 1
    if (depth < 0) return false
  }
  const dollars = bare.split('$').length - 1
  return depth === 0 && (dollars % 2 === 0 || dollars === 1)
}

function rewrite(text: string, rewrites: readonly Rewrite[]): string {
  return rewrites.reduce((result, [pattern, by]) => result.replaceAll(pattern, by), text)
}

/** Drops `$…$`, `\(…\)`, `\[…\]`; a lone dollar sign is money and becomes `\$`. */
function withoutDelimiters(text: string): string {
  const paired = text.replaceAll(/(?<!\\)\\[()[\]]/g, '')
  const dollars = paired.match(/(?<!\\)\$/g)?.length ?? 0
  return paired.replaceAll(/(?<!\\)\$/g, dollars === 1 ? '\\$' : '')
}

/** `\boxed{x}` inside a box, and braces around everything. */
function unwrapped(text: string): string {
  const opening = /^(?:\\(?:boxed|fbox)\s*)?\{/.exec(text)
  if (opening === null) return text
  const closing = closingBrace(text, opening[0].length)
  if (closing !== text.length - 1) return text
  return unwrapped(text.slice(opening[0].length, closing).trim())
}

/** An answer that is one `\text{…}` is that text. */
function unwrappedText(text: string): string {
  return /^\\text\{([^{}]*)\}$/.exec(text)?.[1] ?? text
}

function joinThousandSpaces(text: string): string {
  return /^-?\d{1,3}(?: \d{3})+$/.test(text) ? text.replaceAll(' ', '') : text
}
