import { parseArgs } from 'node:util'
import { findJson } from '../activities/artifacts.ts'
import { compareScores } from '../activities/compare-scores.ts'
import { createVault } from '../activities/gated-vault.ts'
import { entriesOf, evaluationKey } from '../activities/record-evaluation.ts'
import { findRunRecord } from '../activities/run-records.ts'
import { EvaluationRecord } from '../core/evaluation/evaluation-record.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { signedPoints } from '../core/report/figures.ts'
import type { PairedDifference } from '../core/report/evaluation-report-data.ts'
import { readDeployment } from '../workers/environment.ts'
import { type Command, UsageError } from './command.ts'
import { connect } from './deployment.ts'

/** `sky-t1 compare RUN RUN`: whether models differ on the same problems. */
export const compare: Command = {
  usage: 'compare RUN|EVALUATION[/MODEL] RUN|EVALUATION[/MODEL] [--json]',
  purpose: 'compare two models problem by problem, on every benchmark that both were scored on',
  details: [
    'Differences are of the second less the first, over the problems of both, with a 95 % interval',
    'and the two-sided p of the exact McNemar test (one sample a problem) or of sign flips.',
    'Of a run the MODEL is student, else base; of an evaluation it is needed where there are several.',
  ].join('\n'),
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    })
    const [first, second, ...others] = positionals
    if (first === undefined || second === undefined || others.length > 0) {
      throw new UsageError('name two runs or evaluations, as in `sky-t1 compare before after`')
    }
    const { store, close } = await connect()
    try {
      const vault = createVault(store, readDeployment().sealingSecret)
      const sides = [
        named(first, await scoresOf(store, first)),
        named(second, await scoresOf(store, second)),
      ] as const
      const differences = await compareScores({ store, vault }, sides)
      if (differences.length === 0) {
        throw new UsageError(`${first} and ${second} have no benchmark and problem in common`)
      }
      console.log(values.json ? JSON.stringify(differences, null, 2) : linesOf(differences))
      return 0
    } finally {
      await close()
    }
  },
}

/** Scores under what was typed of them: two runs have models of the same names. */
function named(typed: string, scores: EvaluationRecord['scores']): EvaluationRecord['scores'] {
  return scores.map((score) => ({ ...score, model: typed }))
}

/** The scores of one model of an evaluation, or, where there is none of that name, of a run. */
async function scoresOf(store: ObjectStore, typed: string): Promise<EvaluationRecord['scores']> {
  const [name = '', model] = typed.split('/')
  const record = await findJson(store, evaluationKey(name), EvaluationRecord)
  const scores = record?.scores ?? (await scoresOfRun(store, name))
  const models = [...new Set(scores.map((each) => each.model))]
  const usual = record === undefined ? 'student' : models.length === 1 ? models[0] : undefined
  const wanted = model ?? usual
  if (wanted === undefined || !models.includes(wanted)) {
    const fault = wanted === undefined ? 'it holds several models' : `it holds no ${wanted}`
    throw new UsageError(`${name}: ${fault}; name one of ${models.join(', ')} as ${name}/MODEL`)
  }
  return scores.filter((each) => each.model === wanted)
}

async function scoresOfRun(store: ObjectStore, run: string): Promise<EvaluationRecord['scores']> {
  const record = await findRunRecord(store, run)
  if (record === undefined)
    throw new UsageError(`${run}: no run or evaluation of that name has ended`)
  if (record.evaluations.length === 0) throw new UsageError(`${run}: its evaluation was skipped`)
  return entriesOf(store, record)
}

function linesOf(differences: readonly PairedDifference[]): string {
  return differences
    .map(({ benchmark, models, problems, difference, low, high, p, test }) => {
      const points = `${signedPoints(difference)} points (95 %: ${signedPoints(low)} to ${signedPoints(high)})`
      return `${benchmark}: ${models[1]} less ${models[0]} ${points}, p = ${p.toPrecision(2)} (${test}, ${problems} problems)`
    })
    .join('\n')
}
