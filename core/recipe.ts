import { z } from 'zod'
import { Benchmark } from './benchmarks/benchmark.ts'
import { DecidingProfile } from './grading/profiles.ts'
import { Domain } from './problem.ts'
import { Engine, Serving } from './serving/serving.ts'
import { Source } from './sources/source.ts'
import { Student } from './training/student.ts'
import { Training } from './training/training.ts'

const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and hyphens')

/** How many responses a problem is given. */
const Sampling = z.discriminatedUnion('mode', [
  /** The same number for every problem: what the published recipe does, with one. */
  z.strictObject({ mode: z.literal('fixed'), samples: z.int().min(1).max(64) }),
  /** One more response after each failure, until enough are accepted. */
  z
    .strictObject({
      mode: z.literal('until-accepted'),
      /** A problem with so many accepted traces is sampled no more. */
      accepted: z.int().min(1).max(16),
      maximumSamples: z.int().min(1).max(64),
      /** A problem of which none of so many responses was accepted is given up. */
      hopelessAfter: z.int().min(1).max(64),
    })
    .refine(({ accepted, maximumSamples }) => accepted <= maximumSamples, {
      path: ['accepted'],
      message: 'more than maximumSamples can never be accepted; lower it or raise maximumSamples',
    }),
])
export type Sampling = z.infer<typeof Sampling>

/** The teacher: who answers the problems, and how responses are drawn. */
const Teacher = z
  .strictObject({
    /** Logical name of the endpoint; the deployment says where it is (`<NAME>_BASE_URL`). */
    endpoint: Name,
    model: z.string().min(1),
    temperature: z.number().min(0).max(2),
    maxTokens: z.int().positive(),
    /** Token limit of the one further request for a response that was cut off; null: it stays cut off. */
    escalateTo: z.int().positive().nullable(),
    sampling: Sampling,
  })
  .refine(({ escalateTo, maxTokens }) => escalateTo === null || escalateTo > maxTokens, {
    path: ['escalateTo'],
    message: 'not above maxTokens, so it would cut off again; raise it, or set null',
  })

/** The reformatter: who rewrites responses into the trace format. */
const Reformatter = z.strictObject({
  endpoint: Name,
  model: z.string().min(1),
  temperature: z.number().min(0).max(2),
  maxTokens: z.int().positive(),
  /** How often one response is sent, in all, before it is set aside with the reason. */
  attempts: z.int().min(1).max(5),
  /** Share of the original's words that the thought must keep, in order, 0 to 1. */
  minimumKept: z.number().min(0).max(1),
  /** Through the endpoint's batch interface, at its price; null: online. */
  batch: z
    .strictObject({
      /** Seconds between two looks at a batch that is being worked on. */
      pollSeconds: z.int().min(1).max(3600),
      /** What a token costs in a batch, as a share of its price online. */
      priceFactor: z.number().gt(0).max(1),
    })
    .nullable(),
})

/** Who rates problems that no label is known of. */
const Labeller = z.strictObject({
  endpoint: Name,
  model: z.string().min(1),
  temperature: z.number().min(0).max(2),
  maxTokens: z.int().positive(),
})
export type Labeller = z.infer<typeof Labeller>

/** What is taken out of the sources before anything is paid for. */
export const Curation = z.strictObject({
  /** How hard problems are, for the sources that take a band of difficulty; null: no source has one. */
  difficulty: z
    .strictObject({
      /** A set of problems with their difficulty, joined by the text of the problem; null: none. */
      labels: Source.nullable(),
      /** Rates what `labels` does not hold; null: a problem without a label is dropped. */
      labeller: Labeller.nullable(),
    })
    .nullable(),
  /** Problems that also stand in an evaluation set; null: not looked for. */
  decontamination: z
    .strictObject({
      /** Words of an n-gram: a problem that shares one with an evaluation item is dropped. */
      ngramWords: z.int().min(5).max(100),
      /**
       * Texts that share no n-gram, as short ones must, are one where their numbers are the same and
       * they are so similar, 0 to 1.
       */
      shortSimilarity: z.number().gt(0).max(1),
    })
    .nullable(),
  /** Problems that are nearly an earlier one, with the same numbers; null: only exact repeats are dropped. */
  deduplication: z
    .strictObject({
      /** Estimated Jaccard similarity of two prompts' word shingles from which they are one, 0 to 1. */
      similarity: z.number().gt(0).max(1),
    })
    .nullable(),
})
export type Curation = z.infer<typeof Curation>

/** How much may go wrong before the stage stops and waits for a person: shares, 0 to 1. */
const FailureBudget = z.strictObject({
  /** Rows of a source that cannot become problems. */
  sourceRows: z.number().min(0).max(1),
  /** Requests whose reply is unreadable, empty, too large or cut, again and again. */
  replies: z.number().min(0).max(1),
})
export type FailureBudget = z.infer<typeof FailureBudget>

/** Who compares answers that no rule can compare: short requests, one for each such answer. */
const Judge = z.strictObject({
  endpoint: Name,
  model: z.string().min(1),
  temperature: z.number().min(0).max(2),
  maxTokens: z.int().positive(),
})
export type Judge = z.infer<typeof Judge>

/** How verdicts are made. */
export const Grading = z.strictObject({
  profile: DecidingProfile,
  limits: z.strictObject({
    cpuSeconds: z.number().positive().max(60),
    memoryMiB: z.int().min(32).max(8192),
    outputKiB: z.int().positive().max(65_536),
  }),
  /** Asked about traces where the rules cannot tell; null: what they cannot tell stays undecided. */
  judge: Judge.nullable(),
})
export type Grading = z.infer<typeof Grading>

/** What verdicts are made by, a judge aside: equal rules give equal verdicts, and cost nothing. */
export type GradingRules = Omit<Grading, 'judge'>

/** A share of the data set: so many rows of these domains, sources and difficulties. */
const Quota = z.strictObject({
  name: Name,
  rows: z.int().positive(),
  domains: z.array(Domain).min(1),
  /** Ids of sources; empty: all of them. */
  sources: z.array(z.string().min(1)),
  /** AoPS scale, both ends included; null: any, also where it is not known. */
  difficulty: z.strictObject({ min: z.number(), max: z.number() }).nullable(),
})
export type Quota = z.infer<typeof Quota>

/** What the data set is made of. A row counts in the first quota that it fits and that has room. */
export const Mixture = z
  .array(Quota)
  .min(1)
  .refine((quotas) => new Set(quotas.map(({ name }) => name)).size === quotas.length, {
    message: 'two quotas have one name; give each its own',
  })
export type Mixture = z.infer<typeof Mixture>

/** How the data set is released. None of it changes which rows there are. */
const DatasetRelease = z.strictObject({
  /** Heading of the data set's card. */
  title: z.string().min(1),
  /** The data set's own licence, by its identifier on the Hugging Face Hub. */
  licence: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'an identifier such as apache-2.0'),
  rowsPerFile: z.int().min(1).max(100_000),
})

/** US dollars for a million tokens. */
export const Price = z.strictObject({
  promptPerMillion: z.number().nonnegative(),
  completionPerMillion: z.number().nonnegative(),
})
export type Price = z.infer<typeof Price>

/** How the work is cut: sizes only, none of which changes a row. */
const Sharding = z.strictObject({
  problemsPerShard: z.int().min(1).max(2000),
  shardsInFlight: z.int().min(1).max(100),
  /** Requests that one shard keeps in flight at once. */
  requestsInFlight: z.int().min(1).max(512),
})

/** What to reproduce, whole. Every field is required: a recipe hides no defaults. */
export const Recipe = z.strictObject({
  name: Name,
  description: z.string().min(1),
  seed: z.int().nonnegative(),
  sources: z.array(Source).min(1),
  /** Sources that are evaluated on: what stands in one is not trained on. */
  evaluationSets: z.array(Source),
  curation: Curation,
  teacher: Teacher,
  reformatter: Reformatter,
  grading: Grading,
  mixture: Mixture,
  dataset: DatasetRelease,
  /** The profile in `recipes/training` that student and training were taken from; null: none. */
  profile: Name.nullable(),
  student: Student,
  training: Training,
  benchmarks: z
    .array(Benchmark)
    .min(1)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
      message: 'two benchmarks have one name; name each once',
    }),
  /** Serves the weights that are evaluated. */
  evaluationEngine: Engine,
  prices: z.record(z.string(), Price),
  /** US dollars that asking models may cost; null: no limit. */
  budgetDollars: z.number().positive().nullable(),
  failureBudget: FailureBudget,
  /** The engine that serves the teacher; null: its endpoint is there, and the deployment says where. */
  serving: Serving.nullable(),
  sharding: Sharding,
})
export type Recipe = z.infer<typeof Recipe>
