import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CorruptObjectError } from '../../activities/artifacts.ts'
import {
  fetchModel,
  filesIn,
  findModel,
  removeModel,
  uploadModel,
} from '../../activities/model-objects.ts'
import type { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import { InvalidInputError } from '../../core/invalid-input.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { filesInFlight } from '../../core/transfer-plan.ts'
import { S3Proxy } from '../adapters/s3-proxy.ts'

/** A checkpoint as the trainer leaves it, with DeepSpeed's shards in a directory of their own. */
const checkpoint = {
  'config.json': '{}',
  'global_step100/bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt': 'momentum 0',
  'global_step100/bf16_zero_pp_rank_1_mp_rank_00_optim_states.pt': 'momentum 1',
  latest: 'global_step100',
  'model-00001-of-00001.safetensors': 'weights',
  'rng_state_0.pth': 'random',
  'tokenizer.json': '{"tokens":[]}',
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

describe.skipIf(objectServerProgram === undefined)(
  'models over versitygw (SKY_T1_VERSITYGW)',
  () => {
    let server: ObjectServer
    let store: S3ObjectStore
    let folder: string
    let source: string
    let target: string

    beforeAll(async () => {
      server = await ObjectServer.start()
    })
    afterAll(() => server[Symbol.asyncDispose]())
    beforeEach(async () => {
      store = server.store()
      folder = await mkdtemp(join(tmpdir(), 'sky-t1-models-'))
      source = join(folder, 'source')
      target = join(folder, 'target')
      for (const [name, text] of Object.entries(checkpoint)) await write(join(source, name), text)
    })
    afterEach(() => rm(folder, { recursive: true }))

    /** The checkpoint under a prefix, whole. */
    async function uploaded(prefix: string) {
      const files = await filesIn(source)
      return (await uploadModel(store, prefix, { directory: source, files, globalStep: 100 }))
        .manifest
    }

    test('files in directories go up and come down with their paths', async () => {
      const manifest = await uploaded('nested')
      expect(await findModel(store, 'nested')).toEqual(manifest)
      await fetchModel(store, manifest, { directory: target })
      expect(await filesIn(target)).toEqual(Object.keys(checkpoint).toSorted())
      for (const [name, text] of Object.entries(checkpoint)) {
        expect(await readFile(join(target, name), 'utf8')).toBe(text)
      }
    })

    test('weights are begun first, then the optimizer, and the manifest is last', async () => {
      await using proxy = await S3Proxy.before(server)
      store = server.store({ endpoint: proxy.endpoint })
      await uploaded('ordered')
      const asked = proxy.asked.filter(({ method }) => method === 'HEAD').map(({ key }) => key)
      // So many are under way at once, and may come in any order.
      expect(asked.slice(0, filesInFlight)).toEqual(
        expect.arrayContaining([
          'ordered/config.json',
          'ordered/model-00001-of-00001.safetensors',
          'ordered/tokenizer.json',
        ]),
      )
      const put = proxy.asked.filter(({ method }) => method === 'PUT').map(({ key }) => key)
      expect(put).toHaveLength(Object.keys(checkpoint).length + 1)
      expect(put.at(-1)).toBe('ordered/manifest.json')
    })

    test('what an attempt that crashed has sent is not sent again', async () => {
      await using proxy = await S3Proxy.before(server)
      store = server.store({ endpoint: proxy.endpoint })
      proxy.fate = ({ key, method }) =>
        method === 'PUT' && key === 'crashed/manifest.json' ? 'refuse' : 'pass'
      await expect(uploaded('crashed')).rejects.toMatchObject({ name: 'AccessDenied' })
      expect(await findModel(store, 'crashed')).toBeUndefined()
      proxy.fate = () => 'pass'
      proxy.asked.length = 0
      await uploaded('crashed')
      const put = proxy.asked.filter(({ method }) => method === 'PUT').map(({ key }) => key)
      expect(put).toEqual(['crashed/manifest.json'])
    })

    test('an object that is not what the manifest says is named, and leaves no file', async () => {
      const manifest = await uploaded('corrupt')
      const name = 'model-00001-of-00001.safetensors'
      await store.put(`corrupt/${name}`, Buffer.from('altered'), 'text/plain')
      const fetching = fetchModel(store, manifest, { directory: target })
      await expect(fetching).rejects.toThrow(CorruptObjectError)
      await expect(fetching).rejects.toThrow(`s3://sky-t1/corrupt/${name} has the digest`)
      expect(await filesIn(target)).not.toContain(name)
    })

    test('files that stand in the directory are kept where right, else replaced or removed', async () => {
      const manifest = await uploaded('kept')
      await fetchModel(store, manifest, { directory: target })
      await write(join(target, 'config.json'), '[]')
      await write(join(target, 'global_step100/stranger.pt'), 'stranger')
      await write(join(target, 'global_step50/old.pt'), 'old')
      await using proxy = await S3Proxy.before(server)
      await fetchModel(server.store({ endpoint: proxy.endpoint }), manifest, { directory: target })
      expect(await filesIn(target)).toEqual(Object.keys(checkpoint).toSorted())
      const fetched = proxy.asked.filter(({ method }) => method === 'GET').map(({ key }) => key)
      expect(fetched).toEqual(['kept/config.json'])
    })

    test('a link in the directory does not lead what is fetched out of it', async () => {
      const manifest = await uploaded('linked')
      const outside = join(folder, 'outside')
      await mkdir(outside)
      await mkdir(target)
      await symlink(outside, join(target, 'global_step100'))
      await fetchModel(store, manifest, { directory: target })
      expect(await filesIn(outside)).toEqual([])
      expect(await filesIn(target)).toEqual(Object.keys(checkpoint).toSorted())
    })

    test.each(['../outside', '/etc/outside', 'a/../../outside', 'a//b', './a', '', 'a\\b'])(
      'a manifest that names the file %j is refused',
      async (name) => {
        const manifest = await uploaded('escaping')
        const files = { ...manifest.files, [name]: manifest.files['config.json'] }
        const bytes = Buffer.from(JSON.stringify({ ...manifest, files }))
        await store.put('escaping/manifest.json', bytes, 'application/json')
        await expect(findModel(store, 'escaping')).rejects.toThrow(CorruptObjectError)
        await expect(findModel(store, 'escaping')).rejects.toThrow('escaping/manifest.json')
      },
    )

    test('a file that would take the place of the manifest is refused', async () => {
      await write(join(source, 'manifest.json'), '{}')
      await expect(uploaded('taken')).rejects.toThrow(InvalidInputError)
    })

    test('a model is removed, its manifest first, and others of like name stay', async () => {
      await uploaded('steps/step-1')
      await uploaded('steps/step-10')
      await using proxy = await S3Proxy.before(server)
      const removing = server.store({ endpoint: proxy.endpoint })
      await removeModel(removing, 'steps/step-1')
      const removed = proxy.asked.filter(({ method }) => method === 'DELETE')
      expect(removed[0]?.key).toBe('steps/step-1/manifest.json')
      expect(removed).toHaveLength(Object.keys(checkpoint).length + 1)
      await removeModel(store, 'steps/step-1')
      const left: string[] = []
      for await (const key of store.list('steps/')) left.push(key)
      expect(left).toHaveLength(Object.keys(checkpoint).length + 1)
      expect(left.every((key) => key.startsWith('steps/step-10/'))).toBe(true)
    })

    test('a removal that is cut off leaves nothing that looks complete', async () => {
      await uploaded('half')
      await using proxy = await S3Proxy.before(server)
      proxy.fate = ({ key, method }) =>
        method === 'DELETE' && key === 'half/latest' ? 'refuse' : 'pass'
      const removing = server.store({ endpoint: proxy.endpoint })
      await expect(removeModel(removing, 'half')).rejects.toMatchObject({ name: 'AccessDenied' })
      expect(await findModel(store, 'half')).toBeUndefined()
      await removeModel(store, 'half')
      for await (const key of store.list('half/')) expect.unreachable(key)
    })
  },
)
