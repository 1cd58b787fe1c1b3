import { writeJson, writeRows } from '../../activities/artifacts.ts'
import { sealOnce } from '../../activities/manifests.ts'
import type { TrainingStep } from '../../core/checkpoint.ts'
import type { ObjectStore } from '../../core/ports/object-store.ts'
import { noCost } from '../../core/tally.ts'
import { exampleRecipe } from '../core/example-recipe.ts'
import { exampleReport } from '../report/example-report.ts'

/** Leaves in a store what a run has left that trained and wrote its report; gives the training's key. */
export async function trainedRun(
  store: ObjectStore,
  run: string,
  steps: readonly TrainingStep[],
): Promise<string> {
  const identity = { stage: 'train', inputs: [], config: {}, codeVersion: 1 } as const
  const { manifest } = await sealOnce(store, identity, async () => {
    const loss = await writeRows(store, 'loss.jsonl.gz', steps)
    return { outputs: { loss }, counts: { steps: steps.length }, cost: noCost }
  })
  const report = exampleReport()
  const others = report.stages.filter((each) => each.manifest.stage !== 'train')
  const stages = [...others, { name: 'train', state: 'done', manifest }]
  await writeJson(store, `runs/${run}/report.json`, { ...report, stages })
  const recipe = await writeJson(store, 'recipe.json', exampleRecipe)
  const record = { run, recipe, curated: 'c', base: recipe, student: recipe }
  await writeJson(store, `runs/${run}/run.json`, record)
  return manifest.key
}
