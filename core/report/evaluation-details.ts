import type { Score } from '../score.ts'
import { shortfallsOf } from '../shortfalls.ts'
import { count, withInterval } from './figures.ts'

/** Scores as a Markdown table for the workflow's page; empty where there is none yet. */
export function evaluationDetails(scores: readonly Score[]): string {
  if (scores.length === 0) return ''
  const rows = scores.map((score) => {
    const { benchmark, model, accuracy, problems, settings } = score
    const samples = `${count(problems)} × ${settings.samples}`
    const amiss = shortfallsOf(score).map((each) => `${count(each.count)}: ${withInterval(each)}`)
    const cells = [benchmark, model, withInterval(accuracy), samples, ...amiss, standing(score)]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '| benchmark | model | accuracy (95 %) | problems × samples | undecided | without an answer | cut off | repeating | missing | published |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

/** Beside the scores published for the whole benchmark. */
function standing({ published }: Score): string {
  return published
    .filter(({ category }) => category === null)
    .map(
      (each) =>
        `${each.standing} ${each.model}: ${withInterval(each.published)}, n = ${count(each.problems)}`,
    )
    .join('; ')
}
