import { type Run, pairsOf, tokensOf } from './measurements.ts'

/** The layers and vocabulary of Qwen2.5-32B, whose widths `slice.py` has. */
export const layers = 64
const hidden = 5120
const layerMatrices = hidden * (2 * hidden + 2 * 8 * 128) + 3 * hidden * 27_648
const headMatrix = hidden * 152_064
export const parameters = 32_763_876_352
export const peakFlops = 989e12

/** Tokens that go through together, and the sum of their examples' squared lengths. */
type Size = { readonly tokens: number; readonly pairs: number }

/** Three times the forward pass: 2 for each token and matrix parameter, and causal attention. */
export function modelFlops(
  { tokens, pairs }: Size,
  part: { readonly layers: number; readonly head: boolean } = { layers, head: true },
): number {
  const matrices = part.layers * layerMatrices + (part.head ? headMatrix : 0)
  return 3 * (2 * matrices * tokens + 2 * part.layers * hidden * pairs)
}

/** Seconds of forward and backward of the whole model, by the lengths that go through together. */
export type Cost = (lengths: readonly number[]) => number

/**
 * Fits what a layer costs, a + b·tokens + c·Σ length², and what the rest costs, a + b·tokens, by least
 * squares of the relative errors. Also the worst of them.
 */
export function fitCost(runs: readonly Run[]): { readonly cost: Cost; readonly worst: number } {
  const layer = leastSquares(
    runs.map((run) => ({ features: ofLayer(run), value: run.layerSeconds })),
  )
  const rest = leastSquares(runs.map((run) => ({ features: ofRest(run), value: run.restSeconds })))
  const cost: Cost = (lengths) => {
    const size = { tokens: tokensOf(lengths), pairs: pairsOf(lengths) }
    return layers * dot(layer, ofLayer(size)) + dot(rest, ofRest(size))
  }
  const errors = runs.map((run) => cost(run.like.lengths) / wholeModel(run) - 1)
  return { cost, worst: Math.max(...errors.map(Math.abs)) }
}

function ofLayer({ tokens, pairs }: Size): readonly number[] {
  return [1, tokens, pairs]
}

function ofRest({ tokens }: Size): readonly number[] {
  return [1, tokens]
}

/** Seconds of the whole model, from one measured layer and the measured rest. */
export function wholeModel({ layerSeconds, restSeconds }: Run): number {
  return layers * layerSeconds + restSeconds
}

type Point = { readonly features: readonly number[]; readonly value: number }

/** The weights w for which Σ ((w·features − value) / value)² is least, by the normal equations. */
function leastSquares(points: readonly Point[]): readonly number[] {
  const scaled = points.map(({ features, value }) => features.map((feature) => feature / value))
  const size = scaled[0]?.length ?? 0
  const columns = Array.from({ length: size }, (_, at) => scaled.map((row) => row[at] ?? 0))
  // Columns of like size keep the equations well conditioned: lengths squared are 10⁸, the constant 1.
  const norms = columns.map((column) => Math.hypot(...column))
  const unit = columns.map((column, at) => column.map((value) => value / (norms[at] ?? 1)))
  const ones = scaled.map(() => 1)
  const equations = unit.map((one) => [...unit.map((other) => dot(one, other)), dot(one, ones)])
  return solve(equations).map((weight, at) => weight / (norms[at] ?? 1))
}

/** Gauss-Jordan elimination; the matrix is positive definite and needs no pivoting. */
function solve(equations: ReadonlyArray<readonly number[]>): readonly number[] {
  let rows = equations
  for (let pivot = 0; pivot < rows.length; pivot++) {
    const lead = rows[pivot]?.[pivot] ?? 1
    const chosen = (rows[pivot] ?? []).map((value) => value / lead)
    rows = rows.map((row, at) =>
      at === pivot ? chosen : row.map((value, i) => value - (row[pivot] ?? 0) * (chosen[i] ?? 0)),
    )
  }
  return rows.map((row) => row.at(-1) ?? 0)
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0)
}
