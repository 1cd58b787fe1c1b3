import { parseArgs } from 'node:util'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Estimate } from '../activities/estimate.ts'
import { sha256Hex } from '../core/digest.ts'
import type { Ledger } from '../core/money/ledger.ts'
import { estimateLines } from '../core/report/estimate-lines.ts'
import { count, dollars } from '../core/report/figures.ts'
import { addCosts } from '../core/tally.ts'
import { queues } from '../workflows/options.ts'
import { type Command, soleArgument, UsageError } from './command.ts'
import {
  connect,
  connectTo,
  type Connected,
  dataDirectory,
  isRemote,
  withConnection,
  workflowUrl,
} from './deployment.ts'
import { orInterrupted } from './interruption.ts'
import { withLocalStack } from './local-stack.ts'
import { readRecipeInput, recipeNameOf } from './recipe-argument.ts'
import { resultOf } from './workflow-result.ts'

/** What the workflow `estimate` gives. */
type MadeEstimate = { readonly estimate: Estimate; readonly ledger: Ledger }

/** `sky-t1 estimate RECIPE`: says what a recipe will cost, take and yield, from a few of its problems. */
export const estimate: Command = {
  usage: 'estimate RECIPE [--rows 20] [--data DIR] [--set FIELD=VALUE …] [--json]',
  purpose: 'say what a recipe will cost, take and yield, from a few rows that the run finds paid',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rows: { type: 'string', default: '20' },
        data: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
      },
    })
    const recipe = soleArgument(positionals, 'name a recipe, as in `sky-t1 estimate miniature`')
    const rows = Number(values.rows)
    if (!Number.isInteger(rows) || rows < 1) {
      throw new UsageError(`--rows ${values.rows}: give a number of problems, 1 or more`)
    }
    const input = { ...(await readRecipeInput({ ...values, recipe })), rows }
    // The same question twice is one estimate; another question is another, also while the first runs.
    const workflowId = `estimate-${recipeNameOf(recipe)}-${sha256Hex(utf8ToBytes(JSON.stringify(input))).slice(0, 8)}`
    const made = await onDeployment(values.data, (connected) =>
      makeEstimate(connected, workflowId, input),
    )
    console.log(values.json ? JSON.stringify(made, null, 2) : linesOf(made).join('\n'))
    return 0
  },
}

/** On the deployment of the environment, else on the local stack, which is brought up where none is. */
async function onDeployment<Result>(
  data: string | undefined,
  work: (connected: Connected) => Promise<Result>,
): Promise<Result> {
  if (isRemote()) return withConnection(await connect(), work)
  return withLocalStack(dataDirectory(data), async (stack, interrupted) =>
    withConnection(await connectTo(stack.environment), (connected) =>
      orInterrupted(work(connected), interrupted),
    ),
  )
}

async function makeEstimate(
  { client, deployment }: Connected,
  workflowId: string,
  input: unknown,
): Promise<MadeEstimate> {
  const handle = await client.workflow.start<(input: unknown) => Promise<MadeEstimate>>(
    'estimate',
    {
      workflowId,
      taskQueue: queues.workflows,
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: workflowId,
      args: [input],
    },
  )
  console.error(`watch it in the Temporal UI: ${workflowUrl(deployment, workflowId)}`)
  return resultOf(handle)
}

function linesOf({ estimate: made, ledger }: MadeEstimate): string[] {
  const { requests, dollars: paid } = addCosts(ledger.paid)
  return [
    ...estimateLines(made),
    `paid for the estimate: ${count(requests)} requests, ${dollars(paid)}; a run of this recipe finds them`,
  ]
}
