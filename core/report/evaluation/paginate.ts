import type { ProblemIndex, ReportProblem, ShownText } from '../evaluation-report-data.ts'
import { attemptOf } from './standing.ts'

/** At most so many problems on a page. */
const mostProblems = 50

/** Characters on a page beyond which no other problem is begun, and what a sample takes without its text. */
const mostCharacters = 3_000_000
const ofSample = 2000

/** Characters of a problem in its list. */
const gistLength = 200

/** Cuts problems into pages: 50 to a page, fewer where they are so long that a page would be slow to open. */
export function paginate(problems: readonly ReportProblem[]): ReportProblem[][] {
  const pages: ReportProblem[][] = []
  let characters = Infinity
  for (const problem of problems) {
    const page = pages.at(-1)
    const size = sizeOf(problem)
    if (page && page.length < mostProblems && characters + size <= mostCharacters) {
      page.push(problem)
      characters += size
    } else {
      pages.push([problem])
      characters = size
    }
  }
  return pages
}

function sizeOf({ prompt, samples }: ReportProblem): number {
  return Object.values(samples)
    .flat()
    .reduce((sum, { text }) => sum + ofSample + lengthOf(text), lengthOf(prompt))
}

function lengthOf(text: ShownText | null): number {
  return text === null ? 0 : text.head.length + text.tail.length
}

/** What the list of a benchmark's problems needs of its pages. */
export function indexProblems(
  of: Omit<ProblemIndex, 'pages'>,
  pages: ReadonlyArray<readonly ReportProblem[]>,
): ProblemIndex {
  return {
    ...of,
    pages: pages.map((problems) =>
      problems.map(({ problemId, prompt, category, difficulty, samples }) => ({
        problemId,
        gist: prompt && prompt.head.slice(0, gistLength).toWellFormed(),
        category,
        difficulty,
        attempts: of.models.map((model) => attemptOf(samples[model])),
      })),
    ),
  }
}
