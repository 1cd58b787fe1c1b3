import { ApplicationFailure } from '@temporalio/activity'
import { amended, EvaluationRecord } from '../core/evaluation/evaluation-record.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { collectProblems } from '../core/report/evaluation/collect-problems.ts'
import { compareModels } from '../core/report/evaluation/compare-models.ts'
import { outcomeLengths } from '../core/report/evaluation/outcome-lengths.ts'
import { indexProblems, paginate } from '../core/report/evaluation/paginate.ts'
import { EvaluationReportData, ProblemPage } from '../core/report/evaluation-report-data.ts'
import type { ReportPage } from '../core/report/evaluation/paths.ts'
import { renderEvaluation, renderProblemPage } from '../core/report/render-evaluation.ts'
import { type Scored, scoredOf } from '../core/score-samples.ts'
import { EvaluatedSample, Score } from '../core/score.ts'
import { findJson, parseJson, readObject, readRows } from './artifacts.ts'
import { benchmarkOf } from './benchmark-problems.ts'
import { isGated, type Vault } from './gated-vault.ts'
import { outputOf, readManifest } from './manifests.ts'
import { readRecipe } from './open-run.ts'
import { readLabelComparison } from './recorded-labels.ts'
import { swapDocument } from './swapped-document.ts'

/** Scores to put on record. */
export type EvaluationToRecord = {
  readonly name: string
  readonly recipe: ObjectRef
  /** Keys of the scorings. */
  readonly evaluations: readonly string[]
}

/** The problems of the scores that are to be added to an evaluation. */
export type EvaluationToAmend = Pick<EvaluationToRecord, 'name' | 'recipe'> & {
  readonly sets: ReadonlyArray<{ readonly benchmark: string; readonly digest: string }>
}

/** Where the record of an evaluation and its report stand. */
export type RecordedEvaluation = { readonly record: string; readonly report: string }
export type RecordEvaluationActivities = ReturnType<typeof createRecordEvaluationActivities>

type Deps = { readonly store: ObjectStore; readonly vault: Vault }

/** Where the scores of an evaluation by itself stand, and what is shown of them. */
export function createRecordEvaluationActivities(deps: Deps) {
  const { store } = deps
  return {
    /**
     * Refuses to add scores to an evaluation that has some of other problems under a benchmark's name:
     * one table would hold scores that do not compare.
     */
    async checkStanding({ name, recipe, sets }: EvaluationToAmend): Promise<void> {
      const standing = await findJson(store, evaluationKey(name), EvaluationRecord)
      for (const { benchmark, digest } of sets) {
        for (const entry of standing?.scores ?? []) {
          if (entry.benchmark !== benchmark) continue
          const { problemsDigest } = await readScore(store, entry.evaluation)
          if (problemsDigest === digest) continue
          const [before, now] = await Promise.all([
            sourceOf(store, entry.recipe, benchmark),
            sourceOf(store, recipe, benchmark),
          ])
          throw ApplicationFailure.nonRetryable(
            otherProblems({ name, benchmark, before, now }),
            'Refused',
          )
        }
      }
    },
    /** Adds scores to what stands of an evaluation, and writes its report anew. */
    recordEvaluation: (done: EvaluationToRecord) => amendRecord(deps, done, []),
  }
}

/** Adds scores to what stands of an evaluation, and writes its report anew with the curve of its nights. */
export async function amendRecord(
  deps: Deps,
  done: EvaluationToRecord,
  nights: EvaluationReportData['nights'],
): Promise<RecordedEvaluation> {
  const { store } = deps
  const { name } = done
  const scores = await entriesOf(store, done)
  const key = evaluationKey(name)
  const record = await swapDocument(store, { key, schema: EvaluationRecord }, (standing) =>
    amended(standing, { name, now: new Date().toISOString(), scores }),
  )
  return { record: store.uri(key), report: await writeReport(deps, record, nights) }
}

/** Scorings as a record lists them. */
export async function entriesOf(
  store: ObjectStore,
  { recipe, evaluations }: Omit<EvaluationToRecord, 'name'>,
): Promise<EvaluationRecord['scores']> {
  return Promise.all(
    evaluations.map(async (evaluation) => {
      const { model, benchmark } = await readScore(store, evaluation)
      return { model, benchmark, evaluation, recipe }
    }),
  )
}

/** Where a recipe takes a benchmark's problems from, in a few words. */
async function sourceOf(store: ObjectStore, recipe: ObjectRef, benchmark: string): Promise<string> {
  const { problems } = benchmarkOf(await readRecipe(store, recipe), benchmark)
  if (problems === 'held-out') return 'those that a run held out'
  return problems.kind === 'hub' ? `${problems.dataset} at ${problems.revision}` : problems.id
}

function otherProblems(of: {
  readonly name: string
  readonly benchmark: string
  readonly before: string
  readonly now: string
}): string {
  const { name, benchmark, before, now } = of
  const what =
    before === now
      ? `${now}, but other problems of it, or in another order`
      : `${now}, not ${before}`
  return (
    `benchmark ${benchmark}: evaluation ${name} has scores of other problems: it would now be ${what}; ` +
    `give another name, or pin what those scores are of`
  )
}

/** Where the record of an evaluation stands. */
export function evaluationKey(name: string): string {
  return `evaluations/${name}/evaluation.json`
}

/** Below which the pages of an evaluation's report stand. */
export function reportPrefix(name: string): string {
  return `evaluations/${name}/report/`
}

/** The score under the key of its scoring. */
export async function readScore(store: ObjectStore, evaluation: string): Promise<Score> {
  const ref = outputOf(await readManifest(store, 'evaluate', evaluation), 'score')
  return parseJson(await readObject(store, ref), Score, ref.uri)
}

/** The samples of a scoring, a shard in memory at a time. */
export async function* samplesOf(
  { store, kept }: { readonly store: ObjectStore; readonly kept: ObjectStore },
  evaluation: string,
): AsyncGenerator<EvaluatedSample[]> {
  const { outputs } = await readManifest(store, 'evaluate', evaluation)
  for (const name of Object.keys(outputs).toSorted()) {
    const ref = outputs[name]
    if (name.startsWith('samples-') && ref) yield await readRows(kept, ref, EvaluatedSample)
  }
}

/** Writes the pages of an evaluation below its name, with the curve of its nights; gives the address of the first. */
async function writeReport(
  deps: Deps,
  record: EvaluationRecord,
  nights: EvaluationReportData['nights'],
): Promise<string> {
  const { name, finishedAt } = record
  const put = ({ path, html }: ReportPage) =>
    deps.store.put(
      `${reportPrefix(name)}${path}`,
      new TextEncoder().encode(html),
      'text/html; charset=utf-8',
    )
  const benchmarks = Map.groupBy(record.scores, ({ benchmark }) => benchmark)
  const parts: BenchmarkPart[] = []
  for (const ofBenchmark of benchmarks.values()) {
    parts.push(await benchmarkPart(deps, { name, scores: ofBenchmark, put }))
  }
  const data = EvaluationReportData.parse({
    evaluation: { name, finishedAt },
    scores: parts.flatMap(({ scores }) => scores),
    nights: [...nights],
    comparisons: parts.flatMap(({ comparisons }) => comparisons),
    lengths: parts.flatMap(({ lengths }) => lengths),
    problems: parts.map(({ index }) => index),
    labels: parts.flatMap(({ labels }) => labels),
  })
  for (const page of renderEvaluation(data)) await put(page)
  return deps.store.uri(`${reportPrefix(name)}index.html`)
}

/** What the report says of one benchmark. */
type BenchmarkPart = Pick<EvaluationReportData, 'scores' | 'comparisons' | 'lengths' | 'labels'> & {
  readonly index: EvaluationReportData['problems'][number]
}

async function benchmarkPart(
  { store, vault }: Deps,
  of: {
    readonly name: string
    readonly scores: EvaluationRecord['scores']
    readonly put: (page: ReportPage) => Promise<void>
  },
): Promise<BenchmarkPart> {
  const { name, put } = of
  const scores = await Promise.all(of.scores.map((each) => readScore(store, each.evaluation)))
  const [first] = of.scores
  const [score] = scores
  if (first === undefined || score === undefined) throw new Error('a benchmark without a score')
  const recipe = await readRecipe(store, first.recipe)
  const benchmark = benchmarkOf(recipe, first.benchmark)
  const gated = isGated(benchmark.problems)
  const kept = vault(benchmark)
  const collection = collectProblems({ gated })
  const samples: Array<{ readonly model: string; readonly rows: Scored[] }> = []
  for (const { model, evaluation } of of.scores) {
    const rows: Scored[] = []
    for await (const shard of samplesOf({ store, kept }, evaluation)) {
      collection.add(model, shard)
      rows.push(...shard.map(scoredOf))
    }
    samples.push({ model, rows })
  }
  const pages = paginate(collection.problems())
  const models = of.scores.map(({ model }) => model)
  const about = { benchmark: score.benchmark, title: score.title, gated, models }
  let before = 0
  for (const [at, problems] of pages.entries()) {
    const page = ProblemPage.parse({
      ...about,
      evaluation: name,
      page: at + 1,
      pages: pages.length,
      first: before + 1,
      problems,
    })
    await put(renderProblemPage(page))
    before += problems.length
  }
  return {
    scores,
    comparisons: comparisonsOf(score.benchmark, samples, recipe.seed),
    lengths: samples.map(({ model, rows }) =>
      outcomeLengths({ model, benchmark: score.benchmark, seed: recipe.seed }, rows),
    ),
    index: indexProblems(about, pages),
    labels: await labelsOf({ store, kept }, of.scores, score.title),
  }
}

async function labelsOf(
  stores: { readonly store: ObjectStore; readonly kept: ObjectStore },
  scores: EvaluationRecord['scores'],
  title: string,
): Promise<EvaluationReportData['labels']> {
  const found = await Promise.all(
    scores.map(async ({ model, benchmark, evaluation }) => {
      const comparison = await readLabelComparison(stores, evaluation)
      return comparison === undefined ? [] : [{ model, benchmark, title, comparison }]
    }),
  )
  return found.flat()
}

/** Every model beside the first one. */
function comparisonsOf(
  benchmark: string,
  samples: ReadonlyArray<{ readonly model: string; readonly rows: readonly Scored[] }>,
  seed: number,
): EvaluationReportData['comparisons'] {
  const [first, ...others] = samples
  if (first === undefined) return []
  return others.flatMap(({ model, rows }) => {
    const models = [first.model, model] as const
    return compareModels({ benchmark, models, samples: [first.rows, rows], seed }) ?? []
  })
}
