import { judgeNight } from '../core/evaluation/judge-night.ts'
import type { EarlierNight } from '../core/evaluation/compare-night.ts'
import type { NightOutcomes } from '../core/evaluation/night-outcomes.ts'
import { type NightSubject, subjectName, subjectOf } from '../core/evaluation/night-subject.ts'
import { Night, StoredOutcomes } from '../core/night.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { EvaluationReportData } from '../core/report/evaluation-report-data.ts'
import { nightSentence } from '../core/report/night-sentence.ts'
import type { Scored } from '../core/score-samples.ts'
import { findJson, parseJson, readObject, writeJson, writeRows } from './artifacts.ts'
import { benchmarkOf, readQuestions } from './benchmark-problems.ts'
import { scoredSamples } from './compare-scores.ts'
import type { Vault } from './gated-vault.ts'
import { type NightJudging, openNight, type OpenedNight } from './open-night.ts'
import { type OpeningDeps, readRecipe } from './open-run.ts'
import { amendRecord, readScore } from './record-evaluation.ts'

/** A night that was evaluated, or could not be. */
export type NightToRecord = NightSubject & {
  readonly date: string
  readonly recipe: ObjectRef
  readonly judging: NightJudging
  readonly benchmarks: readonly string[]
  /** Keys of the scorings; or why there are none. */
  readonly came: { readonly evaluations: readonly string[] } | { readonly broken: string }
}

/** Nights on record, and what they say in words. */
export type RecordedNights = {
  readonly nights: readonly Night[]
  readonly sentences: readonly string[]
  readonly history: string
  readonly report: string
}
export type NightActivities = ReturnType<typeof createNightActivities>

type Deps = OpeningDeps & {
  readonly vault: Vault
  /** Tells people of a drop; undefined where the deployment names nobody. */
  readonly tell: ((text: string) => Promise<void>) | undefined
}

/** What a nightly evaluation reads first and writes last. */
export function createNightActivities(deps: Deps) {
  const { store } = deps
  return {
    /** The door: refuses an unreadable input, and a run or a model that is not there. */
    openNight: (input: unknown): Promise<OpenedNight> => openNight(deps, input),
    /**
     * Compares a night with those before it and adds it to its subject's history: an object a night and
     * benchmark, the history in one file, and the report with the curve of all nights.
     */
    async recordNights(done: NightToRecord): Promise<RecordedNights> {
      const { date } = done
      const home = homeOf(done)
      const before = (await historyOf(store, home)).filter((night) => night.date !== date)
      const nights = await judged(deps, done, before)
      for (const night of nights) {
        await writeJson(store, `${home}nights/${date}-${night.benchmark}.json`, night)
      }
      const history = await historyOf(store, home)
      const { uri } = await writeRows(store, `${home}history.jsonl.gz`, history)
      const report = await reportNights(deps, done, history)
      return { nights, sentences: nights.map(nightSentence), history: uri, report }
    },
    /** Tells people of drops, where the deployment says how; gives whether anybody was told. */
    async tellOfDrops({ text }: { readonly text: string }): Promise<boolean> {
      await deps.tell?.(text)
      return deps.tell !== undefined
    },
  }
}

/** The evaluation whose report shows the nights. */
function evaluationOf(subject: NightSubject): string {
  return `nightly-${subjectName(subject).replaceAll(/[^A-Za-z0-9._-]/g, '-')}`
}

/** Below which the history of the nights stands: with the run, or with the report of the model's nights. */
function homeOf(subject: NightSubject): string {
  return 'run' in subject ? `runs/${subject.run}/` : `evaluations/${evaluationOf(subject)}/`
}

/** All nights on record, in the order of their dates. */
async function historyOf(store: ObjectStore, home: string): Promise<Night[]> {
  const history: Night[] = []
  for await (const key of store.list(`${home}nights/`)) {
    const night = await findJson(store, key, Night)
    if (night !== undefined) history.push(night)
  }
  return history
}

async function judged(deps: Deps, done: NightToRecord, before: readonly Night[]): Promise<Night[]> {
  const { date, came, judging } = done
  const subject = subjectOf(done)
  const empty = { evaluation: null, score: null, outcomes: null }
  if ('broken' in came) {
    return done.benchmarks.map((benchmark) => {
      const explanation = `the night is broken: ${came.broken}`
      const verdict = { kind: 'undecided', reason: 'missing-samples', explanation } as const
      return {
        ...subject,
        date,
        benchmark,
        ...empty,
        verdict: { ...verdict, level: judging.level },
      }
    })
  }
  const tonight = await Promise.all(
    came.evaluations.map(async (evaluation) => {
      const score = await readScore(deps.store, evaluation)
      return { evaluation, score, outcomes: await outcomesOf(deps, done, evaluation) }
    }),
  )
  const { seed } = await readRecipe(deps.store, done.recipe)
  const verdicts = judgeNight(
    await Promise.all(
      tonight.map(async ({ score, outcomes }) => ({
        tonight: outcomes,
        earlier: await earlierOf(
          deps.store,
          before.filter((night) => night.benchmark === score.benchmark && night.date < date),
        ),
      })),
    ),
    { ...judging, seed },
  )
  return Promise.all(
    tonight.map(async ({ evaluation, score, outcomes }, at) => {
      const verdict = verdicts[at]
      if (verdict === undefined) throw new Error('a benchmark of the night was not judged')
      const { benchmark } = score
      const key = `${homeOf(done)}night-outcomes/${date}-${benchmark}.json`
      const stored = await writeJson(deps.store, key, outcomes)
      return { ...subject, date, benchmark, evaluation, score, outcomes: stored, verdict }
    }),
  )
}

/** Every problem of the benchmark with its decided samples. */
async function outcomesOf(
  { store, vault }: Deps,
  { recipe }: NightToRecord,
  evaluation: string,
): Promise<NightOutcomes> {
  const { benchmark, problemsDigest, settings } = await readScore(store, evaluation)
  const kept = vault(benchmarkOf(await readRecipe(store, recipe), benchmark))
  const samples = await scoredSamples({ store, vault }, { recipe, benchmark, evaluation })
  const byProblem = Map.groupBy(samples, ({ problemId }) => problemId)
  const questions = await readQuestions(store, evaluation, kept)
  const problems = questions.map(({ problemId }) => {
    const decided = (byProblem.get(problemId) ?? []).filter(isDecided)
    return { problemId, outcomes: decided.map(({ outcome }) => outcome === 'accepted') }
  })
  return { problemsDigest, samples: settings.samples, problems }
}

/** A response that was cut off is the model's doing, and not right; any other doubt is the grader's. */
function isDecided({ outcome, finishReason }: Scored): boolean {
  return outcome !== 'undecided' || finishReason === 'length'
}

async function earlierOf(store: ObjectStore, nights: readonly Night[]): Promise<EarlierNight[]> {
  const earlier: EarlierNight[] = []
  for (const { outcomes: ref, verdict } of nights) {
    if (ref === null) continue
    const outcomes = parseJson(await readObject(store, ref), StoredOutcomes, ref.uri)
    earlier.push({ ...outcomes, verdict })
  }
  return earlier
}

/** Puts tonight's scores on record as an evaluation of its own, with the curve of all nights. */
async function reportNights(
  deps: Deps,
  done: NightToRecord,
  history: readonly Night[],
): Promise<string> {
  const { recipe, came } = done
  const evaluations = 'broken' in came ? [] : came.evaluations
  const tonight = { name: evaluationOf(done), recipe, evaluations }
  const { report } = await amendRecord(deps, tonight, history.map(shownNight))
  return report
}

function shownNight(night: Night): EvaluationReportData['nights'][number] {
  const { date, benchmark, score, verdict } = night
  const { kind } = verdict
  const isFirst = kind === 'undecided' && verdict.reason === 'no-baseline'
  const alert = kind === 'steady' || isFirst ? null : { kind, sentence: nightSentence(night) }
  const model = 'run' in night ? 'student' : night.model
  return { date, model, benchmark, accuracy: score?.accuracy ?? null, alert }
}
