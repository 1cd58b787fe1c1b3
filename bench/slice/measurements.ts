import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** What `slice.py` writes, a line each; see its docstrings. */
const Measurement = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('device'), name: z.string(), matrixFlops: z.number() }),
  z.object({
    kind: z.literal('slice'),
    suite: z.enum(['faithful', 'fast']),
    layers: z.int(),
    recompute: z.string(),
    lengths: z.array(z.int()),
    padding: z.int(),
    liger: z.boolean(),
    seconds: z.number(),
    keptBytes: z.number(),
  }),
  z.object({
    kind: z.literal('agreement'),
    packedToAlone: z.number(),
    packedToFp32: z.number(),
    aloneToFp32: z.number(),
    fusedLossToAlone: z.number(),
    othersWhenFirstIsSwapped: z.number(),
  }),
  z.object({
    kind: z.literal('transfer'),
    toDevice: z.number(),
    toHost: z.number(),
    productBesideCopies: z.number(),
  }),
  z.object({
    kind: z.literal('adam'),
    device: z.enum(['cpu', 'cuda']),
    parametersPerSecond: z.number(),
  }),
])
type Measurement = z.infer<typeof Measurement>
type Kind = Measurement['kind']

export type Slice = Extract<Measurement, { kind: 'slice' }>

/** One way to run examples, told apart into one layer and what is not layers: embedding, head, loss. */
export type Run = {
  readonly like: Slice
  readonly tokens: number
  /** The sum of squared lengths. */
  readonly pairs: number
  readonly layerSeconds: number
  readonly restSeconds: number
  /** What a layer keeps from forward to backward. */
  readonly layerBytes: number
  readonly restBytes: number
}

export async function readMeasurements(file: string): Promise<readonly Measurement[]> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  return lines.map((line) => Measurement.parse(JSON.parse(line)))
}

export function ofKind<K extends Kind>(measurements: readonly Measurement[], kind: K) {
  return measurements.filter((one): one is Extract<Measurement, { kind: K }> => one.kind === kind)
}

/** The only measurement of its kind, or the first that fits. */
export function only<T>(measurements: readonly T[], fits: (one: T) => boolean = () => true): T {
  const found = measurements.find(fits)
  if (found === undefined) throw new Error('measured-h100.jsonl lacks a measurement')
  return found
}

/** Pairs measurements that differ in their count of layers alone. */
export function runsOf(slices: readonly Slice[]): readonly Run[] {
  const pairs = Map.groupBy(slices, ({ suite, recompute, liger, padding, lengths }) =>
    JSON.stringify([suite, recompute, liger, padding, lengths]),
  )
  return [...pairs.values()].map((pair) => {
    const [small, large] = pair.toSorted((a, b) => a.layers - b.layers)
    if (small === undefined || large === undefined)
      throw new Error('a slice was measured once only')
    const perLayer = (of: (slice: Slice) => number) =>
      (of(large) - of(small)) / (large.layers - small.layers)
    const layerSeconds = perLayer(({ seconds }) => seconds)
    const layerBytes = perLayer(({ keptBytes }) => keptBytes)
    return {
      like: large,
      tokens: tokensOf(large.lengths),
      pairs: pairsOf(large.lengths),
      layerSeconds,
      restSeconds: small.seconds - small.layers * layerSeconds,
      layerBytes,
      restBytes: small.keptBytes - small.layers * layerBytes,
    }
  })
}

export function tokensOf(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + length, 0)
}

export function pairsOf(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + length ** 2, 0)
}
