import type { AssembleActivities } from '../../activities/assemble.ts'
import type { CurateActivities } from '../../activities/curate.ts'
import type { BatchActivities } from '../../activities/batches.ts'
import type { CloseRoundActivities } from '../../activities/distilled-shards.ts'
import type { EstimateActivities } from '../../activities/estimate.ts'
import type { JoinTrainingActivities } from '../../activities/join-training.ts'
import type { JudgeActivities } from '../../activities/judge.ts'
import type { LabelActivities } from '../../activities/label-difficulty.ts'
import type { LedgerActivities } from '../../activities/ledger.ts'
import { subjectOf } from '../../core/evaluation/night-subject.ts'
import type { NightActivities } from '../../activities/night.ts'
import type {
  EndpointChecks,
  OpenRunActivities,
  SandboxChecks,
  TrainerChecks,
} from '../../activities/open-run.ts'
import type { OpenTrainingActivities } from '../../activities/open-training.ts'
import type { PrepareStudentActivities } from '../../activities/prepare-student.ts'
import type { ReformatActivities } from '../../activities/reformat.ts'
import type { ReleaseActivities } from '../../activities/release.ts'
import type { ReportActivities } from '../../activities/report.ts'
import type { BenchmarkProblemsActivities } from '../../activities/benchmark-problems.ts'
import type {
  EvaluationChecks,
  OpenEvaluationActivities,
} from '../../activities/open-evaluation.ts'
import type { RecordEvaluationActivities } from '../../activities/record-evaluation.ts'
import type {
  SampleEndpointActivities,
  SampleServedActivities,
} from '../../activities/sample-benchmark.ts'
import type { SampleActivities } from '../../activities/sample.ts'
import type { ScoreBenchmarkActivities } from '../../activities/score-benchmark.ts'
import type { ServeTeacherActivities } from '../../activities/serve-teacher.ts'
import type { TrainActivities } from '../../activities/train.ts'
import type { TrainingRequestActivities } from '../../activities/training-requests.ts'
import type { GradeActivities, GradingOrderActivities } from '../../activities/verify.ts'
import type { Cost } from '../../core/manifest.ts'
import { wilsonInterval } from '../../core/statistics/wilson-interval.ts'
import { noCost } from '../../core/tally.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { exampleScore } from '../core/example-score.ts'
import { exampleRef } from '../core/example-rows.ts'

/** Every activity that the workflows call. */
export type Pipeline = OpenRunActivities &
  EndpointChecks &
  SandboxChecks &
  TrainerChecks &
  LedgerActivities &
  EstimateActivities &
  CurateActivities &
  LabelActivities &
  SampleActivities &
  ReformatActivities &
  ServeTeacherActivities &
  GradingOrderActivities &
  GradeActivities &
  JudgeActivities &
  CloseRoundActivities &
  BatchActivities &
  AssembleActivities &
  ReleaseActivities &
  PrepareStudentActivities &
  OpenTrainingActivities &
  TrainActivities &
  JoinTrainingActivities &
  TrainingRequestActivities &
  OpenEvaluationActivities &
  EvaluationChecks &
  BenchmarkProblemsActivities &
  SampleServedActivities &
  SampleEndpointActivities &
  ScoreBenchmarkActivities &
  RecordEvaluationActivities &
  ReportActivities &
  NightActivities

const used: Cost = { dollars: 0.25, promptTokens: 10, completionTokens: 20, requests: 2 }
const emptyLedger = { limitDollars: null, paid: [], unconfirmed: [], reservedDollars: 0 }
const { grading } = exampleRecipe

/** Plain functions that answer at once what the real activities would, and touch nothing. */
export const quickPipeline: Pipeline = {
  openRun: async () => ({
    recipe: exampleRef('recipe'),
    recipeName: 'example',
    recipeDigest: 'd'.repeat(64),
    shardsInFlight: 2,
    reformatBatch: null,
    benchmarks: ['held-out'],
    scripted: true,
    labels: false,
    judges: false,
    serving: false,
    trains: true,
  }),
  openAccount: async () => emptyLedger,
  raiseBudget: async ({ dollars }) => ({ ...emptyLedger, limitDollars: dollars }),
  settleAccount: async () => emptyLedger,
  drawRows: async ({ rows }) => ({ curated: 'drawn', drawn: rows }),
  estimateFromRows: async () => ({
    rows: 20,
    problems: 600,
    dollars: { p10: 1, p50: 2, p90: 3 },
    seconds: { p10: 10, p50: 20, p90: 30 },
    accepted: { p10: 400, p50: 450, p90: 500 },
    bySource: [{ source: 'sums', problems: 600, rows: 20, accepted: 15 }],
    byStage: [{ stage: 'sample', cost: used }],
    notes: ['an estimate'],
  }),
  checkEndpoints: async () => {},
  checkSandbox: async () => {},
  checkTrainer: async () => {},
  gatherProblems: async () => ({ ...stage('gather', {}), unratedShards: 3 }),
  labelShard: async () => ({ outputs: {}, counts: { rated: 2 }, cost: used, reused: false }),
  curateProblems: async () => ({
    ...stage('curate', { problems: 6 }),
    shards: 3,
  }),
  serveTeacher: async () => {
    throw new Error('nothing is to serve')
  },
  awaitTeacher: async () => {},
  sampleShard: async ({ shard }) => ({
    outputs: {
      problems: exampleRef(`problems-${shard}`),
      responses: exampleRef(`r-${shard}`),
      unanswered: exampleRef(`unanswered-${shard}`),
    },
    counts: { responses: 2 },
    cost: used,
    reused: false,
  }),
  reformatShard: async ({ responses }) => ({
    outputs: {
      traces: exampleRef(`traces of ${responses.uri}`),
      deadLetters: exampleRef(`dead letters of ${responses.uri}`),
    },
    counts: { traces: 2 },
    cost: used,
    reused: false,
  }),
  outstandingReformats: async () => ({ requests: exampleRef('requests'), count: 0 }),
  planBatches: async () => ({ parts: [], requested: 0, stored: 0, tooLarge: 0 }),
  reserveBatch: async ({ part }) => `lease of ${part.set}`,
  submitBatch: async ({ part }) => ({ identity: part.set, batchId: 'batch' }),
  awaitBatch: async () => {},
  collectBatch: async ({ record: { identity, batchId } }) => ({
    identity,
    batchId,
    end: 'completed',
    submitted: 1,
    answered: 1,
    refused: 0,
    leftover: null,
    setAside: null,
    reasons: {},
    messages: {},
    usage: { promptTokens: 1, completionTokens: 1 },
    queueFull: false,
  }),
  settleBatch: async () => {},
  cancelBatch: async () => null,
  openGrading: async ({ submissions, kind }) => ({
    verdicts: `verdicts/${submissions.sha256}`,
    order: {
      kind,
      grading,
      problemsLink: 'http://store/problems',
      submissionsLink: 'http://store/submissions',
      verdictsLink: 'http://store/verdicts',
    },
  }),
  gradeShard: async () => {},
  judgeShard: async ({ verdicts }) => ({
    outputs: {},
    counts: { judged: 1 },
    cost: used,
    reused: false,
    verdicts: `judged ${verdicts}`,
  }),
  closeRound: async () => ({ sealed: true, counts: { 'accepted/sums': 2 } }),
  assembleDataset: async () => stage('assemble', { rows: 6 }),
  releaseDataset: async () => stage('release', { rows: 6 }),
  prepareStudent: async () => ({
    baseModel: exampleRef('base'),
    overLength: exampleRef('over-length'),
    tokens: exampleRef('tokens'),
    rows: 6,
    trainingTokens: 600,
  }),
  openTraining: async () => ({ recipe: exampleRef('recipe'), assembled: 'key of assemble' }),
  planTraining: async () => ({ plan: exampleRef('plan'), details: '| Expected | |' }),
  askTraining: async () => {},
  superviseTraining: async () => ({
    ...stage('train', { steps: 4 }),
    model: exampleRef('student'),
  }),
  openEvaluation: async () => ({
    name: 'example',
    order: {
      recipe: exampleRef('recipe'),
      benchmarks: ['held-out'],
      models: [{ name: 'student', site: { kind: 'weights', manifest: exampleRef('student') } }],
      occasion: 'evaluation',
    },
  }),
  joinTraining: async () => {},
  checkEvaluated: async () => {},
  checkStanding: async () => {},
  readBenchmark: async ({ benchmark }) => ({ key: `problems of ${benchmark}`, digest: benchmark }),
  sampleServed: async ({ model }) => ({ sampled: `answers of ${model.name}` }),
  sampleEndpoint: async ({ model }) => ({ sampled: `answers of ${model.name}` }),
  openScoring: async ({ problems, sampled }) => [
    { problems: exampleRef(problems), submissions: exampleRef(sampled), isSealed: false },
  ],
  gradeSealed: async ({ benchmark }) => `verdicts of ${benchmark}`,
  scoreBenchmark: async ({ model, benchmark }) => {
    const accuracy = wilsonInterval(model.name === 'base' ? 0 : 90, 100)
    return {
      key: `evaluation of ${model.name}`,
      score: exampleScore({ model: model.name, benchmark, accuracy }),
      counts: { correct: accuracy.correct, samples: 100 },
      cost: used,
      reused: false,
    }
  },
  recordEvaluation: async ({ name }) => ({
    record: `s3://sky-t1/evaluations/${name}`,
    report: `s3://sky-t1/evaluations/${name}/report`,
  }),
  writeReport: async () => ({
    report: exampleRef('report.html'),
    counts: { bytes: 1 },
    cost: noCost,
    reused: false,
  }),
  openNight: async () => ({
    run: 'first',
    judging: { level: 0.01, window: 7 },
    order: {
      recipe: exampleRef('recipe'),
      curated: 'c',
      benchmarks: ['held-out'],
      models: [{ name: 'student', site: { kind: 'weights', manifest: exampleRef('student') } }],
    },
  }),
  recordNights: async ({ date, ...done }) => ({
    nights: [
      {
        ...subjectOf(done),
        date,
        benchmark: 'held-out',
        evaluation: 'e',
        outcomes: exampleRef('outcomes'),
        score: exampleScore({ accuracy: wilsonInterval(90, 100) }),
        verdict: {
          kind: 'steady',
          difference: 0,
          interval: { low: 0, high: 0 },
          p: 0.5,
          level: 0.01,
          smallestDetectable: 0.1,
        },
      },
    ],
    sentences: ['held-out: no change beyond noise.'],
    history: 's3://sky-t1/runs/first/history.jsonl.gz',
    report: 's3://sky-t1/evaluations/nightly-first/report/index.html',
  }),
  tellOfDrops: async () => true,
}

function stage(name: string, counts: Record<string, number>) {
  return { key: `key of ${name}`, digest: 'd', counts, cost: noCost, reused: false }
}
