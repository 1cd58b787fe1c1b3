import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { decodeRows } from '../../activities/artifacts.ts'
import type { JudgedShard } from '../../activities/judge.ts'
import { createLedgerActivities } from '../../activities/ledger.ts'
import { observeRows } from '../../activities/observe-rows.ts'
import type { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import { FailureBudgetExceededError } from '../../core/failure-budget.ts'
import { BudgetSpentError } from '../../core/money/budget-spent-error.ts'
import { EndpointFaultError, type WireReply } from '../../core/ports/chat-endpoint.ts'
import type { ObjectStore } from '../../core/ports/object-store.ts'
import { addCosts } from '../../core/tally.ts'
import { Verdict } from '../../core/verdict.ts'
import type { ProfileChanges } from '../../infra/scripted/profile.ts'
import { bucket } from '../../infra/stack/s3-server.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { exampleVerdict } from '../core/example-rows.ts'
import { openScriptedEndpoint } from '../infra/scripted/scripted-endpoint.ts'
import { endpointOf, passTime, wholeReply } from './asking.ts'
import {
  endpointAt,
  judge,
  judgeAnswers,
  judgingRecipe,
  type JudgingOrder,
  openAnswers,
  storeRuled,
} from './judging.ts'
import { MemoryStore } from './memory-store.ts'

const calm = { rateLimited: 0, serverError: 0, cutStream: 0, stall: 0, retryAfterSeconds: 0 }

const openJudge = (changes: ProfileChanges = {}, latencyMs = 0) =>
  openScriptedEndpoint({ judge: { unreadable: 0 }, faults: calm, ...changes }, latencyMs)
type Endpoint = Awaited<ReturnType<typeof openJudge>>

const served = ({ counts }: Endpoint) => counts.report().totals['completed'] ?? 0

async function verdictsOf(store: ObjectStore, { verdicts }: JudgedShard): Promise<Verdict[]> {
  return decodeRows(await store.get(verdicts), Verdict, verdicts)
}

describe('a judge at the scripted endpoint', () => {
  let store: MemoryStore
  beforeEach(() => {
    store = new MemoryStore()
  })

  test('decides what the rules leave open, marked, counted and priced; the rest stays as it is', async () => {
    await using scripted = await openJudge()
    const shard = openAnswers(6)
    const verdicts = shard.verdicts.map((verdict, at) =>
      at < 2 ? exampleVerdict(shard.traces[at] ?? { id: '', problemId: '', index: 0 }) : verdict,
    )
    const order = await storeRuled(store, { ...shard, verdicts }, judgingRecipe)
    const judged = await judge(order, { store, endpoint: endpointAt(scripted.url) })
    const rows = await verdictsOf(store, judged)
    expect(rows.slice(0, 2)).toEqual(verdicts.slice(0, 2))
    expect(rows.slice(2).map(({ outcome, reason, tier }) => [outcome, reason, tier])).toEqual([
      ['accepted', 'equal', 'judge'],
      ['wrong', 'different', 'judge'],
      ['accepted', 'equal', 'judge'],
      ['wrong', 'different', 'judge'],
    ])
    expect(rows[2]?.judged).toMatchObject({
      verdict: 'equal',
      said: expect.stringContaining('north of house 2'),
      rule: { outcome: 'undecided', reason: 'unparsable-answer', tier: 'math-verify' },
    })
    expect(judged.counts).toEqual({ judged: 4, 'judged/equal': 2, 'judged/different': 2, asked: 4 })
    const { tokens } = scripted.counts.report()
    expect(judged.cost).toEqual({
      requests: 4,
      promptTokens: tokens.prompt,
      completionTokens: tokens.completion,
      dollars: expect.closeTo((tokens.prompt + 2 * tokens.completion) / 1e6, 9),
    })
    // Where the ledger looks, and the raw reply of every verdict.
    for (const { judged: found } of rows.slice(2)) {
      const digest = found?.request ?? ''
      expect([...store.objects.keys()]).toContain(`replies/${digest.slice(0, 2)}/${digest}.gz`)
    }
  })

  test('is asked nothing again: not by a second run, nor where the sealed shard was lost', async () => {
    await using scripted = await openJudge()
    const order = await storeRuled(store, openAnswers(8), judgingRecipe)
    const deps = { store, endpoint: endpointAt(scripted.url) }
    const first = await judge(order, deps)
    const bytes = store.objects.get(first.verdicts)
    expect(await judge({ ...order, account: 'another/run' }, deps)).toEqual({
      ...first,
      reused: true,
    })
    for (const key of store.objects.keys()) {
      if (key.startsWith('stages/')) store.objects.delete(key)
    }
    expect(await judge(order, deps)).toEqual(first)
    expect(store.objects.get(first.verdicts)).toEqual(bytes)
    expect(served(scripted)).toBe(8)
  })

  test('that talks instead is asked once more, and then leaves the rules’ verdict', async () => {
    await using scripted = await openJudge({ judge: { unreadable: 0.3 } })
    const recipe = { ...judgingRecipe, failureBudget: { sourceRows: 0.5, replies: 1 } }
    const order = await storeRuled(store, openAnswers(40), recipe)
    const judged = await judge(order, { store, endpoint: endpointAt(scripted.url) })
    const rows = await verdictsOf(store, judged)
    const left = rows.filter(({ tier }) => tier !== 'judge')
    expect(left.length).toBeGreaterThan(0)
    expect(left.length).toBeLessThan(15)
    for (const { outcome, reason, judged: found } of left) {
      expect([outcome, reason]).toEqual(['undecided', 'unparsable-answer'])
      expect(found).toMatchObject({ verdict: 'undecided', reason: 'unreadable', said: null })
    }
    expect(judged.counts['judged/undecided']).toBe(left.length)
    expect(judged.counts['asked']).toBe(served(scripted))
    expect(judged.counts['unusable/unreadable']).toBe(served(scripted) - rows.length + left.length)
  })

  test('that gives no verdict more often than the recipe allows stops the stage', async () => {
    await using scripted = await openJudge({ judge: { unreadable: 1 } })
    const order = await storeRuled(store, openAnswers(10), judgingRecipe)
    const work = judge(order, { store, endpoint: endpointAt(scripted.url) })
    const failure = await failureOf(work)
    expect(failure).toBeInstanceOf(FailureBudgetExceededError)
    expect(failure.message).toContain('endpoint scripted: 20 of 20 requests failed')
    expect(failure.message).toContain('unreadable (20)')
  })

  test('costs an estimate’s rows what it was paid for them, both askings', async () => {
    await using scripted = await openJudge({ judge: { unreadable: 0.3 } })
    const recipe = { ...judgingRecipe, failureBudget: { sourceRows: 0.5, replies: 1 } }
    const shard = openAnswers(20)
    const order = await storeRuled(store, shard, recipe)
    const judged = await judge(order, { store, endpoint: endpointAt(scripted.url) })
    const verdicts = await verdictsOf(store, judged)
    const rows = { ...shard, verdicts, responses: [], deadLetters: [] }
    const observed = await observeRows(rows, { store, recipe })
    expect(judged.cost.requests).toBeGreaterThan(20)
    expect(addCosts(observed.flatMap(({ costs }) => costs.verify ?? []))).toEqual(judged.cost)
  })

  test('is not asked where no answer is open', async () => {
    await using scripted = await openJudge()
    const shard = openAnswers(3)
    const verdicts = shard.traces.map((trace) => exampleVerdict(trace))
    const order = await storeRuled(store, { ...shard, verdicts }, judgingRecipe)
    const judged = await judge(order, { store, endpoint: endpointAt(scripted.url) })
    expect(await verdictsOf(store, judged)).toEqual(verdicts)
    expect(judged.counts).toEqual({ judged: 0, asked: 0 })
    expect(served(scripted)).toBe(0)
  })

  test('is paid from the run’s account as part of verifying, up to its budget; raised, it goes on', async () => {
    await using scripted = await openJudge()
    const order = await storeRuled(store, openAnswers(30), {
      ...judgingRecipe,
      budgetDollars: 0.01,
    })
    const deps = { store, endpoint: endpointAt(scripted.url) }
    const account = 'poor/first'
    expect(await failureOf(judge({ ...order, account }, deps))).toBeInstanceOf(BudgetSpentError)
    const before = served(scripted)
    expect(before).toBeGreaterThan(3)
    expect(before).toBeLessThan(30)
    const ledger = createLedgerActivities({ store })
    await ledger.raiseBudget({ account, dollars: 1 })
    const judged = await judge({ ...order, account }, deps)
    expect(served(scripted)).toBe(30)
    const { paid } = await ledger.settleAccount(account)
    expect(paid).toMatchObject([{ stage: 'verify', model: 'scripted-judge', requests: 30 }])
    expect(addCosts(paid).dollars).toBeCloseTo(judged.cost.dollars, 9)
  })
})

describe('a judge that is away', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('is tried again and again, then fails the attempt; what was paid for is found by the next', async () => {
    const store = new MemoryStore()
    const order = await storeRuled(store, openAnswers(4), judgingRecipe)
    const sent: string[] = []
    let isBack = false
    const endpoint = endpointOf(async ({ messages }) => {
      const question = messages.at(-1)?.content ?? ''
      sent.push(question)
      if (!isBack && !question.includes('crossing 0')) {
        throw new EndpointFaultError('the endpoint is down', { unsent: true })
      }
      return spoken()
    })
    const failure = await failureOf(passTime(judge(order, { store, endpoint })))
    expect(failure).toBeInstanceOf(EndpointFaultError)
    expect(sent.length).toBeGreaterThan(6)
    isBack = true
    sent.length = 0
    const judged = await passTime(judge(order, { store, endpoint }))
    expect(judged.counts).toMatchObject({ judged: 4, 'judged/equal': 4 })
    expect(sent).toHaveLength(3)
    expect(sent.some((question) => question.includes('crossing 0'))).toBe(false)
  })
})

function spoken(): WireReply {
  const { body, ...reply } = wholeReply('Reason: the same way.\nVerdict: equal')
  const text = new TextDecoder().decode(body).replace('"length"', '"stop"')
  return { ...reply, body: new TextEncoder().encode(text) }
}

describe.skipIf(objectServerProgram === undefined)(
  'a worker that judges and is killed (versitygw: SKY_T1_VERSITYGW)',
  () => {
    let server: ObjectServer
    let store: S3ObjectStore
    beforeAll(async () => {
      server = await ObjectServer.start()
      store = server.store()
    })
    afterAll(() => server[Symbol.asyncDispose]())

    test('loses no reply that was stored, and the next gives the same verdicts', async () => {
      await using scripted = await openJudge({}, 60)
      const s3 = { bucket, region: 'us-east-1', endpoint: server.endpoint }
      const order: JudgingOrder = { url: scripted.url, account: 'killed/first', answers: 40, s3 }
      const kills = [6, 18]
      for (const replies of kills) {
        await killAfter(order, () => served(scripted) >= replies)
      }
      const stored = await countReplies(store)
      expect(stored).toBeGreaterThan(0)
      expect(stored).toBeLessThan(40)
      const before = served(scripted)
      const judged = await judgeAnswers(order, store)
      expect(served(scripted) - before).toBeLessThanOrEqual(40 - stored)
      expect(await countReplies(store)).toBe(40)
      const untouched = new MemoryStore()
      await using fresh = await openJudge()
      const whole = await judgeAnswers({ ...order, url: fresh.url }, untouched)
      expect(await store.get(judged.verdicts)).toEqual(untouched.objects.get(whole.verdicts))
      const { paid } = await createLedgerActivities({ store }).settleAccount(order.account)
      expect(addCosts(paid).requests).toBe(40)
    })
  },
)

async function countReplies(store: ObjectStore): Promise<number> {
  let replies = 0
  for await (const _ of store.list('replies/')) replies += 1
  return replies
}

/** Lets a process of its own judge until it is killed. */
async function killAfter(order: JudgingOrder, enough: () => boolean): Promise<void> {
  const program = new URL('judging.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await expect.poll(enough, { timeout: 60_000, interval: 5 }).toBe(true)
  child.kill('SIGKILL')
  await ended
}
