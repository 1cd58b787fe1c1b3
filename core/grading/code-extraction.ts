import { type Language, languages } from '../languages.ts'

type Block = { readonly fence: string; readonly code: string }

/** The line that begins a block: at least three backticks or tildes, and its language. */
type Opening = { readonly indentation: string; readonly mark: string; readonly fence: string }

/**
 * The program of a solution: its last complete block fenced as the problem's language, else its last
 * complete block with no language. A block of another language (sample output, a shell command) is
 * not taken for a program.
 */
export function extractCode(solution: string, language: Language): string | undefined {
  const blocks = fencedBlocks(solution)
  const block =
    blocks.findLast(({ fence }) => isFenceOf(language, fence)) ??
    blocks.findLast(({ fence }) => fence === '')
  return block === undefined || block.code.trim() === '' ? undefined : block.code
}

/** What stands in the complete blocks that may hold Python: fenced as Python, or with no language. */
export function programBlocks(text: string): string[] {
  return fencedBlocks(text)
    .filter(({ fence, code }) => (fence === '' || isFenceOf('python', fence)) && code.trim() !== '')
    .map(({ code }) => code)
}

/** What stands in the complete fenced blocks of a text, whatever their language, in order. */
export function codeBlocks(text: string): string[] {
  return fencedBlocks(text).map(({ code }) => code)
}

function isFenceOf(language: Language, fence: string): boolean {
  return languages[language].fences.some((name) => name === fence)
}

/** Line by line: what a model wrote may be a megabyte that looks like the beginning of a fence. */
function fencedBlocks(text: string): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  /** Of each kind of mark the shortest that nothing closes from here on. */
  const unclosed = new Map<string, number>()
  for (let at = 0; at < lines.length; at += 1) {
    const opening = openingIn(lines[at] ?? '')
    if (opening === undefined) continue
    const { indentation, mark, fence } = opening
    const [kind = ''] = mark
    if (mark.length >= (unclosed.get(kind) ?? Infinity)) continue
    const end = closingLine(lines, at + 1, mark)
    if (end === undefined) unclosed.set(kind, mark.length)
    else {
      const code = lines.slice(at + 1, end).map((line) => `${line}\n`)
      blocks.push({ fence, code: outdented(code.join(''), indentation) })
      at = end
    }
  }
  return blocks
}

function openingIn(line: string): Opening | undefined {
  const body = line.trimStart()
  const [mark] = /^(?:`{3,}|~{3,})/.exec(body) ?? []
  if (mark === undefined) return undefined
  const rest = body.slice(mark.length)
  if (rest.includes('`')) return undefined
  const [fence = ''] = rest.trim().split(/\s/)
  const indentation = line.slice(0, line.length - body.length)
  return { indentation, mark, fence: fence.toLowerCase() }
}

/** The index of the line, from `from` on, that ends a block of this mark. */
function closingLine(lines: readonly string[], from: number, mark: string): number | undefined {
  for (let at = from; at < lines.length; at += 1) {
    const text = lines[at]?.trim() ?? ''
    if (text.startsWith(mark) && /^[`~]+$/.test(text)) return at
  }
  return undefined
}

/** A block inside a list item is indented as a whole, fence and code. */
function outdented(code: string, indentation: string): string {
  if (indentation === '') return code
  const lines = code.split('\n')
  return lines
    .map((line) => (line.startsWith(indentation) ? line.slice(indentation.length) : line))
    .join('\n')
}
