const openers = /^(?:\\\{|\\langle|\\lvert|\\begin\{\w+\}|[([{])$/
const closers = /^(?:\\\}|\\rangle|\\rvert|\\end\{\w+\}|[)\]}])$/
const brackets = /\\[{}]|\\(?:langle|rangle)(?![a-zA-Z])|\\(?:begin|end)\{\w+\}|[()[\]{}]/g

/** Parts of a text, and the separators between them: one fewer. */
export type Split = { readonly parts: readonly string[]; readonly separators: readonly string[] }

/**
 * Cuts a text at the separators that stand outside all brackets; intervals open and close with
 * different ones. Undefined where the brackets do not match.
 */
export function splitTopLevel(text: string, separator: RegExp): Split | undefined {
  const inside = depths(text)
  if (inside === undefined) return undefined
  const parts: string[] = []
  const separators: string[] = []
  let start = 0
  for (const match of text.matchAll(separator)) {
    if ((inside[match.index] ?? 0) > 0 || match.index < start) continue
    parts.push(text.slice(start, match.index).trim())
    separators.push(match[0].trim())
    start = match.index + match[0].length
  }
  return { parts: [...parts, text.slice(start).trim()], separators }
}

/** What stands between the brackets that enclose a whole text. */
export function bracketed(
  text: string,
): { readonly opening: string; readonly closing: string; readonly inner: string } | undefined {
  const match = /^(\\\{|\\langle ?|[([])(.*?)(\\\}|\\rangle|[)\]])$/s.exec(text)
  const [, opening = '', inner = '', closing = ''] = match ?? []
  const inside = match === null ? undefined : depths(text)
  if (inside === undefined) return undefined
  const end = text.length - closing.length
  // The first bracket is open until the last: (1,2),(3,4) has none around it.
  for (let at = opening.length; at < end; at++) if (inside[at] === 0) return undefined
  if ((opening === '\\{') !== (closing === '\\}')) return undefined
  return opening.startsWith('\\langle')
    ? { opening: '(', closing: ')', inner }
    : { opening, closing, inner }
}

/** How many brackets are open at each character; undefined where they do not match. */
function depths(text: string): Uint16Array | undefined {
  const inside = new Uint16Array(text.length)
  let depth = 0
  let from = 0
  for (const match of text.matchAll(brackets)) {
    inside.fill(depth, from, match.index)
    from = match.index
    if (openers.test(match[0])) depth += 1
    else if (closers.test(match[0])) depth -= 1
    if (depth < 0 || depth > 1_000) return undefined
    const end = match.index + match[0].length
    inside.fill(depth + (closers.test(match[0]) ? 1 : 0), from, end)
    from = end
  }
  return depth === 0 ? inside : undefined
}
