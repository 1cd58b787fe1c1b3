import { parseArgs } from 'node:util'
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client'
import { readBenchmarkName } from '../core/benchmarks/named-benchmarks.ts'
import { findEvaluated } from '../activities/evaluated-models.ts'
import { refuseRunOf } from '../activities/open-night.ts'
import { createBaseModels } from '../adapters/base-models.ts'
import { type EvaluatedModel, fieldsOf, readModel } from '../core/evaluation/evaluate-input.ts'
import { parseInput } from '../core/invalid-input.ts'
import { NightlyInput } from '../core/night.ts'
import type { ModelFields } from '../core/ports/base-models.ts'
import { shelves } from '../workers/recipe-shelf.ts'
import { queues } from '../workflows/options.ts'
import { type Command, soleArgument, UsageError } from './command.ts'
import { connect, isRemote } from './deployment.ts'

/** `sky-t1 schedule nightly`: re-evaluates a run's student, or another model, every night. */
export const schedule: Command = {
  usage:
    'schedule nightly --run RUN | --model MODEL [--benchmarks NAME[:SAMPLES],…] [--recipe NAME] [--at HH:MM] [--level P]',
  purpose: 're-evaluate the student of a finished run, or any other model, every night (UTC)',
  details: [
    'MODEL: s3://BUCKET/PREFIX of a model, hub:ORG/MODEL@REVISION or endpoint:NAME/MODEL, each with',
    'NAME= before it, under which its nights stand. It needs --benchmarks; --recipe says how it is asked.',
    'A RUN is evaluated on the benchmarks of its recipe, as that says, where neither is given.',
  ].join('\n'),
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        run: { type: 'string' },
        model: { type: 'string' },
        recipe: { type: 'string' },
        at: { type: 'string', default: '02:00' },
        benchmarks: { type: 'string' },
        level: { type: 'string' },
      },
    })
    const missing = 'name what to schedule: nightly'
    if (soleArgument(positionals, missing) !== 'nightly') throw new UsageError(missing)
    const { run, model, recipe, benchmarks, level } = values
    if ((run === undefined) === (model === undefined)) {
      throw new UsageError('name one model: a finished run with --run RUN, or another with --model')
    }
    const input = {
      ...(run === undefined ? {} : { run }),
      ...(model === undefined ? {} : { model }),
      ...(recipe === undefined ? {} : { recipe }),
      ...(benchmarks === undefined ? {} : { benchmarks: benchmarks.split(',') }),
      ...(level === undefined ? {} : { level: Number(level) }),
    }
    parseInput(NightlyInput, input, 'schedule')
    for (const benchmark of input.benchmarks ?? []) readBenchmarkName(benchmark)
    const named = modelOf(input)
    // The recipes of a remote deployment need not be those here.
    if (recipe !== undefined && !isRemote()) await shelves.recipes(recipe)
    return create({ input, ...named, at: values.at })
  },
}

type NamedModel = {
  readonly model: EvaluatedModel
  /** What nights and schedule are called. */
  readonly name: string
  /** As it was typed. */
  readonly fields: ModelFields
}

function modelOf({ run, model = '' }: { run?: string; model?: string }): NamedModel {
  if (run === undefined) {
    const read = readModel(model, '--model')
    return { model: read, name: read.name, fields: fieldsOf(model, '--model') }
  }
  const student = { kind: 'run', name: 'student', run, role: 'student' } as const
  const typed = `--run ${run}`
  return { model: student, name: run, fields: { name: typed, revision: typed } }
}

type NewSchedule = NamedModel & { readonly input: NightlyInput; readonly at: string }

async function create({ input, model, name, fields, at }: NewSchedule): Promise<number> {
  const time = readTime(at)
  const scheduleId = `nightly-${name}`
  const { client, store, deployment, close } = await connect()
  try {
    if (input.model !== undefined) await refuseRunOf(store, name)
    // Whether the Hub shows a model depends on the workers' own address and token.
    if (model.kind !== 'hub') {
      await findEvaluated({ store, baseModels: createBaseModels(deployment.hub) }, model, fields)
    }
    await client.schedule.create({
      scheduleId,
      spec: {
        calendars: [{ ...time, comment: `every night at ${at} UTC` }],
        timezone: 'UTC',
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' },
      action: {
        type: 'startWorkflow',
        workflowType: 'nightly',
        workflowId: scheduleId,
        taskQueue: queues.workflows,
        staticSummary: `nightly evaluation of ${name}`,
        args: [input],
      },
    })
    console.log(`schedule ${scheduleId} runs every night at ${at} UTC`)
    console.log(`run it now: temporal schedule trigger --schedule-id ${scheduleId}`)
    return 0
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) {
      throw new UsageError(
        `schedule ${scheduleId} stands already; remove it first: ` +
          `temporal schedule delete --schedule-id ${scheduleId}`,
      )
    }
    throw error
  } finally {
    await close()
  }
}

function readTime(at: string): { readonly hour: number; readonly minute: number } {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(at) ?? []
  if (hour === undefined) throw new UsageError(`--at ${at}: write a time of day, as in 02:00`)
  return { hour: Number(hour), minute: Number(minute) }
}
