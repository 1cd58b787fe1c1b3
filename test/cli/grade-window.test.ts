import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { inOrder } from '../../cli/grade-window.ts'

const bounds = { items: 4, size: 1000, sizeOf: () => 1 }

/** Results that are given when they are told to be, and what was asked for so far. */
function works() {
  const asked: number[] = []
  const waiting = new Map<number, PromiseWithResolvers<string>>()
  const of = (item: number) => {
    const work = waiting.get(item) ?? Promise.withResolvers<string>()
    waiting.set(item, work)
    return work
  }
  const work = (item: number) => {
    asked.push(item)
    return of(item).promise
  }
  return { asked, work, finish: (item: number) => of(item).resolve(`result ${item}`), of }
}

async function* upTo(last: number): AsyncGenerator<number> {
  for (let item = 1; item <= last; item += 1) yield item
}

async function* broken(): AsyncGenerator<number> {
  yield 1
  throw new Error('cannot be read')
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

describe('results in order', () => {
  it('keep the order of their items, whichever is ready first', async () => {
    const { work, finish } = works()
    for (const item of [3, 1, 5, 4, 2]) finish(item)
    expect(await all(inOrder(upTo(5), work, bounds))).toEqual(
      [1, 2, 3, 4, 5].map((item) => `result ${item}`),
    )
  })

  it('are given before more items come', async () => {
    const items = new PassThrough({ objectMode: true })
    const { work, finish } = works()
    finish(1)
    finish(2)
    const results = inOrder<number, string>(items, work, bounds)
    items.write(1)
    expect(await results.next()).toEqual({ done: false, value: 'result 1' })
    items.write(2)
    expect(await results.next()).toEqual({ done: false, value: 'result 2' })
    items.end()
    expect((await results.next()).done).toBe(true)
  })

  it('are of no more items at once than there is room for', async () => {
    const { work, finish, asked } = works()
    finish(1)
    const results = inOrder(upTo(10), work, bounds)
    await results.next()
    await new Promise(setImmediate)
    // The first still counts: what is made of it may not have been written yet.
    expect(asked).toEqual([1, 2, 3, 4])
    finish(2)
    await results.next()
    await new Promise(setImmediate)
    expect(asked).toEqual([1, 2, 3, 4, 5])
    for (let item = 3; item <= 10; item += 1) finish(item)
    expect(await all(results)).toHaveLength(8)
  })

  it('are of one item at a time where each fills the room', async () => {
    const { work, finish, asked } = works()
    const results = inOrder(upTo(3), work, { items: 100, size: 10, sizeOf: () => 11 })
    finish(1)
    await results.next()
    await new Promise(setImmediate)
    expect(asked).toEqual([1])
    finish(2)
    finish(3)
    expect(await all(results)).toEqual(['result 2', 'result 3'])
  })

  it('end with a failure when its turn comes', async () => {
    const { work, finish, of } = works()
    of(2).reject(new Error('no grader'))
    finish(1)
    const results = inOrder(upTo(3), work, bounds)
    expect((await results.next()).value).toBe('result 1')
    await expect(results.next()).rejects.toThrow('no grader')
  })

  it('end with what is wrong with the input after all that was read', async () => {
    const { work, finish } = works()
    finish(1)
    const results = inOrder(broken(), work, bounds)
    expect((await results.next()).value).toBe('result 1')
    await expect(results.next()).rejects.toThrow('cannot be read')
  })
})
