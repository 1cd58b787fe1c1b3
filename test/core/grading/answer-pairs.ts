import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { formulaPairs } from './formula-pairs.ts'
import { numberPairs } from './number-pairs.ts'
import { structurePairs } from './structure-pairs.ts'
import { wordPairs } from './word-pairs.ts'

/** A reference and an answer to it. */
export type Pair = readonly [reference: string, answer: string]

/** Pairs of one class that are certainly equal, and pairs that certainly are not. */
export type PairClass = {
  readonly name: string
  readonly equal: readonly Pair[]
  readonly different: readonly Pair[]
}

/** Draws a whole number, both ends included. */
export type Draw = (from: number, to: number) => number
/** Makes a round of pairs of one class. */
export type Maker = (draw: Draw) => { equal: Pair[]; different: Pair[] }

/** Draws `rounds` rounds of pairs of every class, the same for the same seed. */
export function answerPairs(seed: number, rounds: number): PairClass[] {
  return Object.entries(makers).map(([name, make]) => {
    const generator = xoroshiro128plus(seed)
    const draw: Draw = (from, to) => uniformInt(generator, from, to)
    const made = Array.from({ length: rounds }, () => make(draw))
    return {
      name,
      equal: made.flatMap(({ equal }) => equal),
      different: made.flatMap(({ different }) => different),
    }
  })
}

const makers = { ...numberPairs, ...structurePairs, ...formulaPairs, ...wordPairs }
