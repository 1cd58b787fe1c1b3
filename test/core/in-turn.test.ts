import { expect, test } from 'vitest'
import { inTurn } from '../../core/in-turn.ts'

test('results come in the order of the items, and no more are worked on than allowed', async () => {
  let [running, most] = [0, 0]
  const doubled = await inTurn([5, 1, 3, 2], { atOnce: 2 }, async (item) => {
    running += 1
    most = Math.max(most, running)
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve()
    running -= 1
    return 2 * item
  })
  expect([doubled, most]).toEqual([[10, 2, 6, 4], 2])
})

test('a failure stops the others, begins no more, and is thrown when all have ended', async () => {
  const ended: string[] = []
  const work = async (item: string, signal: AbortSignal) => {
    if (item === 'failing') throw new Error('it failed')
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    ended.push(item)
  }
  const works = inTurn(['slow', 'failing', 'never begun'], { atOnce: 2 }, work)
  await expect(works).rejects.toThrow('it failed')
  expect(ended).toEqual(['slow'])
})

test('an aborted signal ends it with the reason', async () => {
  const signal = AbortSignal.abort(new Error('no longer wanted'))
  const works = inTurn(['any'], { atOnce: 1, signal }, async (item) => item)
  await expect(works).rejects.toThrow('no longer wanted')
})
