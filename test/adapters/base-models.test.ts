import { mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createBaseModels } from '../../adapters/base-models.ts'
import type { HubSettings } from '../../adapters/hub/hub-library.ts'
import { modelFiles } from '../../core/training/model-files.ts'
import type { PretrainedStudent } from '../../core/training/student.ts'
import { type HubServerOptions, startHubServer } from '../../infra/hub/hub-server.ts'
import { commitFile } from '../../infra/hub/repositories.ts'
import { commit } from '../core/sources/hub/example-source.ts'
import {
  exampleFiles,
  filesBut,
  pretrained,
  tokenizerFiles,
  wholeFiles,
} from '../core/training/example-model.ts'
import { openHubFolder } from '../infra/hub/hub-folder.ts'

const shard = 'model-00001-of-00002.safetensors'
const student = pretrained('org/model')

/** A Hub of one model, `org/model`, and base models with a cache of their own. */
async function openHub(
  files: Readonly<Record<string, string>> = exampleFiles,
  options: Partial<HubServerOptions> & { readonly readerToken?: string } = {},
) {
  const folder = await openHubFolder({ [`models/org/model/${commitFile}`]: commit })
  for (const [name, content] of Object.entries(files)) {
    await folder.add(`models/org/model/${name}`, content)
  }
  const { readerToken, ...serverOptions } = options
  const server = await startHubServer({ directory: folder.directory, ...serverOptions })
  const settings: HubSettings = {
    endpoint: server.url,
    token: readerToken,
    cacheDirectory: join(folder.directory, 'cache'),
    mirror: undefined,
    patience: { retries: 3, firstWaitMs: 1 },
  }
  return {
    settings,
    baseModels: createBaseModels(settings),
    directory: join(folder.directory, 'job'),
    /** Names of the files whose bytes were asked for, in order. */
    asked: () =>
      server.requests.flatMap((request) => /\/resolve\/\w+\/(\S+)/.exec(request)?.[1] ?? []),
    async [Symbol.asyncDispose]() {
      await server.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

type Hub = Awaited<ReturnType<typeof openHub>>

async function bring(
  { baseModels, directory }: Pick<Hub, 'baseModels' | 'directory'>,
  wanted: PretrainedStudent,
  part: 'whole' | 'tokenizer' = 'whole',
): Promise<string[]> {
  const model = await baseModels.open(wanted)
  await model.bring((await modelFiles(wanted, model))[part], { directory })
  return (await readdir(directory)).toSorted()
}

describe('a model of the Hub', () => {
  test('is brought whole, byte by byte, and nothing else of its repository', async () => {
    await using hub = await openHub()
    expect(await bring(hub, student)).toEqual(wholeFiles)
    for (const name of wholeFiles) {
      expect(await readFile(join(hub.directory, name), 'utf8')).toBe(exampleFiles[name])
    }
    expect(hub.asked().toSorted()).toEqual(wholeFiles)
  })

  test('is brought without its weights where tokens are counted', async () => {
    await using hub = await openHub()
    expect(await bring(hub, student, 'tokenizer')).toEqual(tokenizerFiles)
    expect(hub.asked().filter((name) => name.endsWith('.safetensors'))).toEqual([])
  })

  test('is fetched once, and laid into directories without another copy', async () => {
    await using hub = await openHub()
    await bring(hub, student)
    const before = hub.asked().length
    await bring({ ...hub, directory: `${hub.directory}-2` }, student)
    expect(hub.asked()).toHaveLength(before)
    const [first, second] = await Promise.all(
      [hub.directory, `${hub.directory}-2`].map((each) => stat(join(each, shard))),
    )
    expect(second?.ino).toBe(first?.ino)
  })

  test.each(['cut', 'truncate', 'alter', 'server-error'] as const)(
    'arrives whole over the fault %s',
    async (kind) => {
      await using hub = await openHub(exampleFiles, { faults: [{ kind, path: shard, times: 1 }] })
      await bring(hub, student)
      expect(await readFile(join(hub.directory, shard), 'utf8')).toBe(exampleFiles[shard])
    },
  )

  test.each(['stall', 'cut'] as const)(
    'whose fetch meets the fault %s is no longer fetched once it is given up',
    async (kind) => {
      const faults = [{ kind, path: shard, times: 99 }]
      await using hub = await openHub(exampleFiles, { faults })
      const model = await patient(hub).open(student)
      const giveUp = new AbortController()
      const to = { directory: hub.directory, signal: giveUp.signal }
      const bringing = model.bring([shard], to)
      await expect.poll(() => hub.asked()).toContain(shard)
      giveUp.abort(new Error('nobody wants it any more'))
      await expect(bringing).rejects.toThrow('nobody wants it any more')
      expect(hub.asked()).toEqual([shard])
    },
  )

  test('is pinned to the commit that its branch means now', async () => {
    await using hub = await openHub()
    for (const revision of [null, 'main', commit]) {
      const wanted = pretrained('org/model', { revision })
      expect(await hub.baseModels.pin(wanted)).toEqual({ ...wanted, revision: commit })
    }
    expect((await hub.baseModels.open(student)).version).toBe(commit)
  })

  test('is read from a mirror, too', async () => {
    await using mirror = await openHubFolder({ 'models/org/model/refs/main': commit })
    for (const [name, content] of Object.entries(exampleFiles)) {
      await mirror.add(`models/org/model/${commit}/${name}`, content)
    }
    await using hub = await openHub()
    const baseModels = createBaseModels({ ...hub.settings, mirror: mirror.directory })
    expect(await bring({ ...hub, baseModels }, student)).toEqual(wholeFiles)
    await expect(baseModels.open(pretrained('org/none', { revision: commit }))).rejects.toThrow(
      /^field student\.model: the mirror has no org\/none at .*; put its files into .*models\/org\/none$/,
    )
    expect(hub.asked()).toEqual([])
  })

  test('that is not there is refused', async () => {
    await using hub = await openHub()
    await expect(hub.baseModels.pin(pretrained('org/none'))).rejects.toThrow(
      /^field student\.model: the Hub shows no org\/none \(401, RepoNotFound\): correct its name, or/,
    )
    await expect(hub.baseModels.pin(pretrained('org/model', { revision: 'v9' }))).rejects.toThrow(
      /^field student\.revision: org\/model has no v9; name a commit that it has$/,
    )
  })

  test('that is gated is refused until its terms are accepted, without the token', async () => {
    const gated = { gated: ['org/model'], token: 'hf_owner', readerToken: 'hf_owner' }
    await using closed = await openHub(exampleFiles, gated)
    const refused = bring(closed, student)
    await expect(refused).rejects.toThrow(
      `field student.model: org/model is gated (403): accept its terms at ` +
        `${closed.settings.endpoint}/org/model and set HF_TOKEN`,
    )
    await expect(refused).rejects.not.toThrow('hf_owner')
    await using open = await openHub(exampleFiles, { ...gated, accepted: ['org/model'] })
    expect(await bring(open, student)).toEqual(wholeFiles)
  })

  test('without a tokenizer, or without a shard, is refused before anything large is fetched', async () => {
    for (const missing of ['tokenizer.json', shard]) {
      await using hub = await openHub(filesBut({ [missing]: undefined }))
      await expect(bring(hub, student)).rejects.toThrow(missing)
      expect(hub.asked().filter((name) => name.endsWith('.safetensors'))).toEqual([])
    }
  })
})

/** The same, but between two tries they wait for longer than a test. */
function patient({ settings }: Hub) {
  return createBaseModels({ ...settings, patience: { retries: 3, firstWaitMs: 600_000 } })
}

/** Base models beside one in a directory; no Hub answers. */
async function openDirectory(files: Readonly<Record<string, string>> = exampleFiles) {
  const folder = await openHubFolder(files)
  const baseModels = createBaseModels({
    endpoint: 'http://127.0.0.1:9',
    token: undefined,
    cacheDirectory: join(folder.directory, 'cache'),
    mirror: undefined,
    patience: { retries: 0, firstWaitMs: 1 },
  })
  return {
    baseModels,
    directory: join(folder.directory, 'job'),
    student: pretrained(folder.directory),
    add: folder.add,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

describe('a model in a directory', () => {
  test('is brought whole, and never pinned', async () => {
    await using place = await openDirectory()
    expect(await place.baseModels.pin(place.student)).toEqual(place.student)
    expect(await bring(place, place.student)).toEqual(wholeFiles)
  })

  test('may be of links, as the cache of huggingface_hub is', async () => {
    await using place = await openDirectory()
    const links = join(place.student.model, 'snapshot')
    await mkdir(links)
    for (const name of wholeFiles) await symlink(join('..', name), join(links, name))
    await symlink('nowhere', join(links, 'broken.json'))
    expect(await bring(place, pretrained(links))).toEqual(wholeFiles)
    expect(await readFile(join(place.directory, shard), 'utf8')).toBe(exampleFiles[shard])
  })

  test('has another version where a file is another', async () => {
    await using place = await openDirectory()
    const version = async () => (await place.baseModels.open(place.student)).version
    const first = await version()
    expect(await version()).toBe(first)
    await place.add(shard, 'other weights')
    expect(await version()).not.toBe(first)
  })

  test('that was cloned without Git LFS is refused, with the command that fetches its files', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4954847344\n'
    await using place = await openDirectory(filesBut({ [shard]: pointer }))
    await expect(bring(place, place.student)).rejects.toThrow(
      `${place.student.model}: its ${shard} is a pointer of Git LFS, not the file itself; run \`git lfs pull\``,
    )
  })

  test('that is not there, or is a file, is refused', async () => {
    await using place = await openDirectory()
    const file = join(place.student.model, 'config.json')
    for (const [model, code] of [
      ['/no/such/model', 'ENOENT'],
      [file, 'ENOTDIR'],
    ] as const) {
      await expect(place.baseModels.open(pretrained(model))).rejects.toThrow(
        `field student.model: ${model}: it is no directory that can be read (${code}); name a`,
      )
    }
  })

  test('never empties a file that was laid already', async () => {
    await using place = await openDirectory()
    await bring(place, place.student)
    await expect(bring(place, place.student)).rejects.toThrow('EEXIST')
    expect(await readFile(join(place.student.model, shard), 'utf8')).toBe(exampleFiles[shard])
  })
})
