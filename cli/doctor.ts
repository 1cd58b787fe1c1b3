import { parseArgs } from 'node:util'
import { inspectInstallation } from '../infra/setup/inspect.ts'
import { createCodeSandbox } from '../adapters/sandbox/code-sandbox.ts'
import { readDeployment } from '../workers/environment.ts'
import type { Command } from './command.ts'
import { connect } from './deployment.ts'

/** One finding: what was looked at, whether it is well, and what mends it. */
type Finding = {
  readonly name: string
  readonly state: 'ok' | 'missing'
  readonly detail: string
  readonly mend?: string
}

/** `sky-t1 doctor`: what is installed, what is reachable, and the command that mends each. */
export const doctor: Command = {
  usage: 'doctor',
  purpose: 'say what is installed, reachable or missing, and what mends it',
  async run(args) {
    parseArgs({ args: [...args], options: {} })
    const installed = await inspectInstallation()
    const findings: Finding[] = [
      ...installed.map(({ name, state, version, path, purpose, mend }) => ({
        name,
        state,
        detail: state === 'ok' ? `${version ?? ''} ${path ?? ''}` : purpose,
        ...(mend === undefined ? {} : { mend }),
      })),
      await sandboxFinding(installed.find(({ name }) => name === 'sandboxPython')?.path),
      await stackFinding(),
    ]
    for (const { name, state, detail, mend } of findings) {
      console.log(`${state.padEnd(8)} ${name.padEnd(14)} ${detail}`)
      if (mend !== undefined) console.log(`${' '.repeat(24)}mend: ${mend}`)
    }
    return findings.every(({ state }) => state === 'ok') ? 0 : 1
  },
}

async function sandboxFinding(python: string | undefined): Promise<Finding> {
  const name = 'isolation'
  if (python === undefined) {
    return {
      name,
      state: 'missing',
      detail: 'not tried: no sandbox environment',
      mend: 'npm run stack',
    }
  }
  const sandbox = createCodeSandbox({ python, image: readDeployment().sandboxImage })
  try {
    await sandbox.prove()
    return { name, state: 'ok', detail: 'programs are confined on this host' }
  } catch (error) {
    return {
      name,
      state: 'missing',
      detail: error instanceof Error ? error.message : String(error),
    }
  } finally {
    await sandbox.close()
  }
}

async function stackFinding(): Promise<Finding> {
  const name = 'stack'
  try {
    const { store, deployment, close } = await connect()
    try {
      await store.check()
      return {
        name,
        state: 'ok',
        detail: `Temporal at ${deployment.temporal.address}, object store writable`,
      }
    } finally {
      await close()
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { name, state: 'missing', detail, mend: 'npm run stack' }
  }
}
