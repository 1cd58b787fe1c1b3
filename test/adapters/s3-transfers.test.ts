import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import { ObjectServer, objectServerProgram } from './object-server.ts'
import { type Asked, type Fate, S3Proxy } from './s3-proxy.ts'

const MiB = 1024 * 1024
const partBytes = 8 * MiB
const parts = 5

/** A file of five parts, the last of them short. */
const contentOf = () => randomBytes((parts - 1) * partBytes + MiB)
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe.skipIf(objectServerProgram === undefined)(
  'transfers over versitygw (SKY_T1_VERSITYGW)',
  () => {
    let server: ObjectServer
    let proxy: S3Proxy
    let store: S3ObjectStore
    let folder: string
    let path: string

    beforeAll(async () => {
      server = await ObjectServer.start()
    })
    afterAll(() => server[Symbol.asyncDispose]())
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sky-t1-transfers-'))
      path = join(folder, 'up')
      proxy = await S3Proxy.before(server)
      store = server.store({ endpoint: proxy.endpoint })
    })
    afterEach(async () => {
      await proxy[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    })

    /** What the server holds under a key, past the proxy. */
    const stored = async (key: string) => Buffer.from(await server.store().get(key))

    /** An upload whose fourth part is refused when the server has taken the others. */
    async function uploadCutOff(key: string): Promise<void> {
      proxy.fate = async ({ part }) => {
        if (part !== 4) return 'pass'
        await proxy.takes(parts - 1)
        return 'refuse'
      }
      await expect(store.upload(key, path)).rejects.toMatchObject({ name: 'AccessDenied' })
      proxy.fate = () => 'pass'
      proxy.asked.length = 0
    }

    describe('an upload that was cut off', () => {
      test('sends only the parts that are missing', async () => {
        const content = contentOf()
        await writeFile(path, content)
        await uploadCutOff('resumed')
        const digest = await store.upload('resumed', path)
        expect(proxy.partsSent).toEqual([4])
        expect(digest).toEqual({ sha256: sha256Of(content), bytes: content.length })
        expect((await stored('resumed')).equals(content)).toBe(true)
      })

      test('is not mixed with content that changed since, of the same size', async () => {
        const content = contentOf()
        await writeFile(path, content)
        await uploadCutOff('changed')
        content[partBytes + 5] = (content[partBytes + 5] ?? 0) ^ 1
        await writeFile(path, content)
        await store.upload('changed', path)
        expect(proxy.partsSent).toEqual([2, 4])
        expect((await stored('changed')).equals(content)).toBe(true)
      })

      test('is discarded where the file has another size', async () => {
        await writeFile(path, contentOf())
        await uploadCutOff('resized')
        const content = randomBytes(2 * partBytes + 1)
        await writeFile(path, content)
        await store.upload('resized', path)
        expect(proxy.partsSent).toEqual([1, 2, 3])
        expect((await stored('resized')).equals(content)).toBe(true)
        expect(await unfinishedUploads(server)).not.toContain('resized')
      })

      test('of a longer key is left alone', async () => {
        await writeFile(path, contentOf())
        await uploadCutOff('key-longer')
        await store.upload('key', path)
        expect(proxy.partsSent).toEqual([1, 2, 3, 4, 5])
        expect(await unfinishedUploads(server)).toContain('key-longer')
      })
    })

    describe('an upload', () => {
      test.each([
        ['small', 1000],
        ['in parts', 3 * partBytes],
      ])('of a file that stands already sends nothing (%s)', async (_, bytes) => {
        const content = randomBytes(bytes)
        await writeFile(path, content)
        const first = await store.upload(`standing-${bytes}`, path)
        proxy.asked.length = 0
        expect(await store.upload(`standing-${bytes}`, path)).toEqual(first)
        expect(proxy.asked.map(({ method }) => method)).toEqual(['HEAD'])
      })

      test('replaces other content of the same size', async () => {
        await writeFile(path, randomBytes(2 * partBytes))
        await store.upload('replaced', path)
        const content = randomBytes(2 * partBytes)
        await writeFile(path, content)
        await store.upload('replaced', path)
        expect((await stored('replaced')).equals(content)).toBe(true)
      })

      test('sends a part again that came altered', async () => {
        const content = contentOf()
        await writeFile(path, content)
        proxy.fate = onFirst(({ part }) => part === 2, 'alter')
        await store.upload('altered', path)
        expect(proxy.partsSent).toEqual([1, 2, 2, 3, 4, 5])
        expect((await stored('altered')).equals(content)).toBe(true)
      })

      test('goes on where the store fails for a while', async () => {
        const content = contentOf()
        await writeFile(path, content)
        let failures = 0
        proxy.fate = ({ part }) => {
          if (part === undefined || part === 1 || failures === 24) return 'pass'
          failures += 1
          return 'fail'
        }
        await store.upload('failing', path)
        expect(failures).toBe(24)
        expect((await stored('failing')).equals(content)).toBe(true)
      })

      test('counts as done where only the answer to its completion got lost', async () => {
        const content = contentOf()
        await writeFile(path, content)
        proxy.fate = onFirst(({ completes }) => completes, 'lose')
        await store.upload('unanswered', path)
        expect((await stored('unanswered')).equals(content)).toBe(true)
      })

      test('ends with the reason of its signal', async () => {
        await writeFile(path, contentOf())
        const ending = new AbortController()
        proxy.fate = ({ part }) => {
          if (part === 3) ending.abort(new Error('no longer wanted'))
          return 'pass'
        }
        const upload = store.upload('ended', path, { signal: ending.signal })
        await expect(upload).rejects.toThrow('no longer wanted')
      })

      test('names a file that is not there', async () => {
        const missing = join(folder, 'none')
        await expect(store.upload('none', missing)).rejects.toThrow(missing)
      })
    })

    describe('a download', () => {
      test('asks again only for the range that was cut off', async () => {
        const content = contentOf()
        await store.put('ranges', content, 'application/octet-stream')
        proxy.fate = onFirst(
          ({ range }) => range?.startsWith(`bytes=${partBytes}-`) === true,
          'cut',
        )
        const down = join(folder, 'down')
        const digest = await store.download('ranges', down)
        expect(digest).toEqual({ sha256: sha256Of(content), bytes: content.length })
        expect((await readFile(down)).equals(content)).toBe(true)
        expect(proxy.asked.filter(({ range }) => range !== undefined)).toHaveLength(parts + 1)
      })

      test('never mixes two versions, and leaves nothing', async () => {
        await store.put('versions', contentOf(), 'application/octet-stream')
        const next = contentOf()
        let replaced: Promise<void> | undefined
        proxy.fate = async ({ range }): Promise<Fate> => {
          if (range?.startsWith('bytes=0-') === false) {
            await (replaced ??= server.store().put('versions', next, 'application/octet-stream'))
          }
          return 'pass'
        }
        await expect(store.download('versions', join(folder, 'down'))).rejects.toMatchObject({
          name: 'PreconditionFailed',
        })
        expect(await readdir(folder)).toEqual([])
      })
    })

    test('an object is removed, and removing it again is no error', async () => {
      await store.put('removed', Buffer.from('x'), 'text/plain')
      await store.remove('removed')
      await store.remove('removed')
      expect(await store.find('removed')).toBeUndefined()
    })
  },
)

/** This fate for the first request that fits; all others pass. */
function onFirst(fits: (asked: Asked) => boolean, fate: Fate) {
  let met = false
  return (asked: Asked): Fate => {
    if (met || !fits(asked)) return 'pass'
    met = true
    return fate
  }
}

/** Keys with uploads that were begun and not completed. */
async function unfinishedUploads({ endpoint }: ObjectServer): Promise<Array<string | undefined>> {
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true })
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'sky-t1' }))
  client.destroy()
  return Uploads.map(({ Key }) => Key)
}
