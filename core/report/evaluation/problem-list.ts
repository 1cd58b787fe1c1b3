import type { Attempt, ProblemIndex } from '../evaluation-report-data.ts'
import { count } from '../figures.ts'
import { html, type Html } from '../html.ts'
import { excerpt } from '../model-text.ts'
import { filterForm } from './filter-form.ts'
import { fileOf, mainPath, problemAnchor } from './paths.ts'
import { standingLabel } from './standing-label.ts'
import { standingOf } from './standing.ts'

type ListedProblem = ProblemIndex['pages'][number][number]

/** A benchmark's problems, a line each, with how every model stands on them. */
export function problemList(evaluation: string, index: ProblemIndex): Html {
  const listed = index.pages.flatMap((problems, page) =>
    problems.map((problem) => ({ problem, file: fileOf(page + 1) })),
  )
  return html`<header>
      <p class="eyebrow"><a href="../../${mainPath}">${evaluation}</a></p>
      <h1>${index.title}</h1>
      <p class="count-line">
        ${count(listed.length)} problems on ${count(index.pages.length)} pages.
      </p>
      ${index.gated && withheldNotice()}
    </header>
    ${filterForm(index.models)}
    <ol class="rows">
      ${listed.map(({ problem, file }, at) => row(problem, { file, place: at + 1, models: index.models }))}
    </ol>`
}

/** Why a gated benchmark's pages hold no text. */
export function withheldNotice(): Html {
  return html`<p class="notice" role="note">
    The authors of this benchmark ask that its problems are not published, so that models do not
    learn them. These pages hold the verdicts only; problems, responses and answers stay in the
    object store.
  </p>`
}

type RowPlace = {
  readonly file: string
  readonly place: number
  readonly models: readonly string[]
}

function row(problem: ListedProblem, { file, place, models }: RowPlace): Html {
  const { problemId, gist, category, difficulty, attempts } = problem
  const standings = models.map((_, at) => standingOf(attempts[at] ?? null) ?? 'none')
  return html`<li data-standings="${standings.join(' ')}">
    <a data-keep href="${file}#${problemAnchor(place)}">Problem ${place}</a>
    ${gist === null ? html`<code>${problemId}</code>` : excerpt(gist, 110)}
    <span class="tags"
      ><span>${category}</span
      >${difficulty !== null && html` <span>difficulty ${difficulty}</span>`}
      ${models.map((model, at) => tally(model, at, attempts[at] ?? null))}</span
    >
  </li> `
}

function tally(model: string, at: number, attempt: Attempt | null): Html {
  return html`<span data-model="${at}">${model}: ${standingLabel(attempt)}</span> `
}
