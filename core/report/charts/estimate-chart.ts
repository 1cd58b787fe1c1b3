import type { Estimate } from '../../score.ts'
import { percent } from '../figures.ts'
import { html, type Html } from '../html.ts'
import { seriesClass, seriesMark } from './series.ts'
import { niceTicks } from './ticks.ts'

/** A proportion with its interval at a place across, 0 to 1; a flagged one is ringed. */
export type EstimatePoint = {
  readonly at: number
  readonly estimate: Estimate
  readonly flagged?: boolean
}

/** Points that belong together, joined by a line. */
export type EstimateSeries = { readonly series: number; readonly points: readonly EstimatePoint[] }

/** Proportions over something, with their intervals. */
export type EstimateChart = {
  /** Read aloud in place of the picture: it says what the picture shows. */
  readonly description: string
  readonly series: readonly EstimateSeries[]
  readonly ticks: ReadonlyArray<{ readonly at: number; readonly label: string }>
  readonly xLabel: string
}

const height = 220

/** By how much series stand beside each other, in pixels, so that their intervals can be told apart. */
const apart = 7

/** An SVG chart as wide as its place, whose axis goes no further than the intervals do. */
export function estimateChart({ description, series, ticks, xLabel }: EstimateChart): Html {
  const bounds = series.flatMap(({ points }) => points.map(({ estimate }) => estimate))
  const ys = levels(bounds)
  const bottom = ys[0] ?? 0
  const top = ys.at(-1) ?? 1
  const down = (share: number) => height * (1 - (share - bottom) / (top - bottom))
  return html`<div class="chart lined">
    <svg role="img" aria-label="${description}" width="100%" height="${height + 44}">
      ${ys.map((y) => html`<line class="grid" x1="0" x2="100%" y1="${down(y)}" y2="${down(y)}" /><text class="tick" x="-8" y="${down(y) + 4}" text-anchor="end">${percent(y).replace('.0%', '%')}</text>`)}
      ${series.map((each, at) => plotSeries(each, apart * (at - (series.length - 1) / 2), down))}
      ${ticks.map(({ at, label }) => html`<text class="tick" x="${across(at)}" y="${height + 18}" text-anchor="middle">${label}</text>`)}
      <text class="tick" x="100%" y="${height + 38}" text-anchor="end">${xLabel}</text>
    </svg>
  </div> `
}

/** Steps between the least and the greatest bound, never beyond what a proportion can be. */
function levels(bounds: readonly Estimate[]): number[] {
  const low = bounds.reduce((least, bound) => Math.min(least, bound.low), 1)
  const high = bounds.reduce((most, bound) => Math.max(most, bound.high), 0)
  const ticks = niceTicks(Math.min(low, high), high, 4).filter((y) => y >= 0 && y <= 1)
  return ticks.length > 1 ? ticks : [0, 0.25, 0.5, 0.75, 1]
}

function plotSeries(
  { series, points }: EstimateSeries,
  beside: number,
  down: (share: number) => number,
): Html {
  return html`<g class="${seriesClass(series)}" transform="translate(${beside})"
    >${points.slice(1).map((point, at) => joined(points[at] ?? point, point, down))}
    ${points.map(({ at, estimate, flagged = false }) => html`<line class="whisker" x1="${across(at)}" x2="${across(at)}" y1="${down(estimate.low).toFixed(1)}" y2="${down(estimate.high).toFixed(1)}" />${seriesMark(series, across(at), down(estimate.value))}${flagged && html`<circle class="flag" cx="${across(at)}" cy="${down(estimate.value).toFixed(1)}" r="11" />`}`)}</g
  > `
}

function joined(a: EstimatePoint, b: EstimatePoint, down: (share: number) => number): Html {
  return html`<line
    class="joint"
    x1="${across(a.at)}"
    x2="${across(b.at)}"
    y1="${down(a.estimate.value).toFixed(1)}"
    y2="${down(b.estimate.value).toFixed(1)}"
  />`
}

/** Away from both edges: labels and marks at the ends have room. */
function across(at: number): string {
  return `${(6 + 88 * at).toFixed(2)}%`
}
