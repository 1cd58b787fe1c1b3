import { describe, expect, test } from 'vitest'
import { createDisagreementViews } from '../../../core/report/view-disagreements.ts'
import { judgedTrace, onlyLegacy, overruled, suspect } from '../../report/example-disagreements.ts'

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

describe('the views of disagreements', () => {
  test.each([
    ['a judge against the rules', overruled(0), ['rule-judge']],
    [
      'a judge whose accept the published rules do not share',
      overruled(1),
      ['rule-judge', 'strict-legacy'],
    ],
    ['a published accept that is not upheld', onlyLegacy(1), ['strict-legacy']],
    ['a reference in doubt', suspect(1), ['suspect-reference']],
    ['agreement of all', judgedTrace(1, {}), []],
    [
      'a judge that agrees with the rules',
      withJudge('different', { outcome: 'wrong', reason: 'different' }),
      [],
    ],
    [
      'a judge that cannot tell',
      withJudge('undecided', { outcome: 'wrong', reason: 'different' }),
      [],
    ],
  ])('hold %s where it belongs', (_, judged, kinds) => {
    const found = createDisagreementViews(1).add(judged)
    expect(found.map(({ kind }) => kind)).toEqual(kinds)
  })

  test('count all by source and reason, and show some of each', () => {
    const views = createDisagreementViews(1)
    for (const at of range(0, 200)) views.add(onlyLegacy(at))
    views.add(judgedTrace(999, { outcome: 'accepted', legacyOutcome: 'wrong' }))
    const [view, ...others] = views.views()
    expect(others).toEqual([])
    expect(view).toMatchObject({ kind: 'strict-legacy', total: 201 })
    expect(
      view?.tallies.map(({ source, reason, other, count }) => [source, reason, other, count]),
    ).toEqual([
      ['programs', 'runtime-error', 'accepted', 40],
      ['programs', 'wrong-output', 'accepted', 160],
      ['sums', 'equal', 'wrong', 1],
    ])
    expect(view?.shown).toHaveLength(40)
    const reasons = new Set(view?.shown.map(({ verdict }) => verdict.reason))
    expect(reasons).toEqual(new Set(['runtime-error', 'wrong-output', 'equal']))
  })

  test('count what the rules said where a judge stands against them', () => {
    const views = createDisagreementViews(1)
    for (const at of range(0, 3)) views.add(overruled(at))
    const [view] = views.views()
    expect(view?.tallies[0]).toMatchObject({
      outcome: 'undecided',
      tier: 'math-verify',
      reason: 'unparsable-answer',
      other: 'accepted',
    })
  })

  test('show the same whatever the order and the number of shards', () => {
    const [one, other] = [createDisagreementViews(7), createDisagreementViews(7)]
    for (const at of range(0, 120)) one.add(onlyLegacy(at))
    for (const at of range(0, 120).toReversed()) other.add(onlyLegacy(at))
    expect(other.views()).toEqual(one.views())
    const seeded = createDisagreementViews(8)
    for (const at of range(0, 120)) seeded.add(onlyLegacy(at))
    expect(seeded.views()).not.toEqual(one.views())
  })
})

function withJudge(
  verdict: 'different' | 'undecided',
  rule: { readonly outcome: 'wrong'; readonly reason: string },
) {
  const tier = 'math-verify' as const
  const judged = { verdict, reason: verdict, said: 'so', request: 'a'.repeat(64) }
  return judgedTrace(1, {
    ...rule,
    tier,
    legacyOutcome: 'wrong',
    judged: { ...judged, rule: { ...rule, tier } },
  })
}
