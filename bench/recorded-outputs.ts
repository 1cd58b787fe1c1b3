import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { readLabelComparison } from '../activities/recorded-labels.ts'
import { recordedLines } from '../adapters/recorded-files.ts'
import type { Disagreement } from '../core/report/report-data.ts'
import { percent, interval } from '../core/report/figures.ts'
import { readEntries } from '../core/sources/recorded/read-entries.ts'
import { RecordedSource } from '../core/sources/source.ts'
import type { evaluate } from '../workflows/evaluate.ts'
import { shelves } from '../workers/recipe-shelf.ts'
import { installStack } from './installed.ts'
import { causeOf } from './recorded-outputs/causes.ts'

// Evaluates every model whose outputs are recorded, on every benchmark that they were recorded on, as if
// it were sampled. Prints accuracies with intervals, and every verdict that is not the recorded label,
// with its cause; ends with status 1 where that is not known.
//
//   node bench/recorded-outputs.ts [--data FOLDER] [--benchmark NAME]

await installStack()
const { startTestStack } = await import('../test/e2e/local-stack.ts')

const names = [
  'recorded-math500',
  'recorded-aime24',
  'recorded-math500-part',
  'recorded-aime24-part',
  'recorded-amc23',
  'recorded-olympiadbench',
  'recorded-math500-studied',
  'recorded-gsm8k',
  'recorded-livecodebench',
]
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(import.meta.dirname, '../../shared/data') },
    benchmark: { type: 'string', multiple: true, default: names },
  },
})

/** Hundreds of programs are wrong because they never end: 30 s of each say no more than 10. */
const overrides = { grading: { limits: { cpuSeconds: 10 } } }

const stack = await startTestStack({ data: values.data })
const contradicted: Array<{ readonly of: string; readonly each: Disagreement }> = []
try {
  for (const benchmark of values.benchmark) {
    const models = await recordedModels(benchmark)
    const scored = await stack.client.workflow.execute<typeof evaluate>('evaluate', {
      workflowId: `recorded/${benchmark}`,
      taskQueue: 'sky-t1',
      args: [{ name: 'recorded', recipe: 'replay', benchmarks: [benchmark], models, overrides }],
    })
    for (const { key, score } of scored) {
      const { model, accuracy, undecided, missing } = score
      const labels = await readLabelComparison({ store: stack.store, kept: stack.store }, key)
      const { compared = 0, agreed = 0 } = labels?.agreement[0] ?? {}
      console.log(
        `${benchmark.padEnd(26)} ${model.padEnd(48)} ${percent(accuracy.value)} ${interval(accuracy)}, ` +
          `n = ${accuracy.n}, undecided ${undecided}, missing ${missing}; as labelled ${agreed} of ${compared}`,
      )
      for (const each of labels?.disagreements ?? []) {
        contradicted.push({ of: `${model} on ${benchmark}`, each })
      }
    }
  }
} finally {
  await stack.stop()
}
console.log(`\n${contradicted.length} verdicts are not the recorded label:`)
const groups = Map.groupBy(contradicted, ({ each }) => causeOf(each) ?? 'cause not known')
for (const [cause, those] of [...groups].toSorted(([, a], [, b]) => b.length - a.length)) {
  console.log(`\n${those.length} × ${cause}`)
  for (const { of, each } of those) console.log(`  ${of}: ${lineOf(each)}`)
}
if (groups.has('cause not known')) process.exitCode = 1

/** The models that answered every problem of a benchmark, in the order of the file. */
async function recordedModels(benchmark: string) {
  const document = await shelves.benchmarks(benchmark)
  const source = RecordedSource.parse(Object(document).problems)
  const { entries } = await readEntries(source.file, recordedLines(values.data, source.file))
  const ofBenchmark = entries.filter(
    (entry) => source.benchmark === 'all' || entry.benchmark === source.benchmark,
  )
  const byModel = Map.groupBy(
    ofBenchmark.flatMap(({ recordings, promptDigest }) =>
      recordings.map(({ model }) => ({ model, promptDigest })),
    ),
    ({ model }) => model,
  )
  const asked = new Set(byModel.get(source.model)?.map(({ promptDigest }) => promptDigest))
  return [...byModel]
    .filter(([model, answers]) => {
      const isNamed = source.alsoRecorded?.includes(model) ?? false
      const answered = new Set(answers.map(({ promptDigest }) => promptDigest))
      return isNamed || asked.isSubsetOf(answered)
    })
    .map(([model]) => ({
      kind: 'endpoint' as const,
      name: model.replaceAll(/[^A-Za-z0-9._-]+/g, '-'),
      endpoint: 'replay',
      model,
    }))
}

function lineOf({ label, verdict, reference }: Disagreement): string {
  return JSON.stringify({
    label: label.correct,
    said: label.reason,
    outcome: verdict.outcome,
    reason: verdict.reason,
    tier: verdict.tier,
    extracted: verdict.extracted?.slice(0, 120) ?? null,
    reference: reference.slice(0, 120),
    problem: verdict.problemId,
  })
}
