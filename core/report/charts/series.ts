import { html, type Html } from '../html.ts'

/** Colours, each with a shape of its own; more series take the colours again, hollow. */
const shapes = [
  'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z',
  'M-4.5 -4.5H4.5V4.5H-4.5Z',
  'M0 -6.5L6 4.5H-6Z',
  'M0 -6.5L6.5 0L0 6.5L-6.5 0Z',
  'M0 6.5L6 -4.5H-6Z',
  'M-2 -6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z',
]

/** The classes of a series by its place: lines and marks of it take their colour from them. */
export function seriesClass(series: number): string {
  const hollow = Math.floor(series / shapes.length) % 2 === 1 ? ' hollow' : ''
  return `series-${series % shapes.length}${hollow}`
}

/** The mark of a series at a place of a chart: nobody has to tell it by its colour alone. */
export function seriesMark(series: number, x: string, y: number): Html {
  return html`<svg x="${x}" y="${y.toFixed(1)}" width="1" height="1" overflow="visible">
    <path d="${shapes[series % shapes.length]}" />
  </svg>`
}

/** The mark of a published value. */
export function publishedMark(x: string, y: number): Html {
  return html`<svg x="${x}" y="${y.toFixed(1)}" width="1" height="1" overflow="visible">
    <path d="M0 -6L6 0L0 6L-6 0Z" />
  </svg>`
}

/** What the marks stand for. */
export function seriesLegend(names: readonly string[], { published = false } = {}): Html {
  return html`<ul class="legend">
    ${names.map((name, at) => entry(name, seriesClass(at), seriesMark(at, '14', 6)))}
    ${published && publishedEntry()}
  </ul>`
}

/** What the mark of a published value stands for, by itself. */
export function publishedLegend(): Html {
  return html`<ul class="legend">
    ${publishedEntry()}
  </ul>`
}

function publishedEntry(): Html {
  return entry('published, with its interval', 'published', publishedMark('14', 6))
}

function entry(name: string, classes: string, mark: Html): Html {
  return html`<li>
    <svg class="${classes}" aria-hidden="true" width="28" height="12">
      <line class="span" x1="2" x2="26" y1="6" y2="6" />
      ${mark}</svg
    >${name}
  </li>`
}
