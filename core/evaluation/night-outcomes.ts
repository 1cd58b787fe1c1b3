import type { ProblemOutcomes } from '../statistics/problem-outcomes.ts'

/** What a model made of one benchmark in one night. */
export type NightOutcomes = {
  /** Digest of the benchmark's problems: only nights over the same problems can be compared. */
  readonly problemsDigest: string
  /** How many samples each problem was to have. */
  readonly samples: number
  /** Every problem, with its decided samples: fewer than planned, or none, where some are missing. */
  readonly problems: readonly ProblemOutcomes[]
}

/** The least share of its samples with which a problem counts. */
const leastSamples = 0.5
/** The least share of problems that must count. */
const leastProblems = 0.9

/** The problems that have enough of their samples to count, by id. */
export function countingProblems({ samples, problems }: NightOutcomes): ReadonlySet<string> {
  const counting = problems.filter(
    ({ outcomes }) => outcomes.length > 0 && outcomes.length >= leastSamples * samples,
  )
  return new Set(counting.map(({ problemId }) => problemId))
}

/** Says so where too few of a benchmark's problems count; undefined where there are enough. */
export function tooFewProblems(counting: number, all: number): string | undefined {
  if (counting >= leastProblems * all) return undefined
  const needed = `${100 * leastProblems} % are needed`
  return `${counting} of ${all} problems have half of their samples or more, and ${needed}`
}

/**
 * The samples of several nights over the same problems as those of one. Throws RangeError for no
 * night, and where a later night lacks a problem of the first, naming it.
 */
export function poolNights(nights: readonly NightOutcomes[]): NightOutcomes {
  const [first, ...later] = nights
  if (first === undefined) throw new RangeError('no night has no outcomes: give at least one')
  const others = later.map((night) => ({
    samples: night.samples,
    byId: new Map(night.problems.map(({ problemId, outcomes }) => [problemId, outcomes])),
  }))
  return {
    problemsDigest: first.problemsDigest,
    samples: others.reduce((total, { samples }) => total + samples, first.samples),
    problems: first.problems.map(({ problemId, outcomes }) => ({
      problemId,
      outcomes: [outcomes, ...others.map(({ byId }) => found(byId, problemId))].flat(),
    })),
  }
}

function found(byId: ReadonlyMap<string, readonly boolean[]>, problemId: string) {
  const outcomes = byId.get(problemId)
  if (outcomes !== undefined) return outcomes
  throw new RangeError(
    `problem ${problemId} is missing in a night over the same problems: list it, with no outcomes`,
  )
}
