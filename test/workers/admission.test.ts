import { expect, test } from 'vitest'
import { createAdmission } from '../../workers/admission.ts'

const never = new AbortController().signal

/** Proofs that end when, and as, a test says. */
function proofs() {
  const asked: Array<PromiseWithResolvers<void>> = []
  const refusals: string[] = []
  const admission = createAdmission({
    prove: () => {
      const proof = Promise.withResolvers<void>()
      asked.push(proof)
      return proof.promise
    },
    refused: ({ message }) => refusals.push(message),
    retryMs: 1,
  })
  return { asked, refusals, admission }
}

/** The proof of a number, once it is asked for. */
async function once(
  all: ReadonlyArray<PromiseWithResolvers<void>>,
  number: number,
): Promise<PromiseWithResolvers<void> | undefined> {
  await expect.poll(() => all[number], { interval: 1 }).toBeDefined()
  return all[number]
}

test('a pool whose proof fails is not admitted, and says why, until one holds', async () => {
  const { asked: all, refusals, admission } = proofs()
  let admitted = false
  const granted = admission.granted(never).then(() => (admitted = true))
  for (const number of [0, 1]) (await once(all, number))?.reject(new Error(`lack ${number}`))
  const last = await once(all, 2)
  expect({ admitted, refusals }).toEqual({ admitted: false, refusals: ['lack 0', 'lack 1'] })
  last?.resolve()
  await granted
})

test('whoever asks joins the proof under way, and is told what it found wanting', async () => {
  const { asked: all, admission } = proofs()
  const [first, second] = [admission.check(), admission.check()]
  expect(all).toHaveLength(1)
  all[0]?.reject(new Error('no bwrap'))
  await expect(first).rejects.toThrow('no bwrap')
  await expect(second).rejects.toThrow('no bwrap')
})

test('a proof that somebody at the door asked for admits the pool, too', async () => {
  const all: Array<() => Promise<void>> = [() => Promise.reject(new Error('no bwrap'))]
  const admission = createAdmission({
    prove: () => all.shift()?.() ?? Promise.resolve(),
    refused: () => void admission.check(),
    retryMs: 1_000_000,
  })
  await admission.granted(never)
  expect(all).toEqual([])
})

test('a pool that is stopped waits for no proof', async () => {
  const { admission } = proofs()
  const stopping = new AbortController()
  const granted = admission.granted(stopping.signal)
  stopping.abort(new Error('stopped'))
  await expect(granted).rejects.toThrow('stopped')
})
