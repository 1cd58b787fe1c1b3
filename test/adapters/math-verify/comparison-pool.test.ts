import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createComparisonPool } from '../../../adapters/math-verify/comparison-pool.ts'
import type { GraderCommand } from '../../../adapters/math-verify/grader-command.ts'
import { type MathGrader, MathGraderUnavailableError } from '../../../core/ports/math-grader.ts'

// Shell scripts stand in for the grader's Python: they die, lie and leak on command.

const pair = { reference: '\\frac{x}{2}', answer: '0.5x' }
const equal = { outcome: 'equal', reason: 'equal' }

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function commandOf(script: string): Promise<GraderCommand> {
  const folder = await mkdtemp(join(tmpdir(), 'grader-'))
  const program = join(folder, 'grader')
  await writeFile(program, `#!/bin/sh\n${script}\n`)
  await chmod(program, 0o755)
  cleanups.push(() => rm(folder, { recursive: true }))
  return { program, arguments: [], environment: { PATH: '/usr/bin:/bin' } }
}

async function poolOf(...scripts: string[]): Promise<MathGrader> {
  const commands = await Promise.all(scripts.map(commandOf))
  const pool = createComparisonPool({ commands: async () => commands, processes: 1 })
  cleanups.unshift(() => pool.close())
  return pool
}

const ready = `echo '{"ready":true}'`
/** Takes the next pair, and with it the number that the reply must carry. */
const take = `read -r line; id=\${line#*:}; id=\${id%%,*}`
const says = (fields: string) => `echo "{\\"id\\":$id,${fields.replaceAll('"', '\\"')}}"`
const saysEqual = says('"outcome":"equal","reason":"equal","retire":false')

test('a process that dies costs its pair only, after a second process died of it', async () => {
  const pool = await poolOf(
    `${ready}; ${take}; case "$line" in *die*) kill -9 $$;; *) ${saysEqual};; esac`,
  )
  expect(await pool.compare({ reference: '1', answer: 'die' })).toEqual({
    outcome: 'undecided',
    reason: 'grader-crashed',
  })
  expect(await pool.compare(pair)).toEqual(equal)
  expect(await pool.compare(pair)).toEqual(equal)
})

test('a pair whose process is killed is compared by another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'grader-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const pool = await poolOf(
    `${ready}; ${take}; if mkdir ${folder}/first 2>/dev/null; then kill -9 $$; fi; ${saysEqual}`,
  )
  expect(await pool.compare(pair)).toEqual(equal)
})

test('a process that ends for want of time is a time-out, and is not tried again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'grader-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const pool = await poolOf(
    `${ready}; ${take}; if mkdir ${folder}/first 2>/dev/null; then kill -PROF $$; fi; ${saysEqual}`,
  )
  expect(await pool.compare(pair)).toEqual({ outcome: 'undecided', reason: 'time-out' })
  expect(await pool.compare(pair)).toEqual(equal)
})

test('a process that asks to retire is replaced', async () => {
  const pool = await poolOf(
    `${ready}; ${take}; ${says('"outcome":"undecided","reason":"pid-$$","retire":true')}; sleep 60`,
  )
  const [first, second] = [await pool.compare(pair), await pool.compare(pair)]
  expect(first.reason).toMatch(/^pid-/)
  expect(second.reason).not.toBe(first.reason)
})

test.each([
  ['no reply', says('"outcome":"maybe"')],
  ['the reply to another pair', `id=7; ${saysEqual}`],
  ['no JSON', 'echo Traceback'],
])('%s is a crash, not a verdict', async (_, answer) => {
  const pool = await poolOf(`${ready}; ${take}; ${answer}; sleep 60`)
  expect(await pool.compare(pair)).toEqual({ outcome: 'undecided', reason: 'grader-crashed' })
})

test('a reply too many is nobody’s verdict', async () => {
  const different = says('"outcome":"different","reason":"different","retire":false')
  const pool = await poolOf(`${ready}; while ${take}; do ${different}; ${saysEqual}; done`)
  const first = { outcome: 'different', reason: 'different' }
  expect(await pool.compare(pair)).toEqual(first)
  expect(await pool.compare(pair)).toEqual(first)
})

test('where the first way to start does not work the next is taken, and kept to', async () => {
  const pool = await poolOf('exit 1', `${ready}; while ${take}; do ${saysEqual}; done`)
  expect(await pool.compare(pair)).toEqual(equal)
  expect(await pool.compare(pair)).toEqual(equal)
})

test('a pair is refused, with the complaint and the mend, where no way works', async () => {
  const pool = await poolOf('exit 1', 'echo "no module named math_verify" >&2; exit 1')
  const failure: unknown = await pool.compare(pair).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(MathGraderUnavailableError)
  expect(String(failure)).toMatch(/no module named math_verify.*SKY_T1_GRADER_PYTHON/)
})

test('a process sees no variable of ours', async () => {
  process.env['SKY_T1_TEST_SECRET'] = 'secret'
  cleanups.push(async () => delete process.env['SKY_T1_TEST_SECRET'])
  const pool = await poolOf('env >&2; exit 1')
  await expect(pool.compare(pair)).rejects.toThrow(/PATH=\/usr\/bin:\/bin/)
  await expect(pool.compare(pair)).rejects.not.toThrow(/secret/)
})

test('closing ends every process, and refuses later pairs', async () => {
  const pool = await poolOf(`${ready}; while ${take}; do ${saysEqual}; done; sleep 60`)
  expect(await pool.compare(pair)).toEqual(equal)
  await pool.close()
  await expect(pool.compare(pair)).rejects.toThrow('closed')
})
