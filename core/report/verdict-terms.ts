import type { Verdict } from '../verdict.ts'
import { html, type Piece } from './html.ts'
import { outcomeLabel } from './outcome-label.ts'

type Term = readonly [string, Piece]

/** A verdict in full: what was said by which grader, and what others say beside it. */
export function verdictTerms(verdict: Verdict): Term[] {
  const { profile, profileVersion, legacyOutcome, extracted } = verdict
  return [
    ['Our verdict', said(verdict)],
    ...judgeTerms(verdict),
    ['Legacy verdict', outcomeLabel(legacyOutcome)],
    ['Grading profile', `${profile} ${profileVersion}`],
    [
      'Judged',
      extracted === null
        ? 'no answer could be extracted'
        : html`<bdi class="kept">${extracted}</bdi>`,
    ],
  ]
}

function judgeTerms({ judged }: Verdict): Term[] {
  if (judged === undefined) return []
  const { verdict, reason, said: ground, rule } = judged
  return [
    ['Rules', said(rule)],
    [
      'Judge',
      html`${verdict === reason ? verdict : `${verdict}: ${reason}`}${ground !== null && html`: <bdi class="kept">${ground}</bdi>`}`,
    ],
  ]
}

function said({ outcome, reason, tier }: Pick<Verdict, 'outcome' | 'reason' | 'tier'>): Piece {
  return html`${outcomeLabel(outcome)}: ${reason} (tier: ${tier})`
}
