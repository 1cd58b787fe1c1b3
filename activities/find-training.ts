import { TrainingStep } from '../core/checkpoint.ts'
import type { Manifest } from '../core/manifest.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { ReportData } from '../core/report/report-data.ts'
import type { TrackedRun } from '../core/tracking/tracked-run.ts'
import { findJson, readRows } from './artifacts.ts'
import { findManifest, outputOf } from './manifests.ts'
import { readRecipe } from './open-run.ts'
import { findRunRecord } from './run-records.ts'

/** Hexadecimal digits of the stage's key that trackers know a training by. */
const idDigits = 16

/**
 * The finished training of a run that has its report, or the one under a stage's key; undefined
 * where there is none. Runs that share a training have it under one id.
 */
export async function findTraining(
  store: ObjectStore,
  named: string,
): Promise<TrackedRun | undefined> {
  if (!/^[0-9a-f]{64}$/.test(named)) return trainingOfRun(store, named)
  const manifest = await findManifest(store, 'train', named)
  if (manifest === undefined) return undefined
  return tracked(store, manifest, { name: named.slice(0, idDigits), config: {} })
}

async function trainingOfRun(store: ObjectStore, run: string): Promise<TrackedRun | undefined> {
  const report = await findJson(store, `runs/${run}/report.json`, ReportData)
  const record = await findRunRecord(store, run)
  const trained = report?.stages.find(({ manifest }) => manifest.stage === 'train')
  if (trained === undefined || record === undefined) return undefined
  const { name: recipe, profile, seed, student, training } = await readRecipe(store, record.recipe)
  const config = { recipe, profile, seed, student, training }
  return tracked(store, trained.manifest, { name: run, config })
}

async function tracked(
  store: ObjectStore,
  manifest: Manifest,
  { name, config }: Pick<TrackedRun, 'name' | 'config'>,
): Promise<TrackedRun> {
  const { key, counts, startedAt, finishedAt } = manifest
  return {
    id: key.slice(0, idDigits),
    name,
    project: 'sky-t1',
    config: { ...config, stageKey: key, counts },
    startedAt: new Date(startedAt),
    finishedAt: new Date(finishedAt),
    steps: await readRows(store, outputOf(manifest, 'loss'), TrainingStep),
  }
}
