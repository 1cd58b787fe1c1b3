const articles = /^(?:the|an?) (?=\S)/
const formulaWords = new Set('sin cos tan cot sec csc log exp sqrt max min mod lim inf'.split(' '))
const shortWords = new Set(['no', 'on', 'so', 'up', 'if', 'it', 'at', 'in', 'or', 'am', 'pm'])

/** Words that set-ups of problems use for the same: each line one meaning. */
const meanings = [
  [
    'no solution',
    'no solutions',
    'none',
    'does not exist',
    'dne',
    'no real solution',
    'no real solutions',
    '\\emptyset',
    '\\varnothing',
    '\\{\\}',
    'empty set',
  ],
  ['all real numbers', '\\mathbb{r}', '(-\\infty, \\infty)', 'all reals'],
  ['\\infty', 'infinity', 'infinite', 'infinitely many'],
  ['yes', 'true'],
  ['false', 'no'],
]
const meaningOf = new Map(meanings.flatMap((words) => words.map((word) => [word, words[0] ?? ''])))

/** Whether an answer in normal form is a text: words, and no formula among them. */
export function isWords(text: string): boolean {
  const bare = plainWords(text)
  if (!/^[\p{L} .'’-]+$/u.test(bare)) return false
  return bare
    .split(/[ .-]+/)
    .some((word) => (/[aeiou]|[^ -~]|[a-z]{4}/.test(word) && isLong(word)) || shortWords.has(word))
}

function isLong(word: string): boolean {
  return word.length >= 3 && !formulaWords.has(word)
}

/** Whether two texts say the same: case, articles and how the type is set aside. */
export function sameWords(left: string, right: string): boolean {
  const [one, other] = [left, right].map(meaning)
  return one === other
}

/** Whether a text says that there is no answer: it is none to a problem that has one. */
export function saysNothing(text: string): boolean {
  return /^(?:there (?:is|are) )?no(?:ne$| (?:[\w-]+ ){0,3}(?:solution|answer|value|root|number|integer)s?\b)|\b(?:does not exist|do not exist|undefined|undetermined|cannot be (?:uniquely )?determined)\b/.test(
    plainWords(text),
  )
}

/** The text in lower case, without commands that set type, articles and full stops. */
export function plainWords(text: string): string {
  return text
    .replaceAll(/\\text\{([^{}]*)\}/g, ' $1 ')
    .replaceAll(/\\ |~/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase()
    .replace(/[.!]+$/, '')
    .replace(articles, '')
}

function meaning(text: string): string {
  const bare = plainWords(text)
  return meaningOf.get(bare) ?? bare
}
