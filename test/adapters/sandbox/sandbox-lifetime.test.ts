import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { createBubblewrapSandbox } from '../../../adapters/sandbox/bubblewrap-sandbox.ts'
import { findOnPath } from '../../../adapters/sandbox/program-path.ts'
import { SandboxUnavailableError } from '../../../core/ports/code-sandbox.ts'
import { controlGroupsOf, processesIn } from './host-traces.ts'
import { called, program, python } from './sandbox-under-test.ts'

const sleeper = {
  ...called('import time\ndef f(): time.sleep(200)'),
  limits: { cpuSeconds: 50, memoryMiB: 64, outputKiB: 1 },
}

afterEach(() => vi.unstubAllEnvs())

test('closing ends what runs, and nothing is left on the host', async () => {
  const sandbox = createBubblewrapSandbox({ python })
  const running = sandbox.run(sleeper).catch((error: unknown) => error)
  await vi.waitFor(() => expect(processesIn(controlGroupsOf(process.pid))).not.toEqual([]), waiting)
  await sandbox.close()
  expect(await running).toEqual(new Error('the sandbox is closed'))
  expect(controlGroupsOf(process.pid)).toEqual([])
})

test('what bubblewrap leaves behind when it is killed early is ended with it', async () => {
  // A process that bubblewrap has begun does not die with it until it has asked for that itself.
  const directory = await mkdtemp(join(tmpdir(), 'sky-t1-bwrap-'))
  await writeFile(join(directory, 'bwrap'), '#!/bin/sh\n/bin/sleep 1000 &\nwait\n', { mode: 0o755 })
  vi.stubEnv('PATH', `${directory}:${process.env['PATH']}`)
  const sandbox = createBubblewrapSandbox({ python })
  const running = sandbox.run(sleeper).catch((error: unknown) => error)
  await vi.waitFor(
    () => expect(processesIn(controlGroupsOf(process.pid)).length).toBeGreaterThan(1),
    waiting,
  )
  await sandbox.close()
  expect(await running).toEqual(new Error('the sandbox is closed'))
  expect(controlGroupsOf(process.pid)).toEqual([])
  await rm(directory, { recursive: true })
})

test('a closed sandbox runs nothing', async () => {
  const sandbox = createBubblewrapSandbox({ python })
  await sandbox.close()
  await expect(sandbox.run(program('print(1)'))).rejects.toThrow('the sandbox is closed')
})

test('sandboxes die with their worker, and the next worker clears its control groups', async () => {
  const { worker, id } = startSleepingWorker()
  await vi.waitFor(() => expect(processesIn(controlGroupsOf(id))).not.toEqual([]), waiting)
  worker.kill('SIGKILL')
  await once(worker, 'exit')
  await vi.waitFor(() => expect(processesIn(controlGroupsOf(id))).toEqual([]), waiting)
  const next = createBubblewrapSandbox({ python })
  await next.run(program('print(1)'))
  await next.close()
  expect(controlGroupsOf(id)).toEqual([])
})

test('a sandbox that was being made when its worker died ends by itself', async () => {
  // bubblewrap asks to be ended with its parent: in vain where the parent has ended before.
  const directory = await mkdtemp(join(tmpdir(), 'sky-t1-bwrap-'))
  const late = `#!/bin/sh\nwhile kill -0 $PPID 2>/dev/null; do /bin/sleep 0.02; done\nexec ${findOnPath('bwrap')} "$@"\n`
  await writeFile(join(directory, 'bwrap'), late, { mode: 0o755 })
  const { worker, id } = startSleepingWorker({ PATH: `${directory}:${process.env['PATH']}` })
  await vi.waitFor(() => expect(processesIn(controlGroupsOf(id))).not.toEqual([]), waiting)
  worker.kill('SIGKILL')
  await once(worker, 'exit')
  await vi.waitFor(() => expect(processesIn(controlGroupsOf(id))).toEqual([]), waiting)
  await rm(directory, { recursive: true })
})

test('without bubblewrap nothing runs, and the mend is named', async () => {
  vi.stubEnv('PATH', '/nowhere')
  const sandbox = createBubblewrapSandbox({ python })
  await expect(sandbox.run(program('print(1)'))).rejects.toThrow(SandboxUnavailableError)
  await expect(sandbox.prove()).rejects.toThrow(/bubblewrap.*apt-get install -y bubblewrap/)
})

test('without a Python nothing runs, and the mend is named', async () => {
  const sandbox = createBubblewrapSandbox({ python: '/nowhere/python3' })
  await expect(sandbox.prove()).rejects.toThrow(/nowhere.*apt-get install -y python3/)
})

function startSleepingWorker(environment: NodeJS.ProcessEnv = {}) {
  const script = fileURLToPath(new URL('sleeping-worker.ts', import.meta.url))
  const env = { ...process.env, ...environment }
  const worker = spawn(process.execPath, [script], { stdio: 'ignore', env })
  return { worker, id: worker.pid ?? 0 }
}

const waiting = { timeout: 60_000, interval: 20 }
