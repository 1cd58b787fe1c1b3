import { type JudgedTrace, judgedTraces } from '../core/dataset/shard-rows.ts'
import { DatasetRow } from '../core/dataset/dataset-row.ts'
import type { Manifest } from '../core/manifest.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { chooseTraces, foremostTraces } from '../core/report/choose-traces.ts'
import { compareLabels } from '../core/report/compare-labels.ts'
import { describeReference } from '../core/report/describe-reference.ts'
import { yieldOfRun, yieldOfShard } from '../core/report/measure-yield.ts'
import { mergeParseYields, parseYieldOfShard } from '../core/report/parse-yield.ts'
import type { ReportData, ReportTrace } from '../core/report/report-data.ts'
import { mergeSamplingYields, samplingYieldOfShard } from '../core/report/sampling-yield.ts'
import { mergeTallies, tallyVerdicts } from '../core/report/tally-verdicts.ts'
import { createDisagreementViews } from '../core/report/view-disagreements.ts'
import { RecordedLabel } from '../core/sources/source.ts'
import { readRows } from './artifacts.ts'
import { assembledShards } from './assembled-shards.ts'
import { type Distillation, distilledShards, readShardRows } from './distilled-shards.ts'
import { outputOf, readManifest } from './manifests.ts'
import { createRowWriter } from './row-writer.ts'

/** What a report tells of the distillation. */
type DistillationReport = Pick<
  ReportData,
  'yields' | 'parsing' | 'sampling' | 'verdicts' | 'traces' | 'graders' | 'labels'
>

/** A distillation to report on, and where the list of its disagreements is to stand. */
type ReportedDistillation = {
  readonly distillation: Distillation
  readonly assembled: Manifest
  readonly listKey: string
}

/** Reads a distillation for its report: two passes, one shard in memory at a time. */
export async function readDistillation(
  store: ObjectStore,
  { distillation, assembled, listKey }: ReportedDistillation,
): Promise<DistillationReport> {
  const curation = await readManifest(store, 'curate', distillation.curated)
  const labels = await readRows(store, outputOf(curation, 'labels'), RecordedLabel)
  const labelled = new Set(labels.map(({ problemId }) => problemId))
  const yields: ReportData['yields'] = []
  const parsing: ReportData['parsing'] = []
  const sampling: ReportData['sampling'] = []
  const verdicts: ReportData['verdicts'] = []
  let candidates: Parameters<typeof chooseTraces>[0] = []
  const withLabel: JudgedTrace[] = []
  const { seed } = distillation.recipe
  const disagreements = createDisagreementViews(seed)
  const list = createRowWriter()
  for await (const shard of distilledShards(store, distillation)) {
    const rows = await readShardRows(store, shard)
    const judged = judgedTraces(rows)
    yields.push(...yieldOfShard(rows))
    parsing.push(...parseYieldOfShard(rows))
    sampling.push(...samplingYieldOfShard(rows, distillation.recipe.teacher.sampling))
    verdicts.push(...tallyVerdicts(judged))
    candidates = foremostTraces([...candidates, ...judged.map(toCandidate)], seed)
    withLabel.push(...judged.filter(({ problem }) => labelled.has(problem.id)))
    for (const row of judged.flatMap((each) => disagreements.add(each))) await list.write(row)
  }
  const views = disagreements.views()
  const chosen = chooseTraces(candidates, seed)
  return {
    yields: yieldOfRun(yields, assembled.counts),
    parsing: mergeParseYields(parsing),
    sampling: mergeSamplingYields(sampling),
    verdicts: mergeTallies(verdicts),
    traces: await readTraces({ store, distillation, assembled, chosen }),
    graders: { views, list: views.length === 0 ? null : (await list.store(store, listKey)).uri },
    labels: compareLabels(labels, withLabel),
  }
}

function toCandidate({ problem, trace, verdict }: JudgedTrace) {
  const { outcome, reason } = verdict
  return { traceId: trace.id, domain: problem.domain, outcome, reason }
}

async function readTraces(input: {
  readonly store: ObjectStore
  readonly distillation: Distillation
  readonly assembled: Manifest
  readonly chosen: readonly string[]
}): Promise<ReportTrace[]> {
  const { store, distillation, assembled, chosen } = input
  const wanted = new Set(chosen)
  const found = new Map<string, JudgedTrace>()
  for await (const shard of distilledShards(store, distillation)) {
    for (const judged of judgedTraces(await readShardRows(store, shard))) {
      if (wanted.has(judged.trace.id)) found.set(judged.trace.id, judged)
    }
  }
  const inDataset = await rowsAmong(store, assembled, wanted)
  return chosen.flatMap((id) => {
    const judged = found.get(id)
    return judged === undefined ? [] : [toReportTrace(judged, inDataset.has(id))]
  })
}

async function rowsAmong(
  store: ObjectStore,
  assembled: Manifest,
  wanted: ReadonlySet<string>,
): Promise<Set<string>> {
  const present = new Set<string>()
  for (const { train } of await assembledShards(store, assembled)) {
    for (const { responseId } of await readRows(store, train, DatasetRow)) {
      if (wanted.has(responseId)) present.add(responseId)
    }
  }
  return present
}

function toReportTrace({ problem, trace, verdict }: JudgedTrace, inDataset: boolean): ReportTrace {
  const { source, revision, domain, prompt, reference } = problem
  const { thought, solution, reformatting } = trace
  return {
    problemId: problem.id,
    source,
    revision,
    domain,
    prompt,
    reference: describeReference(reference),
    thought,
    solution,
    verdict,
    responseId: trace.request,
    reformatting,
    inDataset,
  }
}
