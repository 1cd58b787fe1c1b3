import { z } from 'zod'

const Rate = z.number().min(0).max(1)

/** How often the scripted models and their server misbehave: shares of requests, 0 to 1. */
export const Profile = z.strictObject({
  teacher: z.strictObject({
    wrong: Rate,
    refusal: Rate,
    /** Responses that doubt themselves over and over for about `ramblingTokens`. */
    rambling: Rate,
    ramblingTokens: z.int().positive(),
    /** The program stands before the end of the response. */
    programInMiddle: Rate,
    /** The answer is said without a box. */
    unboxed: Rate,
    /** Chance of each detour, of a filler before each step, and of the closing check. */
    detour: Rate,
    filler: Rate,
    check: Rate,
  }),
  /** Only on a request without a complaint; a request that complains is served well. */
  reformatter: z.strictObject({
    missingTag: Rate,
    shortenedThought: Rate,
    secondCodeBlock: Rate,
    changedAnswer: Rate,
  }),
  labeller: z.strictObject({
    /** Replies that are no rating. */
    unreadable: Rate,
  }),
  judge: z.strictObject({
    /** Replies that are no verdict. */
    unreadable: Rate,
  }),
  /** What the server does to a request; `lastAttempt` is the last attempt that is hit. */
  faults: z.strictObject({
    rateLimited: Rate,
    retryAfterSeconds: z.int().nonnegative(),
    serverError: Rate,
    cutStream: Rate,
    stall: Rate,
    /** A page in place of the reply, no body at all, a body of `hugeBytes`, a cut after the usage. */
    notJson: Rate,
    emptyBody: Rate,
    huge: Rate,
    hugeBytes: z.int().positive(),
    cutAfterUsage: Rate,
    lastAttempt: z.int().nonnegative(),
  }),
  /** What each key may use; past it a request is told to wait (429), for as long as it must. */
  limits: z.strictObject({
    requestsPerMinute: z.number().positive().nullable(),
    tokensPerMinute: z.number().positive().nullable(),
  }),
  /** What befalls batches and their lines. */
  batches: z.strictObject({
    /** Looks that find a batch unfinished. */
    looks: z.int().nonnegative(),
    /** Lines that end as an error of the server. */
    failedLines: Rate,
    /** Lines of the output that are cut off, and lines beside it that answer no request of the batch. */
    tornLines: Rate,
    foreignLines: Rate,
    /** Only the first sendings of a request fare so. */
    lastSending: z.int().nonnegative(),
    /** Batches that expire half-answered, and those turned down since too much is queued. */
    expired: Rate,
    fullQueue: Rate,
    /** A batch of no more lines than this is spared both. */
    smallest: z.int().nonnegative(),
  }),
})
export type Profile = z.infer<typeof Profile>

/** Some rates of a profile, as a file gives them. */
export const ProfileChanges = z.strictObject({
  teacher: Profile.shape.teacher.partial().optional(),
  reformatter: Profile.shape.reformatter.partial().optional(),
  labeller: Profile.shape.labeller.partial().optional(),
  judge: Profile.shape.judge.partial().optional(),
  faults: Profile.shape.faults.partial().optional(),
  limits: Profile.shape.limits.partial().optional(),
  batches: Profile.shape.batches.partial().optional(),
})
export type ProfileChanges = z.infer<typeof ProfileChanges>

/** The one table of rates. */
export const standardProfile: Profile = {
  teacher: {
    wrong: 0.08,
    refusal: 0.01,
    rambling: 0.02,
    ramblingTokens: 6000,
    programInMiddle: 0.35,
    unboxed: 0.12,
    detour: 0.15,
    filler: 0.15,
    check: 0.25,
  },
  reformatter: {
    missingTag: 0.008,
    shortenedThought: 0.008,
    secondCodeBlock: 0.006,
    changedAnswer: 0.008,
  },
  labeller: { unreadable: 0.02 },
  judge: { unreadable: 0.02 },
  faults: {
    // Each holds every asker of the endpoint back for a second.
    rateLimited: 0.005,
    retryAfterSeconds: 1,
    serverError: 0.01,
    cutStream: 0.005,
    stall: 0.002,
    notJson: 0,
    emptyBody: 0,
    huge: 0,
    hugeBytes: 20_000_000,
    cutAfterUsage: 0,
    lastAttempt: 1,
  },
  limits: { requestsPerMinute: null, tokensPerMinute: null },
  batches: {
    looks: 1,
    failedLines: 0.02,
    tornLines: 0.002,
    foreignLines: 0.002,
    lastSending: 1,
    expired: 0.05,
    fullQueue: 0.05,
    smallest: 8,
  },
}

/** The standard profile with changes. Throws ZodError for an unknown name or a share out of range. */
export function changeProfile(changes: ProfileChanges): Profile {
  return Profile.parse({
    teacher: { ...standardProfile.teacher, ...changes.teacher },
    reformatter: { ...standardProfile.reformatter, ...changes.reformatter },
    labeller: { ...standardProfile.labeller, ...changes.labeller },
    judge: { ...standardProfile.judge, ...changes.judge },
    faults: { ...standardProfile.faults, ...changes.faults },
    limits: { ...standardProfile.limits, ...changes.limits },
    batches: { ...standardProfile.batches, ...changes.batches },
  })
}
