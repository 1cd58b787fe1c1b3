import { plainWords } from './math-words.ts'

const small = new Map(
  (
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen ' +
    'fifteen sixteen seventeen eighteen nineteen'
  )
    .split(' ')
    .map((word, value) => [word, value]),
)
const tens = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'
    .split(' ')
    .map((word, at) => [word, 20 + 10 * at]),
)
const scales = new Map([
  ['thousand', 1e3],
  ['million', 1e6],
])
const part =
  /^(?:half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|hundredth|thousandth|dozen|score|billion|trillion|double|twice|minus|negative|nil)s?$/

/** The number that words name: `three` is `3`, `one hundred and twenty-one` is `121`; below a thousand millions. */
export function numeralOf(text: string): string | undefined {
  const words = plainWords(text).split(/[ -]+(?:and )?/)
  let [total, group, least] = [0, 0, Number.POSITIVE_INFINITY]
  let previous = ''
  for (const word of words) {
    const value = small.get(word) ?? tens.get(word)
    const scale = scales.get(word) ?? 0
    if (value !== undefined) {
      const fits = previous === '' || previous === 'scale' || (previous === 'tens' && value < 10)
      if (!fits || (value === 0 && words.length > 1)) return undefined
      group += value
      previous = tens.has(word) ? 'tens' : 'small'
    } else if (word === 'hundred' && previous !== 'scale' && group > 0 && group < 100) {
      group *= 100
      previous = 'scale'
    } else if (scale > 0 && scale < least && group > 0) {
      total += group * scale
      ;[group, least, previous] = [0, scale, 'scale']
    } else return undefined
  }
  return String(total + group)
}

/** Whether a word in a text is, or may be, a part of a number. */
export function namesNumber(text: string): boolean {
  return plainWords(text)
    .split(/[ -]+/)
    .some(
      (word) =>
        part.test(word) ||
        word === 'hundred' ||
        [small, tens, scales].some((words) => words.has(word)),
    )
}
