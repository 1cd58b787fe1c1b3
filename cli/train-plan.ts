import { parseArgs } from 'node:util'
import { trainingFiles } from '../adapters/training-files.ts'
import { parseInput } from '../core/invalid-input.ts'
import { overlay } from '../core/recipe-overrides.ts'
import { planTraining } from '../core/training/planned-training.ts'
import { expectedDataset } from '../core/training/training-dataset.ts'
import { TrainingProfile } from '../core/training/training-profile.ts'
import { shelves } from '../workers/recipe-shelf.ts'
import { type Command, soleArgument } from './command.ts'
import { overridesOf, readDocument } from './recipe-argument.ts'
import { trainPlanLines } from './train-plan-lines.ts'
import { readTrainingDataset } from './training-dataset.ts'

/** `sky-t1 train plan PROFILE`: what a training would be told and would take; nothing is started. */
export const trainPlan: Command = {
  usage: 'train plan PROFILE [--dataset URI] [--set FIELD=VALUE …] [--json]',
  purpose: 'show what a training would be told, take and cost; refuse it where it cannot run',
  details: [
    'PROFILE: a name in recipes/training, or the path of a YAML or JSON file of the same shape.',
    '--dataset: s3://BUCKET/PREFIX of a release, or a .jsonl or .json file of ShareGPT rows; without',
    'it, the rows that the profile expects.',
    '--set: a field of the profile, as in training.cluster.nodes=2.',
  ].join('\n'),
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        dataset: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
      },
    })
    const named = soleArgument(positionals, 'name a profile, as in `sky-t1 train plan faithful`')
    const profile = await readProfile(named, values.set)
    const { training } = profile
    // What is wrong whatever the data set is said before one is fetched.
    const expected = planTraining(named, profile, expectedDataset(training))
    const plan =
      values.dataset === undefined
        ? expected
        : planTraining(named, profile, await readTrainingDataset(values.dataset, training))
    const { config, deepspeed } = trainingFiles(plan)
    console.log(
      values.json
        ? JSON.stringify({ ...plan, yaml: config }, null, 2)
        : trainPlanLines(plan, { config, deepspeed }, training.cluster).join('\n'),
    )
    return 0
  },
}

async function readProfile(named: string, settings: readonly string[]): Promise<TrainingProfile> {
  const isFile = /\.(ya?ml|json)$/.test(named)
  const document = isFile ? await readDocument(named) : await shelves.profiles(named)
  const where = isFile ? named : 'profile'
  return parseInput(TrainingProfile, overlay(document, overridesOf(settings), 'profile'), where)
}
