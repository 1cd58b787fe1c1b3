/** A page of the report, by its path beside the main one. */
export type ReportPage = { readonly path: string; readonly html: string }

/** The main page. */
export const mainPath = 'index.html'

/** The list of a benchmark's problems. */
export function listPath(benchmark: string): string {
  return `problems/${benchmark}/${mainPath}`
}

/** A page of a benchmark's problems, counted from 1. */
export function problemPagePath(benchmark: string, page: number): string {
  return `problems/${benchmark}/${fileOf(page)}`
}

/** The same page as the pages beside it call it. */
export function fileOf(page: number): string {
  return `${String(page).padStart(4, '0')}.html`
}

/** The place on its page of a problem, by its place in the benchmark from 1. */
export function problemAnchor(place: number): string {
  return `problem-${place}`
}
