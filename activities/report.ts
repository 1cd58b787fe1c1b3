import { ReportData, type ReportEndpoint, type ReportStage } from '../core/report/report-data.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Ledger } from '../core/money/ledger.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { digestOf } from '../core/digest.ts'
import { TrainingStep } from '../core/checkpoint.ts'
import type { Recipe } from '../core/recipe.ts'
import { labellerOf, teacherModels } from '../core/recipe-feasibility.ts'
import { renderReport } from '../core/report/render-report.ts'
import { RunRecord } from '../core/run-record.ts'
import type { StageStatus } from '../core/run-status.ts'
import { noCost } from '../core/tally.ts'
import { readRows, refTo, writeJson } from './artifacts.ts'
import { readCurationSummary } from './curate.ts'
import { distilledManifests } from './distilled-manifests.ts'
import { outputOf, readManifest } from './manifests.ts'
import { listCheckpoints } from './model-objects.ts'
import { readRecipe } from './open-run.ts'
import { readScore } from './record-evaluation.ts'
import { readDistillation } from './report-rows.ts'
import { runRecordKey } from './run-records.ts'

/** A run to report on: the keys of its stages. */
export type ReportOrder = {
  readonly run: string
  readonly recipe: ObjectRef
  readonly curated: { readonly key: string; readonly shards: number }
  readonly assembled: string
  /** Key of the release; absent where a person skipped it. */
  readonly released?: string
  /** Absent where the run ends with the data set. */
  readonly student?: ReportedStudent
  readonly stages: readonly StageStatus[]
  /** The run's ledger, settled. */
  readonly ledger?: Ledger
}

/** A trained student to report on. */
export type ReportedStudent = {
  readonly trained: string
  /** Keys of the evaluations; empty where evaluation was skipped. */
  readonly evaluations: readonly string[]
  readonly models: { readonly base: ObjectRef; readonly student: ObjectRef }
}

/** A written report. */
export type WrittenReport = Pick<StageStatus, 'counts' | 'cost'> & {
  readonly report: ObjectRef
  readonly reused: boolean
}
export type ReportActivities = ReturnType<typeof createReportActivities>

/** Where the report of a run stands. */
function reportKey(run: string): string {
  return `runs/${run}/report.html`
}

/** Last stage: what happened, on one page. */
export function createReportActivities({ store }: { readonly store: ObjectStore }) {
  return {
    /** Writes the run's report, its data, and the record by which later evaluations find the student. */
    async writeReport(order: ReportOrder): Promise<WrittenReport> {
      const data = ReportData.parse(await gather(store, order))
      await writeJson(store, `runs/${order.run}/report.json`, data)
      const page = new TextEncoder().encode(renderReport(data))
      await store.put(reportKey(order.run), page, 'text/html; charset=utf-8')
      const { run, recipe, curated, student } = order
      if (student !== undefined) {
        const { evaluations, models } = student
        const record = RunRecord.parse({
          run,
          recipe,
          curated: curated.key,
          ...models,
          evaluations,
        })
        await writeJson(store, runRecordKey(run), record)
      }
      const report = refTo(store, reportKey(run), page)
      return { report, counts: { bytes: page.byteLength }, cost: noCost, reused: false }
    },
  }
}

async function gather(store: ObjectStore, order: ReportOrder): Promise<ReportData> {
  const recipe = await readRecipe(store, order.recipe)
  const assembled = await readManifest(store, 'assemble', order.assembled)
  const student = await readStudent(store, order.student)
  const evaluations = student?.evaluations ?? []
  const distillation = { recipe, curated: order.curated.key, shards: order.curated.shards }
  const curation = await readManifest(store, 'curate', order.curated.key)
  const started = order.stages.flatMap(({ startedAt }) => startedAt ?? [])
  return {
    run: {
      name: order.run,
      startedAt: started[0] ?? assembled.startedAt,
      finishedAt: new Date().toISOString(),
    },
    recipe: {
      name: recipe.name,
      description: recipe.description,
      digest: digestOf(recipe),
      seed: recipe.seed,
    },
    endpoints: endpointsOf(recipe),
    stages: stagesOf(order.stages, [
      curation,
      ...(await distilledManifests(store, { recipe, assembled }, order.stages)),
      assembled,
      ...(order.released === undefined
        ? []
        : [await readManifest(store, 'release', order.released)]),
      ...(student === undefined ? [] : [student.trained]),
      ...evaluations,
    ]),
    skipped: order.stages.flatMap(({ stage, state }) => (state === 'skipped' ? [stage] : [])),
    curation: {
      summary: await readCurationSummary(store, curation),
      list: outputOf(curation, 'dropped').uri,
    },
    ledger: order.ledger ?? null,
    scores: await Promise.all(evaluations.map(({ key }) => readScore(store, key))),
    ...(await readDistillation(store, {
      distillation,
      assembled,
      listKey: `runs/${order.run}/disagreements.jsonl.gz`,
    })),
    training: student?.training ?? null,
  }
}

async function readStudent(store: ObjectStore, reported: ReportedStudent | undefined) {
  if (reported === undefined) return undefined
  const trained = await readManifest(store, 'train', reported.trained)
  return {
    trained,
    evaluations: await Promise.all(
      reported.evaluations.map((key) => readManifest(store, 'evaluate', key)),
    ),
    training: {
      steps: await readRows(store, outputOf(trained, 'loss'), TrainingStep),
      checkpoints: await listCheckpoints(store, `checkpoints/${reported.trained}`),
    },
  }
}

function endpointsOf(recipe: Recipe): ReportEndpoint[] {
  const { teacher, reformatter } = recipe
  const labeller = labellerOf(recipe)
  const { judge } = recipe.grading
  return [
    ...teacherModels(recipe).map((model): ReportEndpoint => ({
      role: 'teacher',
      endpoint: teacher.endpoint,
      model,
      kind: kindOf(teacher.endpoint),
    })),
    {
      role: 'reformatter',
      endpoint: reformatter.endpoint,
      model: reformatter.model,
      kind: kindOf(reformatter.endpoint),
    },
    ...(labeller === null
      ? []
      : [
          {
            role: 'labeller' as const,
            endpoint: labeller.endpoint,
            model: labeller.model,
            kind: kindOf(labeller.endpoint),
          },
        ]),
    ...(judge === null
      ? []
      : [
          {
            role: 'judge' as const,
            endpoint: judge.endpoint,
            model: judge.model,
            kind: kindOf(judge.endpoint),
          },
        ]),
  ]
}

/** The stack's own endpoints are known by their names; every other is taken for a real one. */
function kindOf(endpoint: string): ReportEndpoint['kind'] {
  return endpoint === 'scripted' || endpoint === 'replay' ? endpoint : 'real'
}

/** Stages as they were done; a part is told from its siblings by what it was done for. */
function stagesOf(statuses: readonly StageStatus[], manifests: readonly Manifest[]): ReportStage[] {
  const names = new Map<string, number>()
  return manifests.map((manifest) => {
    const { stage } = manifest
    const part = (names.get(stage) ?? 0) + 1
    names.set(stage, part)
    const reused = statuses.find((status) => status.stage === stage)?.state === 'reused'
    const several = manifests.filter((other) => other.stage === stage).length > 1
    const name = several ? `${stage}/${part}` : stage
    return { name, state: reused ? 'reused' : 'done', manifest }
  })
}
