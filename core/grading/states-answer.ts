import type { Reference } from '../problem.ts'
import { boxedAnswer, solutionSection } from './answer-extraction.ts'
import { gradeChoice } from './choice.ts'
import { extractCode } from './code-extraction.ts'
import { legacyAnswer } from './math-legacy-answer.ts'

/** A reference by which a text can be judged. */
export type Judgeable = Exclude<Reference, { readonly kind: 'trace' }>

/** What the strict graders would take as a text's answer or program, or undefined where they find none. */
export function statedAnswer(reference: Judgeable, text: string): string | undefined {
  switch (reference.kind) {
    case 'answer':
      return boxedAnswer(solutionSection(text))
    case 'choice':
      return gradeChoice({ letter: reference.letter, response: text }).extracted ?? undefined
    case 'tests':
      return extractCode(solutionSection(text), 'python')
  }
}

/**
 * Whether the published pipeline would have found an answer or a program in a text, anywhere in it:
 * a fenced block of any language (SkyThought, skythought/tools/util/common.py at ee8d0f4), a letter
 * A to D, a box, a stated answer or merely a number.
 */
export function legacyStatesAnswer(reference: Judgeable, text: string): boolean {
  switch (reference.kind) {
    case 'answer':
      return legacyAnswer(text).trim() !== ''
    case 'choice':
      return /\b[A-D]\b/.test(text.toUpperCase())
    case 'tests':
      return /```[a-zA-Z]*\n[\s\S]*?```/.test(text)
  }
}
