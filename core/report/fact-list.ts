import { html, type Html } from './html.ts'

/** The figures under a report's first sentence, each with its name. */
export function factList(facts: ReadonlyArray<readonly [name: string, value: string]>): Html {
  return html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}
