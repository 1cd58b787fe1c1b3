import { z } from 'zod'
import { TrainingStep } from '../checkpoint.ts'
import { CurationSummary } from '../curation/dropped-row.ts'
import { Manifest, Stage } from '../manifest.ts'
import { Ledger } from '../money/ledger.ts'
import { Domain } from '../problem.ts'
import { Score } from '../score.ts'
import { RecordedLabel } from '../sources/source.ts'
import { Outcome, Tier, Verdict } from '../verdict.ts'
import { DisagreementView } from './grader-disagreement.ts'

/** An endpoint that the run asked, and whether a real model stood behind it. */
export const ReportEndpoint = z.strictObject({
  role: z.enum(['teacher', 'reformatter', 'labeller', 'judge']),
  endpoint: z.string(),
  model: z.string(),
  /** `scripted`: a program plays the model; `replay`: recorded outputs of the model are served. */
  kind: z.enum(['real', 'scripted', 'replay']),
})
export type ReportEndpoint = z.infer<typeof ReportEndpoint>

/** One stage as it was done, or one part of it (`evaluate/student`). */
export const ReportStage = z.strictObject({
  name: z.string().min(1),
  /** `reused`: another run, or an earlier start of this one, had done it already. */
  state: z.enum(['done', 'reused']),
  manifest: Manifest,
})
export type ReportStage = z.infer<typeof ReportStage>

/** How many were lost at a stage, and why. */
export const Loss = z.strictObject({
  stage: z.enum(['sample', 'reformat', 'verify', 'assemble']),
  reason: z.string().min(1),
  count: z.int().positive(),
})
export type Loss = z.infer<typeof Loss>

/** What became of one source's problems. `truncated` and `refused` count responses. */
export const SourceYield = z.strictObject({
  source: z.string(),
  domain: Domain,
  problems: z.int().nonnegative(),
  responses: z.int().nonnegative(),
  truncated: z.int().nonnegative(),
  refused: z.int().nonnegative(),
  traces: z.int().nonnegative(),
  accepted: z.int().nonnegative(),
  datasetRows: z.int().nonnegative(),
  losses: z.array(Loss),
})
export type SourceYield = z.infer<typeof SourceYield>

const Share = z.int().nonnegative()

/** Responses of a text's kind in which strict and legacy rules find an answer, and which they accept. */
const ParseRates = z.strictObject({
  strictParsed: Share,
  legacyParsed: Share,
  strictAccepted: Share,
  legacyAccepted: Share,
  /** Of which it is not known whether one of the rules accepts them. */
  unknown: Share,
})

/** What one source's sampled responses read as, as the teacher wrote them and as traces. */
export const ParseYield = z.strictObject({
  source: z.string(),
  responses: Share,
  raw: ParseRates,
  reformatted: ParseRates,
})
export type ParseYield = z.infer<typeof ParseYield>

/** Responses with the teacher's tokens for them, what was accepted, and how many problems that solves. */
const SamplingEffort = z.strictObject({
  responses: Share,
  tokens: Share,
  accepted: Share,
  solved: Share,
})

/** What sampling one source took and brought: whole, and of the first response of each problem alone. */
export const SamplingYield = z.strictObject({
  source: z.string(),
  problems: Share,
  whole: SamplingEffort,
  first: SamplingEffort,
  /** Problems given up: none was accepted, or not enough were. */
  hopeless: Share,
  exhausted: Share,
})
export type SamplingYield = z.infer<typeof SamplingYield>

/** How many verdicts of one source share everything but the trace. */
export const VerdictTally = z.strictObject({
  source: z.string(),
  tier: Tier,
  outcome: Outcome,
  reason: z.string().min(1),
  legacyOutcome: Verdict.shape.legacyOutcome,
  count: z.int().positive(),
})
export type VerdictTally = z.infer<typeof VerdictTally>

/** A checkpoint in the store; bytes and files over the whole of it. */
export const ReportCheckpoint = z.strictObject({
  globalStep: z.int().nonnegative(),
  digest: z.string(),
  files: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
})
export type ReportCheckpoint = z.infer<typeof ReportCheckpoint>

/** One trace to read, with its verdict and the ids that lead back to where it came from. */
export const ReportTrace = z.strictObject({
  problemId: z.string(),
  source: z.string(),
  revision: z.string(),
  domain: Domain,
  prompt: z.string(),
  /** What the solution was judged against, in words (`describeReference`). */
  reference: z.string(),
  thought: z.string(),
  solution: z.string(),
  verdict: Verdict,
  /** Digest of the teacher's request; the trace has the same id. */
  responseId: z.string(),
  /** Digest of the reformatter's request, or `none`. */
  reformatting: z.string(),
  inDataset: z.boolean(),
})
export type ReportTrace = z.infer<typeof ReportTrace>

/** A recorded label and our verdict on the same output, where they are not the same. */
export const Disagreement = z.strictObject({
  label: RecordedLabel,
  verdict: Verdict,
  prompt: z.string(),
  reference: z.string(),
})
export type Disagreement = z.infer<typeof Disagreement>

/** Recorded labels of one source beside our verdicts; `unjudged` labels have no verdict. */
const LabelAgreement = z.strictObject({
  source: z.string(),
  compared: z.int().nonnegative(),
  agreed: z.int().nonnegative(),
  unjudged: z.int().nonnegative(),
})

/** Recorded labels beside our verdicts, and every one of them that our verdict contradicts. */
export const LabelComparison = z.strictObject({
  agreement: z.array(LabelAgreement),
  disagreements: z.array(Disagreement),
})
export type LabelComparison = z.infer<typeof LabelComparison>

/**
 * Everything that a run's report shows; stored as `report.json` beside the page. The page is a
 * function of this alone.
 */
export const ReportData = z.strictObject({
  run: z.strictObject({
    name: z.string().min(1),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
  }),
  recipe: z.strictObject({
    name: z.string(),
    description: z.string(),
    digest: z.string(),
    seed: z.int(),
  }),
  endpoints: z.array(ReportEndpoint),
  stages: z.array(ReportStage),
  /** Stages that a person skipped; what depends on them is missing from the report. */
  skipped: z.array(Stage),
  /** What curation dropped, and where the list of it stands. */
  curation: z.strictObject({ summary: CurationSummary, list: z.string() }),
  /** What the run paid itself; null where no account was kept. */
  ledger: Ledger.nullable(),
  scores: z.array(Score),
  yields: z.array(SourceYield),
  parsing: z.array(ParseYield),
  sampling: z.array(SamplingYield),
  verdicts: z.array(VerdictTally),
  training: z
    .strictObject({ steps: z.array(TrainingStep), checkpoints: z.array(ReportCheckpoint) })
    .nullable(),
  traces: z.array(ReportTrace),
  /** Where graders are at odds, and where the list of all of it stands; null where there is none. */
  graders: z.strictObject({ views: z.array(DisagreementView), list: z.string().nullable() }),
  /** Empty where the sources carry no recorded labels. */
  labels: LabelComparison,
})
export type ReportData = z.infer<typeof ReportData>
