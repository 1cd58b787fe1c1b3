import { InvalidInputError } from '../invalid-input.ts'

/** A row by its place in the data set, and its length in tokens. */
export type Example = { readonly row: number; readonly tokens: number }

/** Rows that go through the model as one sequence, kept apart by their attention; maybe none. */
export type Pack = readonly Example[]

/** What the devices do at once, each its own pack: they wait for the slowest. */
export type MicroStep = readonly Pack[]

/** The micro-steps whose gradients are added up to one step. */
export type PackedStep = readonly MicroStep[]

/** What packs must keep to. */
export type PackingRule = {
  readonly devices: number
  /** Tokens of a pack at most. */
  readonly capacity: number
  /** What a pack of such lengths takes, in any unit. */
  readonly cost: (tokens: readonly number[]) => number
}

/** Lays one step's examples, longest first, over so many micro-steps; undefined where they do not fit. */
export type Layout = (
  examples: readonly Example[],
  microSteps: number,
  rule: PackingRule,
) => PackedStep | undefined

/** The trainer pads sequences to multiples of it, and refuses packs of other lengths. */
const granule = 8

/** A length as it counts in a pack. */
export function padded(tokens: number): number {
  return Math.ceil(tokens / granule) * granule
}

/**
 * The same examples in each step as given, shared out so that no device waits long for another. The
 * trainer's accumulation is one number: every step has as many micro-steps as the fullest one needs,
 * and some packs of a small step stay empty. Throws InvalidInputError naming a row longer than a pack.
 */
export function packSteps(
  steps: ReadonlyArray<readonly Example[]>,
  rule: PackingRule,
  layout: Layout = levelled,
): readonly PackedStep[] {
  refuseTooLong(steps, rule)
  const sorted = steps.map((step) => step.toSorted((a, b) => b.tokens - a.tokens || a.row - b.row))
  for (let microSteps = 1; ; microSteps += 1) {
    const packed = sorted.map((step) => layout(step, microSteps, rule))
    const whole = packed.filter((step) => step !== undefined)
    if (whole.length === steps.length) return whole
  }
}

/**
 * Micro-step by micro-step: as examples cannot be cut, each micro-step costs what its longest example
 * does, and all its packs are filled to that, so that later ones have less. Keeps devices busy 95 % of
 * the time where one LPT over all packs of a step reaches 91 % (`bench/slice`, a model).
 */
export const levelled: Layout = (examples, microSteps, rule) => {
  const { devices, cost } = rule
  let left = examples
  const step: MicroStep[] = []
  for (let later = microSteps - 1; later >= 0; later -= 1) {
    const fair = left.reduce((sum, { tokens }) => sum + cost([tokens]), 0) / (devices * (later + 1))
    const longest = left.slice(0, 1).map(({ tokens }) => tokens)
    const most = later === 0 ? Infinity : Math.max(fair, cost(longest))
    // Every later pack needs an example, be it short.
    const offered = Math.max(0, left.length - devices * later)
    const filled = fillPacks(left.slice(0, offered), { packs: devices, most }, rule)
    step.push(filled.packs)
    left = [...filled.left, ...left.slice(offered)]
  }
  return left.length > 0 ? undefined : step
}

/** Each example, in the order given, to the pack that costs least so far and has room, if any has. */
export function fillPacks(
  examples: readonly Example[],
  { packs, most }: { readonly packs: number; readonly most: number },
  { capacity, cost }: PackingRule,
): { readonly packs: readonly Pack[]; readonly left: readonly Example[] } {
  const made = Array.from({ length: packs }, () => ({
    members: [] as Example[],
    lengths: [] as number[],
    tokens: 0,
    cost: 0,
  }))
  const left: Example[] = []
  for (const example of examples) {
    const roomy = made.filter(
      ({ tokens, lengths }) =>
        tokens + padded(example.tokens) <= capacity && cost([...lengths, example.tokens]) <= most,
    )
    const [cheapest] = roomy.toSorted((a, b) => a.cost - b.cost)
    if (cheapest === undefined) {
      left.push(example)
      continue
    }
    cheapest.members.push(example)
    cheapest.lengths.push(example.tokens)
    cheapest.tokens += padded(example.tokens)
    cheapest.cost = cost(cheapest.lengths)
  }
  return { packs: made.map(({ members }) => members), left }
}

/**
 * What a pack costs relative to others: matrix products grow with an example's length, attention with
 * its square. For Qwen2.5-32B both are alike at 97,600 tokens: 2·N operations a token against
 * 2·layers·hidden·tokens.
 */
export function packCost(lengths: readonly number[]): number {
  return lengths.reduce((sum, tokens) => sum + tokens * (1 + tokens / 97_600), 0)
}

function refuseTooLong(steps: ReadonlyArray<readonly Example[]>, { capacity }: PackingRule): void {
  const tooLong = steps.flat().find(({ tokens }) => padded(tokens) > capacity)
  if (tooLong === undefined) return
  throw new InvalidInputError(
    `row ${tooLong.row} has ${tooLong.tokens} tokens, a pack at most ${capacity}: ` +
      'raise training.grouping.tokens or lower training.cutoffLength',
  )
}
