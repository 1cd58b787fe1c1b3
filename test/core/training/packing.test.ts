import { expect, test } from 'vitest'
import {
  type Example,
  type MicroStep,
  packCost,
  packSteps,
} from '../../../core/training/packing.ts'
import { drawnSteps } from '../../../core/training/steps.ts'

const rule = { devices: 8, capacity: 16_384, cost: packCost }

/** Lengths like those of long traces: lognormal, of a fixed seed. */
function examples(count: number): Example[] {
  let state = 1
  const draw = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
  return Array.from({ length: count }, (_, row) => {
    const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
    return {
      row,
      tokens: Math.min(16_384, Math.max(50, Math.round(3650 * Math.exp(0.65 * normal)))),
    }
  })
}

/** An epoch's steps of 96, and a smaller one where the count leaves a remainder. */
function stepsOf(order: readonly Example[]) {
  return drawnSteps([order], { steps: Infinity, examplesPerStep: 96 })
}

const rowsOf = (group: readonly Example[]) => group.map(({ row }) => row).toSorted((a, b) => a - b)

const tokensOf = (pack: readonly Example[]) =>
  pack.reduce((sum, { tokens }) => sum + Math.ceil(tokens / 8) * 8, 0)

test('every example stands in its epoch once, in the same step of 96 as unpacked', () => {
  const steps = stepsOf(examples(1000))
  const packed = packSteps(steps, rule)
  expect(packed.map((step) => rowsOf(step.flat(2)))).toEqual(steps.map(rowsOf))
  expect(rowsOf(packed.flat(3))).toEqual(rowsOf(examples(1000)))
})

test('every step has as many micro-steps, every device a pack in each, none over its room', () => {
  const packed = packSteps(stepsOf(examples(1920)), rule)
  expect(new Set(packed.map((step) => step.length)).size).toBe(1)
  for (const microStep of packed.flat()) {
    expect(microStep).toHaveLength(8)
    for (const pack of microStep) {
      expect(pack).not.toEqual([])
      expect(tokensOf(pack)).toBeLessThanOrEqual(rule.capacity)
    }
  }
})

test('there are no more micro-steps than the fullest step needs', () => {
  const steps = stepsOf(examples(9600))
  const [{ length: microSteps } = []] = packSteps(steps, rule)
  const tokens = steps.map(tokensOf)
  expect(microSteps).toBe(Math.ceil(Math.max(...tokens) / (8 * rule.capacity)))
})

const costOf = (pack: readonly Example[]) => packCost(pack.map(({ tokens }) => tokens))

/** The time of the slowest devices, over what all would take were nobody waited for. */
function waiting(microSteps: readonly MicroStep[]): number {
  const slowest = microSteps.reduce((sum, packs) => sum + Math.max(...packs.map(costOf)), 0)
  return slowest / (costOf(microSteps.flat(2)) / 8)
}

test('costs are level: devices wait 6 % at most, more than twice as long with rows as drawn', () => {
  const steps = stepsOf(examples(9600))
  expect(waiting(packSteps(steps, rule).flat())).toBeLessThan(1.06)
  const asDrawn = steps.flatMap((step) =>
    Array.from({ length: 12 }, (_, at) => step.slice(at * 8, at * 8 + 8).map((each) => [each])),
  )
  expect(waiting(asDrawn)).toBeGreaterThan(2)
})

test('a smaller last step has as many packs, some of them empty', () => {
  const [first = [], last = []] = packSteps(stepsOf(examples(100)), rule)
  expect(first.flat(2)).toHaveLength(96)
  expect(last.flat(2)).toHaveLength(4)
  expect(last.map((microStep) => microStep.length)).toEqual(first.map(() => 8))
})

test('a row longer than a pack is refused by its number', () => {
  expect(() => packSteps([[{ row: 7, tokens: 20_000 }]], rule)).toThrow(
    'row 7 has 20000 tokens, a pack at most 16384',
  )
})
