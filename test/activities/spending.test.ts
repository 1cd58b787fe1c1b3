import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLedgerActivities } from '../../activities/ledger.ts'
import { findRawReply } from '../../activities/stored-replies.ts'
import type { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import { BudgetSpentError } from '../../core/money/budget-spent-error.ts'
import type { Ledger } from '../../core/money/ledger.ts'
import { readReply } from '../../core/read-reply.ts'
import { requestDigest } from '../../core/response.ts'
import { addCosts } from '../../core/tally.ts'
import type { ProfileChanges } from '../../infra/scripted/profile.ts'
import { bucket } from '../../infra/stack/s3-server.ts'
import { failureOf } from '../adapters/chat-server.ts'
import { ObjectServer, objectServerProgram } from '../adapters/object-server.ts'
import { openScriptedEndpoint } from '../infra/scripted/scripted-endpoint.ts'
import { shardRequests, spend, type SpendingOrder } from './spender.ts'

const calm = { rateLimited: 0, serverError: 0, cutStream: 0, stall: 0, retryAfterSeconds: 0 }
const faulty = { ...calm, rateLimited: 0.1, serverError: 0.1, cutStream: 0.15 }

const openTeacher = (faults: ProfileChanges['faults'] = {}, latencyMs = 0) =>
  openScriptedEndpoint({ faults: { ...calm, ...faults } }, latencyMs)
type Teacher = Awaited<ReturnType<typeof openTeacher>>

/** What the endpoint says that it was asked for and paid. */
function served({ counts }: Teacher) {
  const { totals, tokens } = counts.report()
  return {
    requests: totals['completed'] ?? 0,
    uncounted: (totals['cut-stream'] ?? 0) + (totals['left'] ?? 0),
    promptTokens: tokens.prompt,
    completionTokens: tokens.completion,
  }
}

/** Dollars of the endpoint's own count, at the example recipe's prices. */
function billed(teacher: Teacher): number {
  const { promptTokens, completionTokens } = served(teacher)
  return (promptTokens * 1 + completionTokens * 2) / 1e6
}

describe.skipIf(objectServerProgram === undefined)(
  'the account of a run, with the scripted endpoint and versitygw (SKY_T1_VERSITYGW)',
  () => {
    let server: ObjectServer
    let store: S3ObjectStore
    let runs = 0
    beforeAll(async () => {
      server = await ObjectServer.start()
      store = server.store()
    })
    afterAll(() => server[Symbol.asyncDispose]())

    function newOrder(teacher: Teacher, changes: Partial<SpendingOrder> = {}): SpendingOrder {
      runs += 1
      const { endpoint } = server
      return {
        account: `run-${runs}/first`,
        baseURL: `${teacher.url}/v1`,
        s3: { bucket, region: 'us-east-1', endpoint },
        requests: 60,
        seed: runs,
        inFlight: 8,
        budgetDollars: null,
        ...changes,
      }
    }

    const settled = ({ account }: SpendingOrder) =>
      createLedgerActivities({ store }).settleAccount(account)

    /** What the replies that are stored used. */
    async function stored(order: SpendingOrder) {
      const digests = shardRequests(order).map((request) => requestDigest(request))
      const found = await Promise.all(
        digests.map(async (digest) => {
          const tries = []
          for (let attempt = 1; ; attempt++) {
            const raw = await findRawReply(store, digest, attempt)
            if (raw === undefined) return tries
            tries.push(readReply(raw))
          }
        }),
      )
      const usages = found.flat().map((obtained) => (obtained.reply ?? obtained).usage)
      return addCosts(usages.map((usage) => ({ ...usage, dollars: 0, requests: 1 })))
    }

    test('equals the endpoint’s own count to the token, whatever faults it had', async () => {
      await using teacher = await openTeacher(faulty)
      const order = newOrder(teacher)
      await spend(order, store)
      const { paid, unconfirmed, reservedDollars } = await settled(order)
      const { requests, promptTokens, completionTokens, uncounted } = served(teacher)
      const purpose = {
        stage: 'sample',
        endpoint: 'scripted',
        model: 'scripted-teacher',
        via: 'online',
      }
      expect(paid).toEqual([
        {
          ...purpose,
          requests,
          promptTokens,
          completionTokens,
          dollars: expect.closeTo(billed(teacher), 9),
        },
      ])
      expect(uncounted).toBeGreaterThan(0)
      expect(unconfirmed).toMatchObject([{ ...purpose, requests: uncounted }])
      expect(reservedDollars).toBe(0)
    })

    test('holds only what its run asked for itself: what another run paid is found at no cost', async () => {
      await using teacher = await openTeacher()
      const first = newOrder(teacher, { requests: 20 })
      await spend(first, store)
      const second = { ...first, account: 'another/first', requests: 30 }
      await spend(second, store)
      const [one, other] = [await settled(first), await settled(second)]
      expect(addCosts(one.paid).requests).toBe(20)
      expect(addCosts(other.paid).requests).toBe(10)
      const { promptTokens, completionTokens } = served(teacher)
      expect(addCosts([...one.paid, ...other.paid])).toMatchObject({
        promptTokens,
        completionTokens,
      })
      await spend(second, store)
      expect(await settled(second)).toEqual(other)
    })

    test('holds less than its budget, and goes on where it stood when that is raised', async () => {
      await using teacher = await openTeacher(faulty, 20)
      const whole = newOrder(teacher, { account: 'whole/first' })
      const budgetDollars = 0.012
      const order = { ...whole, account: 'poor/first', budgetDollars }
      const failure = await failureOf(spend(order, store))
      expect(failure).toBeInstanceOf(BudgetSpentError)
      expect(failure.message).toMatch(
        /^the budget is spent: of \$0\.012, \$0\.\d+ is paid, .*; the next request may cost \$0\.00\d+$/,
      )
      expect(billed(teacher)).toBeLessThanOrEqual(budgetDollars)
      const before = await settled(order)
      const { requests } = addCosts(before.paid)
      expect(requests).toBeGreaterThan(5)
      // Nothing that was paid for was cut off: what the endpoint served is stored.
      expect(requests).toBe(served(teacher).requests)
      await createLedgerActivities({ store }).raiseBudget({ account: order.account, dollars: 1 })
      await spend(order, store)
      expect(addCosts((await settled(order)).paid)).toMatchObject(await paidTokens(order))
      expect(served(teacher).requests).toBe(order.requests)
    })

    async function paidTokens(order: SpendingOrder) {
      const { promptTokens, completionTokens } = await stored(order)
      return { promptTokens, completionTokens, requests: order.requests }
    }

    test('is shared: shards that spend at once stay within it together', async () => {
      await using teacher = await openTeacher({}, 20)
      const budgetDollars = 0.02
      const order = newOrder(teacher, { account: 'shared/first', budgetDollars })
      const shards = [1, 2, 3, 4].map((shard) => ({ ...order, seed: order.seed + 100 * shard }))
      const ends = await Promise.allSettled(shards.map((shard) => spend(shard, store)))
      expect(ends.map(({ status }) => status)).toContain('rejected')
      expect(billed(teacher)).toBeLessThanOrEqual(budgetDollars)
      // Nearly all of it is used before the run parks: less than another request is left.
      const { paid } = await settled(order)
      expect(addCosts(paid).dollars).toBeGreaterThan(budgetDollars - 0.004)
    })

    test('after kills differs from the endpoint’s count by the replies that were on their way, and says so', async () => {
      await using teacher = await openTeacher({}, 60)
      const order = newOrder(teacher)
      // Eight in flight, and four whose replies may be on their way to the store.
      const open = 12
      const kills = [5, 20, 35]
      for (const replies of kills) {
        await killAfter(order, () => served(teacher).requests >= replies)
        await settled(order)
      }
      await spend(order, store)
      const { paid, unconfirmed }: Ledger = await settled(order)
      // What is paid is what is stored, each request once.
      expect(addCosts(paid)).toMatchObject(await paidTokens(order))
      // What the endpoint counted beyond that is what the kills lost, and no more than was in flight.
      const { requests, uncounted, completionTokens } = served(teacher)
      const lost = requests + uncounted - order.requests
      expect(lost).toBeLessThanOrEqual(addCosts(unconfirmed).requests)
      expect(addCosts(unconfirmed).requests).toBeLessThanOrEqual(kills.length * open)
      expect(completionTokens).toBeLessThanOrEqual(
        addCosts([...paid, ...unconfirmed]).completionTokens,
      )
    })
  },
)

/** Lets a process of its own pay for replies until it is killed. */
async function killAfter(order: SpendingOrder, enough: () => boolean): Promise<void> {
  const program = new URL('spender.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await expect.poll(enough, { timeout: 60_000, interval: 5 }).toBe(true)
  child.kill('SIGKILL')
  await ended
}
