import { beforeEach, describe, expect, test } from 'vitest'
import { readRows, writeRows } from '../../activities/artifacts.ts'
import { createVault } from '../../activities/gated-vault.ts'
import { z } from 'zod'
import { failureOf } from '../adapters/chat-server.ts'
import { exampleBenchmark } from '../core/example-benchmark.ts'
import { shelves } from '../../workers/recipe-shelf.ts'
import { Benchmark } from '../../core/benchmarks/benchmark.ts'
import { MemoryStore } from './memory-store.ts'

const secret = 'a secret of thirty-two characters'
const Row = z.strictObject({ prompt: z.string() })
const rows = [{ prompt: 'a question that nobody may read' }]

let store: MemoryStore
let gated: Benchmark
beforeEach(async () => {
  store = new MemoryStore()
  gated = Benchmark.parse(await shelves.benchmarks('gpqa-diamond'))
})

describe('what is kept of a gated set', () => {
  test('is read again with the secret, and stands nowhere in clear', async () => {
    const vault = createVault(store, secret)
    const kept = vault(gated)
    await kept.put('plain.txt', new TextEncoder().encode(rows[0]?.prompt), 'text/plain')
    const ref = await writeRows(kept, 'rows.jsonl.gz', rows)
    expect(await readRows(kept, ref, Row)).toEqual(rows)
    expect(await failureOf(readRows(store, ref, Row))).toBeInstanceOf(Error)
    const stored = [...store.objects.values()].map((bytes) => Buffer.from(bytes).toString('latin1'))
    expect(stored.join('')).not.toContain('question')
  })

  test('is sealed to the same bytes when it is written again', async () => {
    const kept = createVault(store, secret)(gated)
    const written = async () => {
      await writeRows(kept, 'rows.jsonl.gz', rows)
      return Buffer.from(await store.get('rows.jsonl.gz')).toString('hex')
    }
    expect(await written()).toBe(await written())
  })

  test.each([
    ['another secret', async (ref: string) => createVault(store, `${secret}!`)(gated).get(ref)],
    [
      'damage',
      async (ref: string) => {
        const bytes = await store.get(ref)
        await store.put(ref, bytes.with(20, (bytes[20] ?? 0) ^ 1))
        return createVault(store, secret)(gated).get(ref)
      },
    ],
  ])('is refused with %s, and named', async (_, read) => {
    await createVault(store, secret)(gated).put('it', new Uint8Array(40), 'x')
    const failure = await failureOf(read('it'))
    expect(failure.name).toBe('CorruptObjectError')
    expect(failure.message).toContain('s3://sky-t1/it cannot be opened')
  })

  test('leaves by no link and no file', async () => {
    const kept = createVault(store, secret)(gated)
    await expect(kept.presign('get', 'it', 1)).rejects.toThrow('neither linked to')
    await expect(kept.download('it', '/nowhere')).rejects.toThrow('neither linked to')
  })
})

test('a gated benchmark is refused by its name where there is no secret, and others are not', () => {
  const vault = createVault(store, undefined)
  expect(() => vault(gated)).toThrow('benchmark gpqa-diamond: its set is gated')
  expect(vault(exampleBenchmark)).toBe(store)
})

test('nothing of an open benchmark is sealed', () => {
  expect(createVault(store, secret)(exampleBenchmark)).toBe(store)
})
