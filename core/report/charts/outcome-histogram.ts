import type { OutcomeLengths } from '../evaluation-report-data.ts'
import { count } from '../figures.ts'
import { html, type Html } from '../html.ts'
import { chartLabel } from './chart-label.ts'

type Bin = OutcomeLengths['bins'][number]

/** Histograms one under another on one axis of tokens: correct upwards, all else downwards. */
export type OutcomeHistograms = ReadonlyArray<Pick<OutcomeLengths, 'model' | 'bins'>>

const labelHeight = 24
const half = 44
const rowHeight = labelHeight + 2 * half + 12

/** What the bars stand for. */
export function outcomeLegend(): Html {
  return html`<ul class="legend">
    ${(['accepted', 'wrong', 'undecided'] as const).map(
      (outcome) =>
        html`<li>
          <svg aria-hidden="true" width="12" height="12">
            <rect class="bar-${outcome}" width="12" height="12" /></svg
          >${outcome === 'accepted' ? 'correct, upwards' : `${outcome}, downwards`}
        </li>`,
    )}
  </ul>`
}

/** An SVG of histograms on a logarithmic axis; each is as high as its own fullest bin. */
export function outcomeHistograms(histograms: OutcomeHistograms): Html {
  const height = histograms.length * rowHeight
  const { ticks, place } = logarithmic(histograms.flatMap(({ bins }) => bins))
  return html`<div class="chart">
    <svg role="img" aria-label="${describe(histograms)}" width="100%" height="${height + 20}">
      ${ticks.map((tick) => html`<line class="grid" x1="${place(tick).toFixed(2)}%" x2="${place(tick).toFixed(2)}%" y1="0" y2="${height}" /><text class="tick" x="${place(tick).toFixed(2)}%" y="${height + 16}" text-anchor="${place(tick) < 4 ? 'start' : 'middle'}">${count(tick)}</text>`)}
      ${histograms.map((histogram, at) => plotHistogram({ histogram, top: at * rowHeight, place }))}
    </svg>
  </div> `
}

type Place = (tokens: number) => number

/** Powers of two, few enough that their labels stand apart on a telephone, and where they are in percent. */
function logarithmic(bins: readonly Bin[]): { ticks: number[]; place: Place } {
  const first = Math.log2(Math.max(1, Math.min(...bins.map(({ from }) => from))))
  const last = Math.log2(Math.max(2, ...bins.map(({ to }) => to)))
  const place = (tokens: number) =>
    (100 * (Math.log2(Math.max(1, tokens)) - first)) / (last - first)
  const step = Math.max(1, Math.ceil((last - first) / 5))
  const ticks = Array.from({ length: Math.floor(last) + 1 }, (_, power) => 2 ** power).filter(
    (tick) => place(tick) >= 0 && place(tick) <= 92 && Math.log2(tick) % step === 0,
  )
  return { ticks, place }
}

function plotHistogram(of: {
  readonly histogram: OutcomeHistograms[number]
  readonly top: number
  readonly place: Place
}): Html {
  const { bins, model } = of.histogram
  const fullest = bins.reduce((most, bin) => Math.max(most, bin.accepted, below(bin)), 1)
  const long = (samples: number) => (half * samples) / fullest
  const axis = of.top + labelHeight + half
  const bar = (bin: Bin, outcome: 'accepted' | 'wrong' | 'undecided', y: number) =>
    bin[outcome] > 0 &&
    html`<rect
      class="bar-${outcome}"
      x="${of.place(bin.from).toFixed(2)}%"
      width="${(of.place(bin.to) - of.place(bin.from)).toFixed(2)}%"
      y="${y.toFixed(1)}"
      height="${long(bin[outcome]).toFixed(1)}"
    />`
  return html`<text class="row" x="0" y="${of.top + 15}">${chartLabel(model)}</text
    ><text class="row note" x="100%" y="${of.top + 15}" text-anchor="end"
      >fullest bar ${count(fullest)}</text
    >
    ${bins.map((bin) => html`${bar(bin, 'accepted', axis - long(bin.accepted))}${bar(bin, 'wrong', axis)}${bar(bin, 'undecided', axis + long(bin.wrong))}`)}
    <line class="zero" x1="0" x2="100%" y1="${axis}" y2="${axis}" />`
}

function below({ wrong, undecided }: Bin): number {
  return wrong + undecided
}

function describe(histograms: OutcomeHistograms): string {
  return histograms
    .map(({ model, bins }) => {
      const parts = bins
        .filter((bin) => bin.accepted + below(bin) > 0)
        .map(
          (bin) =>
            `from ${count(bin.from)} tokens ${count(bin.accepted)} correct and ${count(below(bin))} not`,
        )
      return `${model}: ${parts.join(', ')}`
    })
    .join('; ')
}
