/** Longest label that leaves room for a figure beside it on the narrowest screen. */
const longest = 28

/** A row's name, cut where a chart has no room for more: text in SVG does not wrap. */
export function chartLabel(name: string, most: number = longest): string {
  return name.length > most ? `${name.slice(0, most - 1).toWellFormed()}…` : name
}
