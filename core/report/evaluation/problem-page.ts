import { definitions } from '../definitions.ts'
import type {
  ProblemPage,
  ReportProblem,
  ReportSample,
  ShownText,
} from '../evaluation-report-data.ts'
import { count } from '../figures.ts'
import { html, type Html } from '../html.ts'
import { excerpt, modelText } from '../model-text.ts'
import { outcomeLabel } from '../outcome-label.ts'
import { verdictTerms } from '../verdict-terms.ts'
import { filterForm } from './filter-form.ts'
import { fileOf, mainPath, problemAnchor } from './paths.ts'
import { withheldNotice } from './problem-list.ts'
import { standingLabel } from './standing-label.ts'
import { attemptOf, standingOf } from './standing.ts'

/** Problems with every sample of every model, models side by side. */
export function problemPage(data: ProblemPage): Html {
  const { evaluation, title, gated, models, first, problems } = data
  return html`<header>
      <p class="eyebrow">
        <a href="../../${mainPath}">${evaluation}</a> · <a data-keep href="${mainPath}">${title}</a>
      </p>
      <h1>${title}, problems ${first} to ${first + problems.length - 1}</h1>
      ${gated && withheldNotice()}
    </header>
    ${filterForm(models)}
    <h2 class="unseen">Problems</h2>
    ${turning(data)} ${problems.map((each, at) => problem(each, first + at, data))} ${turning(data)}`
}

function turning({ page, pages }: ProblemPage): Html {
  return html`<ul class="pages">
    ${page > 1 && html`<li><a data-keep href="${fileOf(page - 1)}">Previous page</a></li>`}
    <li>page ${page} of ${pages}</li>
    ${page < pages && html`<li><a data-keep href="${fileOf(page + 1)}">Next page</a></li>`}
  </ul> `
}

function problem(
  { problemId, category, difficulty, prompt, samples }: ReportProblem,
  place: number,
  { models, gated }: ProblemPage,
): Html {
  const attempts = models.map((model) => attemptOf(samples[model]))
  const standings = attempts.map((attempt) => standingOf(attempt) ?? 'none')
  return html`<details class="item" data-standings="${standings.join(' ')}">
    <summary>
      <span class="tags"
        ><span>${place}</span>
        <span>${category}</span
        >${difficulty !== null && html` <span>difficulty ${difficulty}</span>`}
        ${models.map((model, at) => html`<span data-model="${at}">${model}: ${standingLabel(attempts[at] ?? null)}</span> `)}</span
      >
      <span class="gist">${excerpt(prompt?.head ?? problemId, 110)}</span>
    </summary>
    <h3 class="unseen" id="${problemAnchor(place)}">Problem ${place}</h3>
    ${prompt && shownText('Problem', prompt)}
    <div class="sides">
      ${models.map(
        (model, at) =>
          html`<div class="side" data-model="${at}">
            <h4 class="who">${model}</h4>
            ${(samples[model] ?? []).map((each) => sample(each, gated))}
          </div> `,
      )}
    </div>
  </details> `
}

function sample(shown: ReportSample, gated: boolean): Html {
  const { verdict, finishReason, completionTokens, repeating, text } = shown
  return html`<details>
    <summary>
      <span class="tags"
        ><span>sample ${verdict.index + 1}</span> ${outcomeLabel(verdict.outcome)}
        <span>${verdict.reason}</span>
        <span>${count(completionTokens)} tokens</span
        >${finishReason === 'length' && html` <span>cut off</span>`}${repeating && html` <span>repeating</span>`}</span
      >
    </summary>
    ${definitions([
      ...(gated ? [['Tier', verdict.tier] as const] : verdictTerms(verdict)),
      ['Ended by', finishReason],
      ['Response id', html`<code>${verdict.traceId}</code>`],
    ])}
    ${text && shownText('Response', text)}
  </details> `
}

function shownText(label: string, { head, omitted, tail }: ShownText): Html {
  if (omitted === 0) return modelText(label, head)
  return html`${modelText(`${label}, its beginning`, head)}
    <p class="omitted">${count(omitted)} characters are left out here.</p>
    ${modelText(`${label}, its end`, tail)}`
}
