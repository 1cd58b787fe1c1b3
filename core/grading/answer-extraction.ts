import type { FinishReason } from '../response.ts'
import { traceTags } from '../trace.ts'
import type { Judgement } from '../verdict.ts'

const boxOpening = /\\(?:boxed|fbox)\s*\{/g
/** What may stand between boxes that together state one answer: `\boxed{1}$ and $\boxed{2}`. */
const connector =
  /^(?:[\s$,;&]|\\[,;:!\s()[\]]|\\q?quad|\\text\s*\{\s*(?:and|or)\s*\}|\b(?:and|or)\b)*$/
const joiningWord = /(?<!\\)[,;]|and|or/
/** `\boxed{3} pens and \boxed{2} books`: what is counted may stand after its number. */
const countedThings = /^[\s$]*(?:[a-z]+\s+){1,2}(?:and|or)[\s$]*$/

/**
 * Where a response states its answer: the solution section of a trace, what follows the thinking of
 * a raw response, or the whole text where there is neither. Empty while a thought is still open.
 */
export function solutionSection(response: string): string {
  const { beginThought, endThought, beginSolution, endSolution } = traceTags
  const start = response.lastIndexOf(beginSolution)
  if (start !== -1) return before(response.slice(start + beginSolution.length), endSolution)
  const closed = after(response, endThought) ?? after(response, '</think>')
  if (closed !== undefined) return closed
  const thinking = response.includes(beginThought) || response.includes('<think>')
  return thinking ? '' : response
}

/**
 * The content of the last `\boxed{…}` (or `\fbox{…}`) in `solution`. Several boxes joined by nothing
 * but commas, "and" or "or" are one answer with several parts: taking the last alone would let a
 * response hedge. Undefined where there is no box, or the last one is cut off.
 */
export function boxedAnswer(solution: string): string | undefined {
  return joinedBoxes(solution, findBoxes(solution))?.answer
}

/** How often `solution` states an answer in boxes: boxes that are joined count once, a cut-off one too. */
export function countBoxedAnswers(solution: string): number {
  let boxes = findBoxes(solution)
  let answers = 0
  while (boxes.length > 0) {
    boxes = boxes.slice(0, -(joinedBoxes(solution, boxes)?.boxes ?? 1))
    answers += 1
  }
  return answers
}

/** The answer that the last boxes state together, and how many they are. */
function joinedBoxes(
  solution: string,
  boxes: readonly Box[],
): { readonly answer: string; readonly boxes: number } | undefined {
  const last = boxes.at(-1)
  if (last === undefined || last.end === undefined) return undefined
  const parts = [last.content]
  let start = last.start
  for (const box of boxes.slice(0, -1).toReversed()) {
    if (box.end === undefined || !isJoin(solution.slice(box.end, start))) break
    parts.push(box.content)
    start = box.start
  }
  return { answer: [...new Set(parts.toReversed())].join(', '), boxes: parts.length }
}

/** The judgement of a response in which no answer was found. */
export function withoutAnswer(
  finishReason: FinishReason | undefined,
): Pick<Judgement, 'outcome' | 'reason' | 'tier'> {
  return finishReason === 'length'
    ? { outcome: 'undecided', reason: 'truncated', tier: 'none' }
    : { outcome: 'wrong', reason: 'no-answer', tier: 'none' }
}

type Box = { readonly start: number; readonly end?: number; readonly content: string }

/** Outermost boxes in order; one without an end was cut off. */
function findBoxes(text: string): Box[] {
  const boxes: Box[] = []
  let from = 0
  for (const match of text.matchAll(boxOpening)) {
    if (match.index < from) continue
    const contentStart = match.index + match[0].length
    const closing = closingBrace(text, contentStart)
    if (closing === undefined) return [...boxes, { start: match.index, content: '' }]
    from = closing + 1
    const content = text.slice(contentStart, closing).trim()
    // An empty box is talk about boxes ("write it as \\boxed{}"), not an answer.
    if (content !== '') boxes.push({ start: match.index, end: from, content })
  }
  return boxes
}

/** The index of the brace that closes the group whose content starts at `from`. */
export function closingBrace(text: string, from: number): number | undefined {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '{') depth += 1
    else if (text[at] === '}') depth -= 1
    if (depth === 0) return at
  }
  return undefined
}

function isJoin(between: string): boolean {
  if (between.length >= 100) return false
  return (connector.test(between) && joiningWord.test(between)) || countedThings.test(between)
}

function before(text: string, tag: string): string {
  const at = text.indexOf(tag)
  return (at === -1 ? text : text.slice(0, at)).trim()
}

function after(text: string, tag: string): string | undefined {
  const at = text.lastIndexOf(tag)
  return at === -1 ? undefined : text.slice(at + tag.length).trim()
}
