import type { Estimate } from '../score.ts'
import { interval, percent } from './figures.ts'
import { html, type Html } from './html.ts'

/** A figure in a cell, below it its interval and of how many it is. */
export function stackedFigure(estimate: Estimate, of: string): Html {
  return html`<span class="figure">${percent(estimate.value)}</span
    ><span class="aside">${interval(estimate)}</span><span class="aside">${of}</span>`
}
