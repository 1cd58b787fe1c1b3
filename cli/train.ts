import { type Command, UsageError } from './command.ts'
import { trainExport } from './train-export.ts'
import { trainPlan } from './train-plan.ts'

/** `sky-t1 train …`: what there is to do with a training by itself. */
export const train: Command = {
  usage: 'train plan PROFILE … | train export RUN …',
  purpose: 'plan a training before it starts, or export a finished one for trackers',
  commands: new Map(Object.entries({ plan: trainPlan, export: trainExport })),
  run([what]) {
    const fault = what === undefined ? 'name what to do' : `a training knows no ${what}`
    throw new UsageError(`${fault}: plan or export, as in \`sky-t1 ${trainPlan.usage}\``)
  },
}
