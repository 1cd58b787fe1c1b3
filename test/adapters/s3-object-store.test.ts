import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import getPort from 'get-port'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  ObjectMissingError,
  ObjectStoreUnavailableError,
  S3ObjectStore,
} from '../../adapters/s3-object-store.ts'
import { actAs, ObjectServer, objectServerProgram } from './object-server.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes)

async function keysOf(store: S3ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const key of store.list(prefix)) keys.push(key)
  return keys
}

async function refusal(store: S3ObjectStore): Promise<string> {
  const error: unknown = await store.check().catch((cause: unknown) => cause)
  if (error instanceof ObjectStoreUnavailableError) return error.message
  throw new Error('the check did not refuse', { cause: error })
}

describe.skipIf(objectServerProgram === undefined)(
  'the object store over versitygw (SKY_T1_VERSITYGW)',
  () => {
    let server: ObjectServer
    let store: S3ObjectStore
    let folder: string

    beforeAll(async () => {
      server = await ObjectServer.start()
      store = server.store()
    })
    afterAll(() => server[Symbol.asyncDispose]())
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sky-t1-files-'))
    })
    afterEach(() => rm(folder, { recursive: true }))

    describe('an object', () => {
      test('is what was put, byte for byte, and the last put counts', async () => {
        const bytes = Uint8Array.from({ length: 256 }, (_, value) => value)
        await store.put('objects/one', bytesOf('before'), 'text/plain')
        await store.put('objects/one', bytes, 'application/octet-stream')
        expect(Buffer.from(await store.get('objects/one')).equals(bytes)).toBe(true)
      })

      test('may be empty', async () => {
        await store.put('objects/empty', new Uint8Array(), 'text/plain')
        expect(await store.get('objects/empty')).toHaveLength(0)
        expect(await store.find('objects/empty')).toHaveLength(0)
      })

      test('that is not there is not found, and getting it names it', async () => {
        expect(await store.find('objects/none')).toBeUndefined()
        const getting = store.get('objects/none')
        await expect(getting).rejects.toThrow(ObjectMissingError)
        await expect(getting).rejects.toThrow('nothing stands at s3://sky-t1/objects/none')
      })

      test('is created once: of many at a time one wins, and its bytes stay', async () => {
        const attempts = ['a', 'b', 'c', 'd', 'e'].map(async (text) => ({
          text,
          created: await store.create('objects/once', bytesOf(text), 'text/plain'),
        }))
        const winners = (await Promise.all(attempts)).filter(({ created }) => created)
        expect(winners).toHaveLength(1)
        expect(await store.create('objects/once', bytesOf('late'), 'text/plain')).toBe(false)
        expect(textOf(await store.get('objects/once'))).toBe(winners[0]?.text)
      })

      test('is replaced where the version that was read still stands', async () => {
        expect(await store.findVersioned('objects/swapped')).toBeUndefined()
        const first = await store.replace('objects/swapped', bytesOf('1'), undefined)
        expect(await store.replace('objects/swapped', bytesOf('late'), undefined)).toBeUndefined()
        expect(await store.findVersioned('objects/swapped')).toMatchObject({ etag: first })
        const second = await store.replace('objects/swapped', bytesOf('2'), first)
        expect(second).toBeDefined()
        expect(await store.replace('objects/swapped', bytesOf('stale'), first)).toBeUndefined()
        expect(textOf(await store.get('objects/swapped'))).toBe('2')
        expect(await store.replace('objects/nowhere', bytesOf('x'), second)).toBeUndefined()
      })

      test('counts right where many replace it at once', async () => {
        const increase = async (): Promise<void> => {
          const found = await store.findVersioned('objects/counter')
          const count = Number(textOf(found?.bytes) ?? 0) + 1
          const won = await store.replace('objects/counter', bytesOf(String(count)), found?.etag)
          if (won === undefined) await increase()
        }
        await Promise.all(Array.from({ length: 12 }, increase))
        expect(textOf(await store.get('objects/counter'))).toBe('12')
      })

      test.each(['a b+c&d=e.json', 'é\u{1F600}/x', 'run:1/@2', "it's (fine)"])(
        'may be called %j',
        async (name) => {
          await store.put(`names/${name}`, bytesOf(name), 'text/plain')
          expect(textOf(await store.get(`names/${name}`))).toBe(name)
          const link = await store.presign('get', `names/${name}`, 60)
          expect(await (await fetch(link)).text()).toBe(name)
        },
      )
    })

    describe('a listing', () => {
      test('names every key under the prefix, in order, over many pages', async () => {
        const keys = Array.from({ length: 1003 }, (_, at) => `many/${String(at).padStart(5, '0')}`)
        await Promise.all(keys.map((key) => store.put(key, bytesOf('x'), 'text/plain')))
        await store.put('many-others', bytesOf('x'), 'text/plain')
        expect(await keysOf(store, 'many/')).toEqual(keys)
      })

      test('goes into folders, and is empty where nothing stands', async () => {
        await store.put('nights/2/a.json', bytesOf('x'), 'text/plain')
        await store.put('nights/1.json', bytesOf('x'), 'text/plain')
        expect(await keysOf(store, 'nights/')).toEqual(['nights/1.json', 'nights/2/a.json'])
        expect(await keysOf(store, 'nowhere/')).toEqual([])
      })
    })

    describe('a file', () => {
      test('goes up and comes down the same, in several parts where it is large', async () => {
        const bytes = Buffer.alloc(11 * 1024 * 1024, 'sky-t1 ')
        await writeFile(join(folder, 'up'), bytes)
        await store.upload('files/large', join(folder, 'up'))
        await store.download('files/large', join(folder, 'deep', 'down'))
        expect((await readFile(join(folder, 'deep', 'down'))).equals(bytes)).toBe(true)
      })

      test('may be empty', async () => {
        await writeFile(join(folder, 'up'), '')
        await store.upload('files/empty', join(folder, 'up'))
        await store.download('files/empty', join(folder, 'down'))
        expect(await readFile(join(folder, 'down'), 'utf8')).toBe('')
      })

      test.each([
        ['small', 1000],
        ['large', 11 * 1024 * 1024],
      ])(
        'that is %s goes up with a checksum, which the server compares and keeps',
        async (name, size) => {
          await writeFile(join(folder, 'up'), Buffer.alloc(size, 'sky-t1 '))
          await store.upload(`files/summed-${name}`, join(folder, 'up'))
          const { endpoint } = server
          const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true })
          const asked = {
            Bucket: 'sky-t1',
            Key: `files/summed-${name}`,
            ChecksumMode: 'ENABLED',
          } as const
          const { ChecksumCRC32 } = await client.send(new HeadObjectCommand(asked))
          expect(ChecksumCRC32).toMatch(/^[\w+/]{6}==/)
          client.destroy()
        },
      )

      test('that is not there is named, and leaves nothing', async () => {
        const downloading = store.download('files/none', join(folder, 'down'))
        await expect(downloading).rejects.toThrow(ObjectMissingError)
        await expect(downloading).rejects.toThrow('s3://sky-t1/files/none')
        expect(await readdir(folder)).toEqual([])
      })
    })

    describe('a link', () => {
      test('lets its holder read one object without a credential', async () => {
        await store.put('links/read', bytesOf('content'), 'text/plain')
        const reply = await fetch(await store.presign('get', 'links/read', 60))
        expect([reply.status, await reply.text()]).toEqual([200, 'content'])
      })

      test('lets its holder write one object', async () => {
        const link = await store.presign('put', 'links/written', 60)
        const reply = await fetch(link, { method: 'PUT', body: bytesOf('content') })
        expect(reply.status).toBe(200)
        expect(textOf(await store.get('links/written'))).toBe('content')
      })

      test.each<[string, (link: string) => string]>([
        ['another object', (link) => link.replace('links/read', 'links/written')],
        ['a longer time', (link) => link.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000')],
        ['another signature', (link) => link.replace(/(X-Amz-Signature=)\w/, '$1x')],
        ['no signature', (link) => link.split('?')[0] ?? ''],
      ])('that was changed to %s is refused', async (_, tamper) => {
        await store.put('links/read', bytesOf('content'), 'text/plain')
        const link = tamper(await store.presign('get', 'links/read', 60))
        expect((await fetch(link)).status).toBe(403)
      })

      test('to read is none to write', async () => {
        const link = await store.presign('get', 'links/read', 60)
        expect((await fetch(link, { method: 'PUT', body: 'x' })).status).toBe(403)
      })

      test('that has expired is refused', async () => {
        await store.put('links/read', bytesOf('content'), 'text/plain')
        const link = await store.presign('get', 'links/read', 0)
        await expect.poll(async () => (await fetch(link)).status).toBe(403)
      })
    })

    describe('the check', () => {
      test('lets a bucket through that can be written and read', async () => {
        await expect(store.check()).resolves.toBeUndefined()
      })

      const mend = /; check S3_ENDPOINT, S3_BUCKET and the AWS credentials in the environment$/

      afterEach(() => actAs(server.credentials))

      test('names a bucket that is not there', async () => {
        const message = await refusal(server.store({ bucket: 'no-such-bucket' }))
        expect(message).toMatch(/^S3_BUCKET: bucket no-such-bucket at http:\S+ cannot be/)
        expect(message).toMatch(mend)
      })

      test('names a bucket that the account is denied, and holds no secret', async () => {
        const stranger = await server.addStranger()
        actAs(stranger)
        const message = await refusal(server.store())
        expect(message).toMatch(/^S3_BUCKET: bucket sky-t1 at .* \(AccessDenied: [^\n]*\)/)
        expect(message).toMatch(mend)
        expect(message).not.toContain(stranger.secretAccessKey)
      })

      test('names the bucket where the secret is wrong, and does not repeat it', async () => {
        const secretAccessKey = 'a-wrong-secret-that-nobody-should-read'
        actAs({ ...server.credentials, secretAccessKey })
        const message = await refusal(server.store())
        expect(message).toMatch(/^S3_BUCKET: bucket sky-t1 at .* \(SignatureDoesNotMatch: [^\n]*\)/)
        expect(message).not.toContain(secretAccessKey)
      })

      test('names the bucket where no server answers, and what was tried', async () => {
        const endpoint = `http://127.0.0.1:${await getPort()}`
        const nowhere = new S3ObjectStore({ bucket: 'sky-t1', region: 'us-east-1', endpoint })
        const message = await refusal(nowhere)
        expect(message).toContain(`S3_BUCKET: bucket sky-t1 at ${endpoint} cannot be`)
        expect(message).toContain('ECONNREFUSED')
        expect(message).toMatch(mend)
        expect(message).not.toContain('\n')
      })
    })
  },
)

test('a download that is cut off leaves nothing, neither whole nor in part', async () => {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-length': '100', etag: '"version"' })
    if (request.method === 'HEAD') response.end()
    else response.write('half', () => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const folder = await mkdtemp(join(tmpdir(), 'sky-t1-files-'))
  try {
    actAs({ accessKeyId: 'any', secretAccessKey: 'any' })
    const bound = server.address()
    const port = typeof bound === 'object' ? bound?.port : undefined
    const endpoint = `http://127.0.0.1:${port}`
    const address = { bucket: 'sky-t1', region: 'us-east-1', endpoint }
    const store = new S3ObjectStore(address, { transferRetries: 1 })
    await expect(store.download('cut', join(folder, 'down'))).rejects.toThrow('aborted')
    expect(await readdir(folder)).toEqual([])
  } finally {
    server.close()
    await rm(folder, { recursive: true })
  }
})
