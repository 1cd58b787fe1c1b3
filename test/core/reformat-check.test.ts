import { describe, expect, test } from 'vitest'
import type { Problem } from '../../core/problem.ts'
import { checkReformat } from '../../core/reformat-check.ts'
import { formatTrace } from '../../core/trace.ts'
import { exampleProblem } from './example-rows.ts'

const question = exampleProblem()
const programming = exampleProblem({
  domain: 'code',
  reference: { kind: 'tests', tests: { kind: 'stdin', cases: [{ input: '1', output: '2' }] } },
})
const choosing = exampleProblem({
  domain: 'science',
  reference: { kind: 'choice', letter: 'B' },
})

function check(
  original: string,
  sections: { readonly thought?: string; readonly solution: string },
  { problem = question, minimumKept = 0.9 }: { problem?: Problem; minimumKept?: number } = {},
) {
  const text = formatTrace({ thought: original, ...sections })
  return checkReformat({ problem, original, text, minimumKept })
}

const defect = (name: string) => expect.objectContaining({ ok: false, defect: name })
const fenced = (code: string, language = 'python') => `\`\`\`${language}\n${code}\n\`\`\``

test('a faithful rewriting is taken, in its sections', () => {
  const original = 'Two and two. Wait, four.\n\nSo \\boxed{4}.'
  expect(check(original, { solution: 'The answer is \\boxed{4}.' })).toEqual({
    ok: true,
    sections: { thought: original, solution: 'The answer is \\boxed{4}.' },
  })
})

test('a reply that is no trace is refused with the defect of its form', () => {
  const original = 'So \\boxed{4}.'
  const text = formatTrace({ thought: original, solution: original })
  const checked = (reply: string) =>
    checkReformat({ problem: question, original, text: reply, minimumKept: 0.9 })
  expect(checked(text.slice(0, -1))).toEqual(defect('missing-tag'))
  expect(checked(`Sure! ${text}`)).toEqual(defect('text-outside-sections'))
})

describe('of an original of eleven words', () => {
  const words = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k']
  const original = words.join(' ')
  const solution = '-'

  type Kept = { readonly thought: readonly string[]; readonly minimumKept: number }
  test.each<[string, Kept, boolean | string]>([
    [
      'nine in ten pairs kept are enough for 0.9',
      { thought: words.slice(0, 10), minimumKept: 0.9 },
      true,
    ],
    [
      'and too few for 0.91',
      { thought: words.slice(0, 10), minimumKept: 0.91 },
      'thought-shortened',
    ],
    ['everything is asked for by 1', { thought: words, minimumKept: 1 }, true],
    ['nothing is asked for by 0', { thought: ['z'], minimumKept: 0 }, true],
    [
      'another order is not kept',
      { thought: words.toReversed(), minimumKept: 0.9 },
      'thought-shortened',
    ],
    [
      'what is added is invented',
      { thought: [...words, 'x', 'y', 'z'], minimumKept: 0.9 },
      'thought-invented',
    ],
    [
      'one word added in eleven pairs is let through',
      { thought: [...words, 'x'], minimumKept: 0.9 },
      true,
    ],
    [
      'what is said twice is invented',
      { thought: [...words, ...words], minimumKept: 0.9 },
      'thought-invented',
    ],
  ])('%s', (_, { thought, minimumKept }, expected) => {
    const checked = check(original, { thought: thought.join(' '), solution }, { minimumKept })
    expect(checked.ok ? true : checked.defect).toBe(expected)
  })

  test('a conclusion that moved to the solution is kept', () => {
    const parts = { thought: words.slice(0, 7).join(' '), solution: words.slice(6).join(' ') }
    expect(check(original, parts).ok).toBe(true)
  })

  test('the solution may say what the original did not: it is the answer that is held to it', () => {
    const wordy = 'In the end, after all of these many words, the answer is what was said above.'
    expect(check(original, { solution: wordy }).ok).toBe(true)
  })
})

describe('the answer', () => {
  const original = 'Hmm, is it \\boxed{5}? No, it is not. So it is \\boxed{\\frac{1}{2}}.'
  test.each([
    ['is the last of the original', '\\boxed{\\frac{1}{2}}', true],
    ['may be spaced otherwise', '\\boxed{ \\frac{ 1 }{ 2 } }', true],
    ['must not be an earlier one', '\\boxed{5}', 'answer-changed'],
    ['may be put otherwise, if exact rules find it equal', '\\boxed{0.5}', true],
    ['must not take algebra to recognise', '\\boxed{\\int_0^1 x\\,dx}', 'answer-changed'],
    ['must not gain a unit', '\\boxed{\\frac{1}{2}\\text{ cm}}', 'answer-changed'],
    ['must stand there once', '\\boxed{\\frac{1}{2}}. So \\boxed{\\frac{1}{2}}', 'several-boxes'],
    ['must not be joined to another', '\\boxed{\\frac{1}{2}} or \\boxed{5}', 'answer-changed'],
    ['must stand in a box', 'It is \\frac{1}{2}.', 'no-boxed-answer'],
    ['must not be cut off', '\\boxed{\\frac{1}{2}', 'no-boxed-answer'],
  ])('%s', (_, solution, expected) => {
    const checked = check(original, { solution })
    expect(checked.ok ? true : checked.defect).toBe(expected)
  })

  test.each([
    ['The answer is 4.', '\\boxed{4}', true],
    ['The answer is 4 apples, since 2 + 2 is 4.', '\\boxed{4}', true],
    ['Five? No. Therefore the total number is 4.', '\\boxed{4}', true],
    ['The answer is 4 million.', '\\boxed{4}', 'answer-changed'],
    ['The answer is 4.', 'The answer is 4.', 'no-boxed-answer'],
    ['The answer is 4.', '\\boxed{5}', 'answer-changed'],
    ['The answer is 12, not 15.', '\\boxed{15}', 'answer-changed'],
    ['The answer is 25%.', '\\boxed{25}', 'answer-changed'],
    ['I cannot help with that.', '\\boxed{4}', 'answer-invented'],
    ['I cannot help with that.', 'There is no answer.', true],
  ])('of an original without a box is what it says: %j as %j', (stated, solution, expected) => {
    const checked = check(stated, { solution })
    expect(checked.ok ? true : checked.defect).toBe(expected)
  })

  test('of several parts stays in its parts', () => {
    const parts = 'So \\boxed{1} and \\boxed{2}.'
    expect(check(parts, { solution: 'They are \\boxed{1} and \\boxed{2}.' }).ok).toBe(true)
    expect(check(parts, { solution: '\\boxed{2}' })).toEqual(defect('answer-changed'))
  })

  test('of a multiple choice is held to the original too', () => {
    const by = { problem: choosing }
    expect(check('It is (B): \\boxed{B}', { solution: '\\boxed{C}' }, by)).toEqual(
      defect('answer-changed'),
    )
    expect(check('The answer is (B).', { solution: '\\boxed{B}' }, by).ok).toBe(true)
    expect(check('So: \\boxed{(B) Paris}', { solution: '\\boxed{B}' }, by).ok).toBe(true)
  })
})

describe('the program', () => {
  const code = 'n = int(input())\nprint(n * 2)'
  const draft = 'print(2)'
  const original = `First:\n\n${fenced(draft)}\n\nNo, rather:\n\n${fenced(code)}\n\nThat is it.`
  test.each([
    ['is one of the original', fenced(code), true],
    ['may lose its language', fenced(code, ''), true],
    ['must not be an earlier one', fenced(draft), 'earlier-program'],
    ['must not be changed', fenced(code.replace('2', '3')), 'program-changed'],
    ['must not be indented otherwise', fenced(code.replace('print', '  print')), 'program-changed'],
    ['may be indented as a whole', fenced(code.replaceAll(/^/gm, '    ')), true],
    ['may have blank lines and blanks at its ends', fenced(code.replace('\n', '  \n\n')), true],
    ['must not be cut', fenced(code.split('\n')[0] ?? ''), 'program-changed'],
    ['must stand in a block', code, 'no-code-block'],
    ['must not be left empty', fenced(''), 'no-code-block'],
    ['must stand alone', `${fenced(draft)}\n\n${fenced(code)}`, 'several-code-blocks'],
    ['must not be cut off', fenced(code).slice(0, -3), 'no-code-block'],
  ])('%s', (_, solution, expected) => {
    const checked = check(original, { solution }, { problem: programming })
    expect(checked.ok ? true : checked.defect).toBe(expected)
  })

  test('is found in an original that is nothing but a program', () => {
    expect(check(code, { solution: fenced(code) }, { problem: programming }).ok).toBe(true)
  })

  test.each([
    ['whole', code, true],
    ['without its end', code.split('\n')[0] ?? '', 'program-changed'],
    ['without its beginning', code.split('\n')[1] ?? '', 'program-changed'],
    ['indented otherwise', code.replace('print', ' print'), 'program-changed'],
  ])('is taken from an original without fences %s', (_, program, expected) => {
    const loose = `Reading a number and doubling it will do.\n\n${code}\n\nThat is it.`
    const checked = check(loose, { solution: fenced(program) }, { problem: programming })
    expect(checked.ok ? true : checked.defect).toBe(expected)
  })

  test('is the one that defines the function, not the example of its use', () => {
    const cases = [{ arguments: [1, 2], expected: 3 }]
    const tests = { kind: 'call', function: 'add', cases } as const
    const calling = exampleProblem({ domain: 'code', reference: { kind: 'tests', tests } })
    const adding = 'def add(a, b):\n    return a + b'
    const shown = `${fenced(adding)}\n\nUse:\n\n${fenced('print(add(1, 2))')}`
    const of = (program: string) =>
      check(shown, { solution: fenced(program) }, { problem: calling })
    expect(of(adding).ok).toBe(true)
    expect(of('print(add(1, 2))')).toEqual(defect('earlier-program'))
  })

  test('keeps the blank lines of a text within it', () => {
    const text = 'print("""a\n\nb""")'
    const of = (program: string) =>
      check(fenced(text), { solution: fenced(program) }, { problem: programming })
    expect(of(text).ok).toBe(true)
    expect(of(text.replace('\n\n', '\n'))).toEqual(defect('program-changed'))
  })
})

describe('the thought', () => {
  const sentences = Array.from(
    { length: 60 },
    (_, at) => `In step ${at} we add ${at * 7} to what came out before, which is still right.`,
  )
  const code = 'n = int(input())\nfor i in range(n):\n    print(i * 2)'
  const original = [...sentences.slice(0, 30), fenced(code), ...sentences.slice(30)].join('\n\n')
  const solution = fenced(code)
  const thought = (change: (text: string) => string) =>
    check(original, { thought: change(original), solution }, { problem: programming })

  test.each<[string, (text: string) => string]>([
    ['in other white space', (text) => text.replaceAll(/(?<=\.)\n\n/g, '\n \n  ')],
    ['in other Markdown', (text) => text.replaceAll('step', '**step**').replaceAll('we', '_we_')],
    ['without its program, which moved to the solution', (text) => text.replace(solution, '')],
    ['with its steps counted', (text) => text.replace('In step 9', 'Step 9:\nIn step 9')],
    ['with a word changed here and there', (text) => text.replaceAll('step 5', 'stage 5')],
  ])('is kept %s', (_, change) => {
    expect(thought(change).ok).toBe(true)
  })

  test.each<[string, (text: string) => string, string]>([
    ['without one sentence', (text) => text.replace(`${sentences[40]}`, ''), 'thought-shortened'],
    ['without its end', (text) => text.slice(0, -200), 'thought-shortened'],
    ['summed up', () => 'We add the steps up and print.', 'thought-shortened'],
    [
      'with a sentence more',
      (text) =>
        text.replace('In step 9', 'Let me see whether all of this is as it should be. In step 9'),
      'thought-invented',
    ],
    ['with another number', (text) => text.replace('add 140', 'add 141'), 'number-changed'],
    ['without a number', (text) => text.replace('add 140', 'add'), 'number-changed'],
    ['with a number more', (text) => text.replace('add 140', 'add 140 7'), 'number-changed'],
    ['with a number in words', (text) => text.replace('add 7 ', 'add seven '), 'number-changed'],
    ['with another sign', (text) => text.replace('add 140', 'add -140'), 'number-changed'],
    [
      'in another order',
      () => [...sentences.slice(30), ...sentences.slice(0, 30)].join('\n\n'),
      'thought-shortened',
    ],
  ])('is refused %s, and the complaint says where', (_, change, expected) => {
    const checked = thought(change)
    expect(checked).toMatchObject({ ok: false, defect: expected })
    expect(checked.ok || checked.near).toMatch(/\w/)
  })
})

describe('hostile text does no harm:', () => {
  test.each([
    ['an original without words', '!!! ??? \u0000 \u{1F600}'],
    ['names of prototypes', '__proto__ constructor __proto__ constructor toString'],
    ['replacement patterns', '$& $1 $` $$ \\boxed{$&}'],
    ['regular expressions', '(a+)+$ [ ( * \\ \\boxed{(a+)+$}'],
    ['another script', '二加二等于四。所以答案是 \\boxed{四}。'],
    ['a surrogate cut in half', '\uD83D so \\boxed{\uDE00}'],
  ])('%s', (_, original) => {
    expect(check(original, { solution: original }).ok).toBe(true)
  })

  test('nothing can be written of an empty original', () => {
    expect(check('', { thought: 'So, four.', solution: '-' })).toEqual(defect('thought-invented'))
  })

  test('an original that quotes the tags cannot be copied into them', () => {
    const quoted = 'I end with <|end_of_solution|> and \\boxed{4}.'
    expect(check(quoted, { solution: '\\boxed{4}' })).toEqual(defect('repeated-tag'))
  })
})
