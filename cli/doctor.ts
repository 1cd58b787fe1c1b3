import { parseArgs } from 'node:util'
import { inspectInstallation } from '../infra/setup/inspect.ts'
import { createCodeSandbox } from '../adapters/sandbox/code-sandbox.ts'
import { readDeployment } from '../workers/environment.ts'
import { type Command, UsageError } from './command.ts'
import { connect } from './deployment.ts'
import { examineSandbox, sandboxLines } from './doctor-sandbox.ts'

/** One finding: what was looked at, whether it is well, and what mends it. */
type Finding = {
  readonly name: string
  readonly state: 'ok' | 'missing'
  readonly detail: string
  readonly mend?: string
}

/** `sky-t1 doctor`: what is installed, what is reachable, and the command that mends each. */
export const doctor: Command = {
  usage: 'doctor [--sandbox [--json]]',
  purpose:
    'say what is installed, reachable or missing, and what mends it; --sandbox: run every hostile program of the corpus, and say which are contained',
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { sandbox: { type: 'boolean' }, json: { type: 'boolean', default: false } },
    })
    if (values.sandbox === true) return examine(values.json)
    if (values.json) throw new UsageError('--json goes with --sandbox')
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

async function examine(json: boolean): Promise<number> {
  const installed = await inspectInstallation()
  const python = installed.find(({ name }) => name === 'sandboxPython')?.path
  if (python === undefined) throw new Error('no sandbox environment to try; mend: npm run stack')
  const { isTTY } = process.stderr
  const report = await examineSandbox(python, (line) => isTTY && process.stderr.write(`\r${line}`))
  if (isTTY) process.stderr.write('\n')
  const lines = json ? [JSON.stringify(report, null, 2)] : sandboxLines(report)
  for (const line of lines) console.log(line)
  return report.contained ? 0 : 1
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
  const { sandboxImage: image, proofDirectory: proofs } = readDeployment()
  const sandbox = createCodeSandbox({ python, image, proofs })
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
