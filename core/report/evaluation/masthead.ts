import type { EvaluationReportData } from '../evaluation-report-data.ts'
import { count, instant } from '../figures.ts'
import { factList } from '../fact-list.ts'
import { html, type Html } from '../html.ts'
import { ownPublished } from './own-published.ts'

/** The first screen: what was evaluated, and in a sentence what came of it. */
export function masthead(data: EvaluationReportData): Html {
  const { evaluation } = data
  return html`<header>
    <p class="eyebrow">
      Evaluation report · finished
      <time datetime="${evaluation.finishedAt}">${instant(evaluation.finishedAt)}</time>
    </p>
    <h1>${evaluation.name}</h1>
    ${verdict(data)} ${facts(data)}
  </header> `
}

/** How the scores lie beside what was published, and whether the last night was alarming. */
function verdict({ scores, nights }: EvaluationReportData): Html {
  const standings = scores.flatMap((score) =>
    ownPublished(score, null).map(({ standing }) => standing),
  )
  return html`<p class="verdict">${beside(standings)} ${lastNight(nights)}</p>`
}

function beside(standings: ReadonlyArray<'below' | 'within' | 'above'>): string {
  if (standings.length === 0) return 'No score here is of a model that has a published one.'
  const having = (wanted: string) => count(standings.filter((each) => each === wanted).length)
  const all = standings.length === 1 ? 'the one score' : `${count(standings.length)} scores`
  return `Of ${all} with a published one of the same model, ${having('within')} within the published interval, ${having('below')} below, ${having('above')} above.`
}

function lastNight(nights: EvaluationReportData['nights']): Html {
  const last = nights.reduce((latest, { date }) => (date > latest ? date : latest), '')
  const alerts = nights.filter(({ date, alert }) => date === last && alert !== null).length
  if (last === '') return html``
  const raised = alerts === 0 ? 'no alert' : `${count(alerts)} ${alerts === 1 ? 'alert' : 'alerts'}`
  return html`The last night, <time datetime="${last}">${last}</time>, raised ${raised}.`
}

function facts({ scores }: EvaluationReportData): Html {
  const samples = scores.reduce((sum, { accuracy }) => sum + accuracy.n, 0)
  const sets = new Map(scores.map(({ problemsDigest, problems }) => [problemsDigest, problems]))
  return factList([
    ['Models', different(scores.map(({ model }) => model))],
    ['Benchmarks', different(scores.map(({ benchmark }) => benchmark))],
    ['Problems', count([...sets.values()].reduce((sum, problems) => sum + problems, 0))],
    ['Samples', count(samples)],
  ])
}

function different(values: readonly string[]): string {
  return count(new Set(values).size)
}
