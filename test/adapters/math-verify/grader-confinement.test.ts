import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createComparisonPool } from '../../../adapters/math-verify/comparison-pool.ts'
import { graderCommands } from '../../../adapters/math-verify/grader-command.ts'
import type { MathGrader } from '../../../core/ports/math-grader.ts'

// What an answer could do if a library ran it as code: the grader's own program, with a comparison
// that does what the answer names.

const python = process.env['SKY_T1_GRADER_PYTHON']
const bwrap = process.env['SKY_T1_BWRAP'] ?? '/usr/bin/bwrap'
const grader = fileURLToPath(new URL('../../../infra/grader/', import.meta.url))
const hostile = fileURLToPath(new URL('hostile_equality.py', import.meta.url))

/** Listens on the host's loopback, and tells whether anyone came. */
async function listen() {
  let visitors = 0
  const server = createServer((socket) => {
    visitors += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return { address: `127.0.0.1:${port}`, visitors: () => visitors, server }
}

async function reasonsFor(pool: MathGrader, answers: readonly string[]) {
  const comparisons = await Promise.all(
    answers.map((answer) => pool.compare({ reference: '', answer })),
  )
  return comparisons.map(({ reason }) => reason)
}

describe.skipIf(python === undefined)('the grader’s Python (needs SKY_T1_GRADER_PYTHON)', () => {
  let folder: string
  let secret: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'grader-'))
    await chmod(folder, 0o755) // The grader reads it as nobody.
    secret = join(tmpdir(), `secret-${process.pid}`)
    await writeFile(secret, 'secret')
    for (const name of ['compare_answers.py', 'confinement.py', 'plain_numbers.py']) {
      await copyFile(join(grader, name), join(folder, name))
    }
    await copyFile(join(grader, 'fast_parsing.py'), join(folder, 'fast_parsing.py'))
    await copyFile(hostile, join(folder, 'answer_equality.py'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true })
    await rm(secret)
  })

  const commandsOf = async () => graderCommands(python ?? '', folder)

  async function effectsOn(pool: MathGrader) {
    const target = join(folder, 'written')
    const { address, visitors, server } = await listen()
    const attempts = [
      ['connect', address],
      ['write', target],
      ['fork', ''],
      ['run', ''],
    ] as const
    const comparisons = await Promise.all(
      attempts.map(([answer, reference]) => pool.compare({ reference, answer })),
    )
    server.close()
    return {
      outcomes: comparisons.map(({ outcome }) => outcome),
      visitors: visitors(),
      isWritten: existsSync(target),
    }
  }

  const noEffects = {
    outcomes: ['different', 'different', 'different', 'different'],
    visitors: 0,
    isWritten: false,
  }

  const bounded = ['limits', 'spin', 'hoard'] as const
  const atTheBounds = ['[(0, 0), (0, 0), (0, 0)]', 'time-out', 'MemoryError']

  describe.skipIf(!existsSync(bwrap))('under bubblewrap', () => {
    let pool: MathGrader
    beforeAll(() => {
      // Its own way alone, so that a host where it fails shows.
      pool = createComparisonPool({
        commands: async () => (await commandsOf()).slice(0, 1),
        processes: 1,
      })
    })
    afterAll(() => pool.close())

    const attempt = (answer: string, reference = '') => pool.compare({ reference, answer })

    test('reaches no network, writes no file, starts no process', async () => {
      expect(await effectsOn(pool)).toEqual(noEffects)
    })

    test('ends at its limits of time and memory', async () => {
      expect(await reasonsFor(pool, bounded)).toEqual(atTheBounds)
    })

    test('sees nothing of the host but what it imports', async () => {
      expect(await attempt('read', secret)).toMatchObject({ reason: 'FileNotFoundError' })
      expect(await attempt('read', '/etc/passwd')).toMatchObject({ reason: 'FileNotFoundError' })
      expect(await attempt('processes')).toMatchObject({ reason: 'FileNotFoundError' })
      expect(await attempt('interfaces')).toMatchObject({ reason: 'FileNotFoundError' })
    })

    test('is nobody, with an empty environment', async () => {
      expect(await attempt('user')).toMatchObject({ reason: '60000' })
      const { reason } = await attempt('environment')
      expect(reason).toBe("['LANG', 'PWD', 'PYTHONHASHSEED']")
    })
  })

  describe('bare', () => {
    let pool: MathGrader
    beforeAll(() => {
      pool = createComparisonPool({
        commands: async () => (await commandsOf()).slice(1),
        processes: 1,
      })
    })
    afterAll(() => pool.close())

    test('reaches no network, writes no file, starts no process', async () => {
      expect(await effectsOn(pool)).toEqual(noEffects)
    })

    test('ends at its limits of time and memory', async () => {
      expect(await reasonsFor(pool, bounded)).toEqual(atTheBounds)
    })

    test('retires when it has grown', async () => {
      const pid = async () => (await pool.compare({ reference: '', answer: 'pid' })).reason
      const first = await pid()
      expect(await pid()).toBe(first)
      expect(await pool.compare({ reference: '', answer: 'leak' })).toMatchObject({
        reason: 'leaked',
      })
      expect(await pid()).not.toBe(first)
    })
  })
})
