import { describe, expect, test } from 'vitest'
import { measureRepetition } from '../../../core/evaluation/repetition.ts'
import { measureTexts } from '../../../core/evaluation/text-figures.ts'

const prose = Array.from({ length: 300 }, (_, at) => `Step ${at} adds ${at * at} to the sum.`).join(
  ' ',
)

describe('repetition', () => {
  test('is none in a text that never says the same twice', () => {
    const words = Array.from({ length: 500 }, (_, at) => `word${at}`).join(' ')
    expect(measureRepetition(words)).toEqual({ repeatedFourWords: 0, loop: null })
    expect(measureRepetition('')).toEqual({ repeatedFourWords: 0, loop: null })
  })

  test('counts the sequences of four words that stood there before', () => {
    // Five sequences: the last of them is the first again.
    expect(measureRepetition('a b c d a b c d').repeatedFourWords).toBeCloseTo(1 / 5, 12)
  })

  test('finds the loop in which a text ends, cut off in the middle of its stretch', () => {
    const stretch = 'Wait, let me check that once more. '
    const tail = stretch.repeat(40).slice(0, -20)
    const { loop, repeatedFourWords } = measureRepetition(`${prose}\n${tail}`)
    expect(loop).toEqual({ period: stretch.length, length: tail.length })
    expect(repeatedFourWords).toBeGreaterThan(0.1)
  })

  test('finds a loop of a whole paragraph', () => {
    const paragraph = `${prose.slice(0, 2000)}\n\n`
    const text = `Thinking: ${paragraph.repeat(3)}`
    expect(measureRepetition(text).loop).toEqual({ period: 2002, length: 3 * 2002 })
  })

  test.each([
    ['a stretch that comes twice', `${prose}${'the same sentence of some length. '.repeat(2)}`],
    ['a short run of one character', `${prose} 0.${'3'.repeat(150)}`],
    ['a loop that the model left again', `${'again and again '.repeat(100)}so the answer is 7.`],
  ])('%s is no loop', (_, text) => {
    expect(measureRepetition(text).loop).toBeNull()
  })

  test('is measured of a text of 200,000 characters, whatever is in it', () => {
    const long = 200_000
    const fibonacci = ['a', 'ab']
    while ((fibonacci.at(-1) ?? '').length < long) {
      fibonacci.push(`${fibonacci.at(-1)}${fibonacci.at(-2)}`)
    }
    for (const text of ['x'.repeat(long), 'a b '.repeat(long / 4), `${'x'.repeat(long)}y`]) {
      expect(measureRepetition(text).loop === null).toBe(text.endsWith('y'))
    }
    // The hardest case for the borders: nearly periodic at every length.
    const word = (fibonacci.at(-1) ?? '').slice(0, long)
    expect(measureRepetition(word).repeatedFourWords).toBe(0)
  })
})

describe('the figures of texts', () => {
  test('count what was cut off and what ended in a loop, and describe the lengths', () => {
    const texts = Array.from({ length: 101 }, (_, at) => ({
      text: at < 5 ? 'over and '.repeat(60) : `answer ${at}`,
      truncated: at < 10,
      completionTokens: 10 * at,
    }))
    const figures = measureTexts(texts)
    expect(figures).toMatchObject({ samples: 101, truncated: 10, looped: 5 })
    expect(figures?.tokens).toEqual({ mean: 500, p5: 50, p25: 250, p50: 500, p75: 750, p95: 950 })
    expect(figures?.repeatedFourWords).toBeCloseTo((5 * 115) / 117 / 101, 12)
  })

  test('of no texts are none', () => {
    expect(measureTexts([])).toBeNull()
  })
})
