import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

/** Numbers to throw away: the generator starts nearly alike for neighbouring seeds. */
const warmUp = 64

/** A generator of 32 random bits at a time. The same seed gives the same bits. */
export function seededBits(seed: number): RandomGenerator {
  const generator = xoroshiro128plus(seed)
  for (let thrown = 0; thrown < warmUp; thrown++) generator.next()
  return generator
}
