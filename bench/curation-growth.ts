import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { MockActivityEnvironment } from '@temporalio/testing'
import { refTo } from '../activities/artifacts.ts'
import { createCurateActivities, type CurateResult } from '../activities/curate.ts'
import { createProblemSource } from '../adapters/problem-source.ts'
import { canonicalJson } from '../core/digest.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import type { Recipe } from '../core/recipe.ts'
import { namedRecipe } from '../workers/recipe-shelf.ts'

const usage = `node bench/curation-growth.ts [--problems 3000,30000,300000] [--held-out N]

Time a problem and peak memory of curation with every filter on, each size in a process of its own.
--held-out: problems to be kept apart from, 1000 where left out.`

/** One curation, as its own process saw it. */
type Figures = {
  readonly problems: number
  readonly kept: number
  readonly seconds: number
  readonly peakMiB: number
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      problems: { type: 'string', default: '3000,30000,300000' },
      'held-out': { type: 'string', default: '1000' },
      one: { type: 'boolean', default: false },
    },
  })
  const sizes = values.problems.split(',').map(Number)
  const heldOut = Number(values['held-out'])
  if (![...sizes, heldOut].every(Number.isSafeInteger)) throw new Error(usage)
  const [only] = sizes
  if (values.one && only !== undefined) return print(await measure(only, heldOut))
  const figures = sizes.map((size) => measureApart(size, heldOut))
  const [first] = figures
  for (const each of figures) {
    const { problems, kept, seconds, peakMiB } = each
    const ratio = first === undefined ? 1 : timeEach(each) / timeEach(first)
    console.log(
      `${problems} problems: ${kept} kept, ${seconds.toFixed(1)} s, ` +
        `${timeEach(each).toFixed(3)} ms each (${ratio.toFixed(2)} of the first), peak ${peakMiB} MiB`,
    )
  }
}

function timeEach({ seconds, problems }: Figures): number {
  return (1000 * seconds) / problems
}

function measureApart(size: number, heldOut: number): Figures {
  const args = ['--one', '--problems', String(size), '--held-out', String(heldOut)]
  const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...args])
  const figures: Figures = JSON.parse(output.toString())
  return figures
}

function print(figures: Figures): void {
  console.log(JSON.stringify(figures))
}

/** The miniature recipe with bare calculations alone, and all that curation can look for. */
async function recipeOf(train: number, heldOut: number): Promise<Recipe> {
  const recipe = await namedRecipe('miniature')
  return {
    ...recipe,
    sources: [
      { kind: 'generated', id: 'sums', family: 'calculations', domain: 'math', train, heldOut },
    ],
    curation: {
      difficulty: null,
      decontamination: { ngramWords: 8, shortSimilarity: 0.8 },
      deduplication: { similarity: 0.8 },
    },
  }
}

async function measure(problems: number, heldOut: number): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'curation-growth-'))
  try {
    const store = folderStore(folder)
    const bytes = new TextEncoder().encode(canonicalJson(await recipeOf(problems, heldOut)))
    await store.put('recipe.json', bytes, 'application/json')
    const problemSource = createProblemSource({ dataDirectory: undefined })
    const activities = createCurateActivities({ store, problemSource })
    const began = performance.now()
    const recipe = refTo(store, 'recipe.json', bytes)
    const environment = new MockActivityEnvironment()
    const { counts }: CurateResult = await environment.run(() => activities.curateProblems(recipe))
    const seconds = (performance.now() - began) / 1000
    const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024)
    return { problems, kept: counts['problems'] ?? 0, seconds, peakMiB }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Objects as files: what is stored must not be in the memory that is measured. */
function folderStore(folder: string): ObjectStore {
  return {
    get: (key) => readFile(join(folder, key)),
    find: (key) => readFile(join(folder, key)).catch(() => undefined),
    async put(key, bytes) {
      const path = join(folder, key)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, bytes)
    },
    async *list() {},
    create: unused,
    findVersioned: unused,
    replace: unused,
    remove: unused,
    upload: unused,
    download: unused,
    presign: unused,
    uri: (key) => `s3://bench/${key}`,
    async check() {},
  }
}

function unused(): Promise<never> {
  return Promise.reject(new Error('curation does not do this'))
}

await main()
