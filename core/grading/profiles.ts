import { z } from 'zod'

/** Whose rules judge a mathematical answer. The graders in use contradict each other, so each has a name. */
export const GraderProfile = z.enum(['strict', 'math-verify', 'legacy'])
export type GraderProfile = z.infer<typeof GraderProfile>

/** The profiles by which a data set may be made: what the published pipeline said never decides. */
export const DecidingProfile = GraderProfile.exclude(['legacy'])

/** Families of labelled pairs of answers, by the project whose tests or outputs they come from. */
export type SuiteName = 'real' | 'math-verify' | 'skythought'

export type ProfileDescription = {
  readonly description: string
  /** Rises when a rule changes, so that no older verdict passes for a newer one. */
  readonly version: number
  /** The share of a suite's pairs whose label does not rest on a convention that it must judge so. */
  readonly requiredAccuracy: Readonly<Partial<Record<SuiteName, number>>>
}

/** What each profile does, its version, and the suites that it must pass. */
export const graderProfiles: Readonly<Record<GraderProfile, ProfileDescription>> = {
  strict: {
    description:
      'Ours. Exact rules first, math-verify with guards for what they cannot decide; accepts only ' +
      'what is equal, and is undecided where it cannot tell.',
    version: 3,
    requiredAccuracy: { real: 0.999, 'math-verify': 0.98, skythought: 0.95 },
  },
  'math-verify': {
    description:
      'What math-verify 0.9.0 says as shipped: its own extraction and comparison, no rule of ours.',
    version: 1,
    requiredAccuracy: { real: 0.99, 'math-verify': 0.95 },
  },
  legacy: {
    description:
      'What the published pipeline said: it reads the whole response, rounds, and accepts answers ' +
      'that are off by a factor of 100. Reported beside the verdict; it never decides.',
    version: 1,
    requiredAccuracy: {},
  },
}
