import { parseArgs } from 'node:util'
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import { EvaluateInput, readModel } from '../core/evaluation/evaluate-input.ts'
import { parseInput } from '../core/invalid-input.ts'
import { queues } from '../workflows/options.ts'
import type { evaluate as evaluateWorkflow } from '../workflows/evaluate.ts'
import { type Command, UsageError } from './command.ts'
import { connect } from './deployment.ts'
import { namedOrRead, overridesOf } from './recipe-argument.ts'
import { showEvaluation } from './report.ts'
import { resultOf } from './workflow-result.ts'

/** `sky-t1 evaluate MODEL…`: scores models on benchmarks, and waits for the scores. */
export const evaluate: Command = {
  usage:
    'evaluate MODEL… --benchmarks NAME[:SAMPLES],… [--name NAME] [--recipe RECIPE] ' +
    '[--set FIELD=VALUE …] [--detach]',
  purpose: 'score models on benchmarks; what was sampled before is not sampled again',
  details: [
    'MODEL: run:RUN, run:RUN/base, s3://BUCKET/PREFIX of a model, hub:ORG/MODEL@REVISION or',
    'endpoint:NAME/MODEL (NAME_BASE_URL says where), each with NAME= before it to be shown so.',
    'NAME is what scores and report stand under; an evaluation of the same name adds to them.',
  ].join('\n'),
  async run(args) {
    const { values, positionals: models } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        benchmarks: { type: 'string' },
        name: { type: 'string' },
        recipe: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        detach: { type: 'boolean', default: false },
      },
    })
    if (models.length === 0) throw new UsageError('name a model, as in run:miniature')
    if (values.benchmarks === undefined) {
      throw new UsageError('name benchmarks, as in --benchmarks math500,aime24:16')
    }
    const [first] = models.map((model) => readModel(model, 'MODEL'))
    const input = parseInput(
      EvaluateInput,
      {
        models,
        benchmarks: values.benchmarks.split(','),
        name: values.name ?? first?.name,
        ...(values.recipe === undefined ? {} : { recipe: await namedOrRead(values.recipe) }),
        ...(values.set.length === 0 ? {} : { overrides: overridesOf(values.set) }),
      },
      'evaluate',
    )
    return start(input, { detach: values.detach })
  },
}

async function start(input: EvaluateInput, { detach }: { detach: boolean }): Promise<number> {
  const connected = await connect()
  const { client, close } = connected
  try {
    const handle = await startOrJoin(client, input)
    if (detach) return 0
    await resultOf(handle)
    await showEvaluation(connected, input.name)
    return 0
  } finally {
    await close()
  }
}

/** One evaluation of a name runs at a time: what one adds, another would leave out. */
async function startOrJoin({ workflow }: Client, input: EvaluateInput) {
  const workflowId = `evaluate-${input.name}`
  try {
    const handle = await workflow.start<typeof evaluateWorkflow>('evaluate', {
      workflowId,
      taskQueue: queues.workflows,
      args: [input],
      staticSummary: `${input.models.length} models on ${input.benchmarks.join(', ')}`,
    })
    console.error(`evaluation ${workflowId} has started`)
    return handle
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    console.error(
      `evaluation ${workflowId} is under way already; say this again when it has ended to add to it`,
    )
    return workflow.getHandle<typeof evaluateWorkflow>(workflowId)
  }
}
