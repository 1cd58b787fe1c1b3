import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { percent } from '../core/report/figures.ts'
import { openObjectServer } from './object-server.ts'
import { openScriptedServer } from './scripted-server.ts'

// Four worker processes on one key of an endpoint that holds it to requests and tokens a minute:
// how much of what it allows they use, and how many of its answers are 429, once they have settled.

const { values } = parseArgs({
  options: {
    'settle-seconds': { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
  },
})
const workers = 4
const least = { share: 0.9, busy: 0.01 }

/** First the requests are what runs out, then the tokens: a request comes to about 300. */
const accounts = [
  { scarce: 'requests', requestsPerMinute: 3000, tokensPerMinute: 6_000_000 },
  { scarce: 'tokens', requestsPerMinute: 30_000, tokensPerMinute: 600_000 },
] as const

await using objects = await openObjectServer()
for (const account of accounts) {
  const { share, busy } = await measure(account)
  console.log(
    `${workers} workers, ${account.scarce} scarce: ${percent(share)} of what is allowed, ` +
      `${percent(busy)} of answers 429`,
  )
  if (share < least.share || busy >= least.busy) process.exitCode = 1
}

async function measure({ scarce, ...limits }: (typeof accounts)[number]) {
  await using scripted = await openScriptedServer(1000, limits)
  const environment = {
    ...process.env,
    ...objects.environment,
    SCRIPTED_BASE_URL: scripted.baseURL,
    // Another key for each account: one that was used before is remembered.
    SCRIPTED_API_KEY: `bench-${scarce}`,
    SCRIPTED_REQUESTS_PER_MINUTE: String(limits.requestsPerMinute),
    SCRIPTED_TOKENS_PER_MINUTE: String(limits.tokensPerMinute),
  }
  const program = join(import.meta.dirname, 'limiter/worker.ts')
  const processes = Array.from({ length: workers }, (_, number) =>
    // Of other numbers for each account: what is stored is not asked for again.
    spawn(process.execPath, [program, `${scarce.length * 100 + number}`], {
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  )
  try {
    await wait(1000 * Number(values['settle-seconds']))
    const before = await scripted.counts()
    const began = performance.now()
    await wait(1000 * Number(values.seconds))
    const after = await scripted.counts()
    const minutes = (performance.now() - began) / 60_000
    const gained = (name: string) => (after.totals[name] ?? 0) - (before.totals[name] ?? 0)
    const tokens =
      after.tokens.prompt +
      after.tokens.completion -
      before.tokens.prompt -
      before.tokens.completion
    const used =
      scarce === 'requests'
        ? gained('begun') / limits.requestsPerMinute
        : tokens / limits.tokensPerMinute
    const refused = gained('over-limit')
    return { share: used / minutes, busy: refused / Math.max(1, refused + gained('begun')) }
  } finally {
    await Promise.all(processes.map(end))
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  if (child.kill('SIGKILL')) await ended
}
