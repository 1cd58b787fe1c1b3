import { type Language, languages } from '../languages.ts'

/** A fence of at least three backticks or tildes, its language, and its lines up to the like fence. */
const fencedBlock =
  /^([ \t]*)(`{3,}|~{3,})[ \t]*([^\s`]*)[^\n`]*\n([\s\S]*?)^[ \t]*\2[`~]*[ \t]*$/gm

type Block = { readonly fence: string; readonly code: string }

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

function fencedBlocks(text: string): Block[] {
  const matches = text.replaceAll('\r\n', '\n').matchAll(fencedBlock)
  return [...matches].map(([, indentation = '', , fence = '', code = '']) => ({
    fence: fence.toLowerCase(),
    code: indentation === '' ? code : outdented(code, indentation),
  }))
}

/** A block inside a list item is indented as a whole, fence and code. */
function outdented(code: string, indentation: string): string {
  const lines = code.split('\n')
  return lines
    .map((line) => (line.startsWith(indentation) ? line.slice(indentation.length) : line))
    .join('\n')
}
