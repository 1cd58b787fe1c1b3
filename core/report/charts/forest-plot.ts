import { html, type Html } from '../html.ts'
import { chartLabel } from './chart-label.ts'
import { publishedMark, seriesClass, seriesMark } from './series.ts'

type Bounds = { readonly value: number; readonly low: number; readonly high: number }

/** One interval of a row; a published one is drawn apart. */
export type ForestMark = Bounds & {
  readonly name: string
  readonly series: number | 'published'
}

/** A labelled row of intervals; the note stands at its end. */
export type ForestRow = {
  readonly label: string
  readonly note: string
  readonly marks: readonly ForestMark[]
}

/** From where to where a plot goes, and how its values are written. */
export type ForestAxis = {
  readonly ticks: readonly number[]
  readonly written: (value: number) => string
}

const labelHeight = 24
const markHeight = 17
const rowGap = 10

/** An SVG plot of estimates with their intervals, all on one axis from its first tick to its last. */
export function forestPlot(rows: readonly ForestRow[], { ticks, written }: ForestAxis): Html {
  const tops = rows.map((_, at) => rows.slice(0, at).reduce((sum, row) => sum + heightOf(row), 0))
  const height = rows.reduce((sum, row) => sum + heightOf(row), 0)
  const place = placing(ticks)
  return html`<div class="chart">
    <svg role="img" aria-label="${describe(rows, written)}" width="100%" height="${height + 20}">
      ${ticks.map((tick, at) => html`<line class="${tick === 0 && at > 0 ? 'zero' : 'grid'}" x1="${place(tick)}" x2="${place(tick)}" y1="0" y2="${height}" /><text class="tick" x="${place(tick)}" y="${height + 16}" text-anchor="${anchor(at, ticks.length)}">${written(tick)}</text>`)}
      ${rows.map((row, at) => plotRow(row, tops[at] ?? 0, place))}
    </svg>
  </div> `
}

function heightOf({ marks }: ForestRow): number {
  return labelHeight + marks.length * markHeight + rowGap
}

function plotRow({ label, note, marks }: ForestRow, top: number, place: Place): Html {
  return html`<text class="row" x="0" y="${top + 15}">${chartLabel(label)}</text
    ><text class="row note" x="100%" y="${top + 15}" text-anchor="end">${note}</text>
    ${marks.map((mark, at) => plotMark(mark, top + labelHeight + at * markHeight + 7, place))}`
}

function plotMark({ series, value, low, high }: ForestMark, y: number, place: Place): Html {
  const published = series === 'published'
  return html`<g class="${published ? 'published' : seriesClass(series)}"
    ><line
      class="span"
      x1="${place(low)}"
      x2="${place(high)}"
      y1="${y}"
      y2="${y}"
    />${published ? publishedMark(place(value), y) : seriesMark(series, place(value), y)}</g
  > `
}

type Place = (value: number) => string

function placing(ticks: readonly number[]): Place {
  const first = ticks[0] ?? 0
  const last = ticks.at(-1) ?? 1
  return (value) => {
    const share = (value - first) / (last - first)
    return `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`
  }
}

function anchor(at: number, of: number): string {
  if (at === 0) return 'start'
  return at === of - 1 ? 'end' : 'middle'
}

function describe(rows: readonly ForestRow[], written: (value: number) => string): string {
  return rows
    .map(({ label, marks }) => {
      const figures = marks.map(
        ({ name, value, low, high }) =>
          `${name} ${written(value)} (${written(low)} to ${written(high)})`,
      )
      return `${label}: ${figures.join(', ')}`
    })
    .join('; ')
}
