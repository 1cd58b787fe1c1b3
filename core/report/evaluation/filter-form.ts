import { html, type Html } from '../html.ts'

/** The choice of two models and of an outcome; hidden where no script could obey it. */
export function filterForm(models: readonly string[]): Html {
  const alone = models.length === 1
  return html`<form class="choose" hidden>
    ${!alone && chooseModel('first', 'Compare', { models, chosen: 0 })}
    ${!alone && chooseModel('second', 'with', { models, chosen: 1 })}
    <label
      >Outcome<select name="outcome">
        ${(alone ? outcomesOfOne : outcomesOfTwo).map(([value, label]) => html`<option value="${value}">${label}</option> `)}
      </select></label
    >
    <output role="status"></output>
  </form>`
}

const outcomesOfTwo = [
  ['all', 'all problems'],
  ['right-right', 'both right'],
  ['right-wrong', 'only the first right'],
  ['wrong-right', 'only the second right'],
  ['wrong-wrong', 'both wrong'],
  ['undecided', 'undecided'],
] as const

/** A model by itself is compared with itself. */
const outcomesOfOne = [
  ['all', 'all problems'],
  ['right-right', 'right'],
  ['wrong-wrong', 'wrong'],
  ['undecided', 'undecided'],
] as const

function chooseModel(
  name: string,
  label: string,
  { models, chosen }: { readonly models: readonly string[]; readonly chosen: number },
): Html {
  return html`<label
    >${label}<select name="${name}">
      ${models.map((model, at) =>
        at === chosen
          ? html`<option value="${at}" selected>${model}</option> `
          : html`<option value="${at}">${model}</option> `,
      )}
    </select></label
  >`
}
