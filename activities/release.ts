import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { datasetCard } from '../core/dataset/card.ts'
import {
  ReleaseManifest,
  ReleaseRecord,
  releaseRecordKey,
  type ReleasedFile,
} from '../core/dataset/release-manifest.ts'
import { digestOf } from '../core/digest.ts'
import type { Cost, Manifest } from '../core/manifest.ts'
import type { ObjectRef } from '../core/object-ref.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { TableFiles } from '../core/ports/table-files.ts'
import type { Recipe } from '../core/recipe.ts'
import type { StageResult } from '../core/stage-result.ts'
import { noCost } from '../core/tally.ts'
import { datasetInfo } from '../core/training/trainer-config.ts'
import { refTo, writeJson } from './artifacts.ts'
import { readCurationSummary } from './curate.ts'
import {
  outputOf,
  outputsDigest,
  readManifest,
  sealOnce,
  type StageOutput,
  stageResult,
} from './manifests.ts'
import { uploadFile } from './model-objects.ts'
import { readRecipe } from './open-run.ts'
import { type PreparedStudent, readModel } from './prepare-student.ts'
import { type ReleasedRows, writeReleasedRows } from './release-shards.ts'

/** A data set to release. */
export type ReleaseOrder = {
  readonly run: string
  readonly recipe: ObjectRef
  /** Key of the curation. */
  readonly curated: string
  /** Key of the assembly. */
  readonly assembled: string
  /** The untrained student, which counted the rows' tokens. */
  readonly prepared: PreparedStudent
  /** What the replies cost that the data set rests on. */
  readonly costs: { readonly sample: Cost; readonly reformat: Cost; readonly verify: Cost }
}
export type ReleaseActivities = ReturnType<typeof createReleaseActivities>

/** What releasing needs of a node. */
type ReleaseDeps = {
  readonly store: ObjectStore
  readonly tables: TableFiles
  /** Where files are written before they are uploaded. */
  readonly workDirectory: string
}

/** After the assembly: the data set as it is given on, and the index by which its rows are traced. */
export function createReleaseActivities(deps: ReleaseDeps) {
  const { store } = deps
  return {
    /**
     * Writes the rows as JSON Lines and Parquet, a card, LLaMA-Factory's description and the
     * digests, the manifest last; then names the release under the run.
     */
    async releaseDataset(order: ReleaseOrder): Promise<StageResult> {
      const recipe = await readRecipe(store, order.recipe)
      const assembled = await readManifest(store, 'assemble', order.assembled)
      const curation = await readManifest(store, 'curate', order.curated)
      const identity = {
        stage: 'release',
        inputs: [
          outputsDigest(assembled.outputs),
          outputsDigest(curation.outputs),
          outputsDigest({ tokens: order.prepared.tokens }),
        ],
        config: {
          recipe: digestOf(recipe),
          curation: { counts: curation.counts, cost: curation.cost },
          costs: order.costs,
        },
        codeVersion: 1,
      } as const
      const sealed = await sealOnce(store, identity, async (key) => {
        const directory = join(deps.workDirectory, key)
        await rm(directory, { recursive: true, force: true })
        await mkdir(directory, { recursive: true })
        const release = { deps, order, recipe, curation, assembled, key, directory }
        const output = await writeRelease(release)
        await rm(directory, { recursive: true, force: true })
        return output
      })
      const record = {
        run: order.run,
        prefix: releasePrefix(sealed.manifest.key),
        manifest: outputOf(sealed.manifest, 'manifest.json'),
        lineage: outputOf(sealed.manifest, 'lineage'),
      }
      await writeJson(store, releaseRecordKey(order.run), ReleaseRecord.parse(record))
      return stageResult(sealed)
    },
  }
}

type Release = {
  readonly deps: ReleaseDeps
  readonly order: ReleaseOrder
  readonly recipe: Recipe
  readonly curation: Manifest
  readonly assembled: Manifest
  readonly key: string
  readonly directory: string
}

function releasePrefix(key: string): string {
  return `releases/${key}`
}

async function writeRelease(release: Release): Promise<StageOutput> {
  const { deps, order, recipe, assembled, key, directory } = release
  const written = await writeReleasedRows({
    ...deps,
    recipe,
    assembled,
    curation: release.curation,
    prepared: order.prepared,
    directory,
    lineagePrefix: `lineage/${key}`,
  })
  const files = await uploadRows(release, written)
  const outputs: Record<string, ObjectRef> = {}
  for (const [path, ref] of files) outputs[path] = ref
  const put = async (path: string, text: string) => {
    outputs[path] = await putText(deps.store, `${releasePrefix(key)}/${path}`, text)
  }
  const info = datasetInfo('data/train')
  await put('dataset_info.json', `${JSON.stringify(info, null, 2)}\n`)
  const facts = {
    release: await manifestOf(release, written, listed(outputs)),
    recipe,
    curation: {
      counts: release.curation.counts,
      cost: release.curation.cost,
      summary: await readCurationSummary(deps.store, release.curation),
    },
    assembly: assembled.counts,
    costs: order.costs,
  }
  await put('README.md', datasetCard(facts))
  await put('SHA256SUMS', sums(outputs))
  const manifest = ReleaseManifest.parse({ ...facts.release, files: listed(outputs) })
  await put('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`)
  const { rows, rejected, overLength, tokens } = manifest
  const counts = {
    rows,
    rejected,
    files: Object.keys(outputs).length,
    // Where nobody counted, nothing is known to be too long.
    ...(tokens === null ? {} : { 'over-length': overLength, tokens: tokens.total }),
  }
  return { outputs: { ...outputs, lineage: written.lineage }, counts, cost: noCost }
}

async function uploadRows(
  { deps, key, directory }: Release,
  { files, overLength }: ReleasedRows,
): Promise<Array<readonly [string, ObjectRef]>> {
  const uploaded: Array<readonly [string, ObjectRef]> = []
  const upload = async (path: string, rows: number) => {
    const target = `${releasePrefix(key)}/${path}`
    const ref = await uploadFile(deps.store, target, { path: join(directory, path) })
    uploaded.push([path, { ...ref, rows }])
  }
  for (const { path, rows } of files) await upload(path, rows)
  if (overLength.length > 0) {
    const lines = overLength.map((row) => `${JSON.stringify(row)}\n`)
    await writeFile(join(directory, 'over-length.jsonl'), lines.join(''))
    await upload('over-length.jsonl', overLength.length)
  }
  return uploaded
}

async function manifestOf(
  { deps, order, recipe }: Release,
  written: ReleasedRows,
  files: readonly ReleasedFile[],
): Promise<ReleaseManifest> {
  const { prepared } = order
  const { title, licence } = recipe.dataset
  return {
    title,
    licence,
    recipe: { name: recipe.name, digest: digestOf(recipe), seed: recipe.seed },
    rows: written.rows,
    rejected: written.rejected,
    overLength: written.overLength.length,
    tokens: {
      ...written.tokens,
      cutoffLength: recipe.training.cutoffLength,
      model: (await readModel(deps.store, prepared.baseModel)).digest,
    },
    sources: [...written.sources],
    files: [...files],
  }
}

function listed(outputs: Readonly<Record<string, ObjectRef>>): ReleasedFile[] {
  return Object.entries(outputs)
    .map(([path, { sha256, bytes, rows }]) => ({ path, sha256, bytes, rows: rows ?? null }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** Digests as `sha256sum -c` reads them. */
function sums(outputs: Readonly<Record<string, ObjectRef>>): string {
  return listed(outputs)
    .map(({ path, sha256 }) => `${sha256}  ${path}\n`)
    .join('')
}

async function putText(store: ObjectStore, key: string, text: string): Promise<ObjectRef> {
  const bytes = new TextEncoder().encode(text)
  await store.put(key, bytes, 'text/plain; charset=utf-8')
  return refTo(store, key, bytes)
}
