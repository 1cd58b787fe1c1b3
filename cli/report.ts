import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { findJson, parseJson } from '../activities/artifacts.ts'
import { evaluationKey, readScore, reportPrefix } from '../activities/record-evaluation.ts'
import { ReleaseRecord, releaseRecordKey } from '../core/dataset/release-manifest.ts'
import { EvaluationRecord } from '../core/evaluation/evaluation-record.ts'
import { ReportData } from '../core/report/report-data.ts'
import { summaryTable } from '../core/report/summary-table.ts'
import { type Command, soleArgument, UsageError } from './command.ts'
import { connect, type Connected, stateDirectory } from './deployment.ts'
import { evaluationLines } from './evaluation-lines.ts'

/** `sky-t1 report RUN`: the summary of a finished run, and its HTML report as a file. */
export const report: Command = {
  usage: 'report RUN | report --evaluation NAME',
  purpose:
    'print the summary of a finished run, or the scores of an evaluation, and fetch its report',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { evaluation: { type: 'string' } },
    })
    const { evaluation } = values
    const missing = 'name a run, as in `sky-t1 report miniature`, or --evaluation NAME'
    const run = evaluation === undefined ? soleArgument(positionals, missing) : undefined
    const connected = await connect()
    try {
      if (run !== undefined) await showReport(connected, run)
      else if (evaluation !== undefined) await showEvaluation(connected, evaluation)
      return 0
    } finally {
      await connected.close()
    }
  },
}

/** Brings a run's report to a local file, prints its summary and the file's path. */
export async function showReport({ store }: Connected, run: string): Promise<void> {
  const page = await store.find(`runs/${run}/report.html`)
  const data = await store.find(`runs/${run}/report.json`)
  if (page === undefined || data === undefined) {
    throw new UsageError(
      `run ${run} has no report yet; see how far it is with \`sky-t1 status ${run}\``,
    )
  }
  const path = join(stateDirectory, 'reports', `${run.replaceAll(/[^\w.-]/g, '_')}.html`)
  await mkdir(join(stateDirectory, 'reports'), { recursive: true })
  await writeFile(path, page)
  console.log(summaryTable(parseJson(data, ReportData, store.uri(`runs/${run}/report.json`))))
  console.log(`\nreport: ${path}`)
  const released = await findJson(store, releaseRecordKey(run), ReleaseRecord)
  if (released !== undefined) console.log(`data set: ${store.uri(released.prefix)}/`)
}

/** Brings the pages of an evaluation's report into a local folder, and prints its scores. */
export async function showEvaluation({ store }: Connected, name: string): Promise<void> {
  const record = await findJson(store, evaluationKey(name), EvaluationRecord)
  if (record === undefined) {
    throw new UsageError(`no evaluation ${name} has ended; start it with \`sky-t1 evaluate\``)
  }
  const scores = await Promise.all(
    record.scores.map(({ evaluation }) => readScore(store, evaluation)),
  )
  const folder = join(stateDirectory, 'reports', name)
  const prefix = reportPrefix(name)
  for await (const key of store.list(prefix)) {
    const path = join(folder, key.slice(prefix.length))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, await store.get(key))
  }
  console.log(evaluationLines(scores).join('\n'))
  console.log(`\nreport: ${join(folder, 'index.html')}`)
}
