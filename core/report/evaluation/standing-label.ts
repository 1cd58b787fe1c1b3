import type { Attempt } from '../evaluation-report-data.ts'
import { html, type Html } from '../html.ts'
import { standingOf } from './standing.ts'

const outcomes = { right: 'accepted', wrong: 'wrong', undecided: 'undecided' } as const

/** How a model stands on a problem, in its colour, with the samples that say so. */
export function standingLabel(attempt: Attempt | null): Html {
  const standing = standingOf(attempt)
  if (attempt === null || standing === null) return html`<span class="whole">not asked</span>`
  const { accepted, samples } = attempt
  const tally = samples > 1 && ` ${accepted} of ${samples}`
  return html`<span class="whole"
    ><span class="outcome ${outcomes[standing]}">${standing}</span>${tally}</span
  >`
}
