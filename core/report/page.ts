import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { html, Html } from './html.ts'

/** What stands on a page, its style sheet, and its script if it has one. */
export type PageContent = {
  readonly title: string
  readonly body: Html
  readonly style: string
  readonly script?: string
}

/**
 * One HTML page that needs nothing else and asks for nothing. Its content policy allows its own
 * style sheet and its own script, by hash, and nothing besides. The same content gives the same
 * bytes.
 */
export function renderPage({ title, body, style, script }: PageContent): string {
  return html`${new Html('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy(style, script)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${new Html(`<style>${style}</style>`)}
      </head>
      <body>
        <main>${body}</main>
        ${script !== undefined && new Html(`<script>${script}</script>`)}
      </body>
    </html> `.markup
}

/** A section of a page that the list of sections leads to. */
export type PageSection = { readonly id: string; readonly title: string; readonly body: Html }

/** The sections that have something to show, under a list of links to them. */
export function pageSections(sections: readonly PageSection[]): Html {
  const present = sections.filter(({ body }) => body.markup !== '')
  return html`<nav aria-label="Sections">
      <ul>
        ${present.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
      </ul>
    </nav>
    ${present.map(
      ({ id, title, body }) =>
        html`<section id="${id}" aria-labelledby="${id}-title">
          <h2 id="${id}-title">${title}</h2>
          ${body}
        </section> `,
    )}`
}

function contentPolicy(style: string, script: string | undefined): string {
  const scripts = script === undefined ? '' : ` script-src '${hashOf(script)}';`
  return `default-src 'none'; style-src '${hashOf(style)}';${scripts} base-uri 'none'; form-action 'none'`
}

function hashOf(text: string): string {
  return `sha256-${btoa(String.fromCharCode(...sha256(utf8ToBytes(text))))}`
}
