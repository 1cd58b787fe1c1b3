import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'
import { SandboxUnavailableError } from '../../core/ports/code-sandbox.ts'
import { bubblewrapArguments } from './bubblewrap-arguments.ts'
import type { Confinement } from './confinement.ts'
import { openControlGroups } from './control-groups.ts'
import { driverDirectory } from './driver-directory.ts'
import { DriverProcess } from './driver-process.ts'
import { findInterpreter } from './interpreter.ts'
import { findOnPath } from './program-path.ts'
import { seccompFilter } from './seccomp-filter.ts'

/** Finds all that bubblewrap needs on this host; throws SandboxUnavailableError for the first lack. */
export async function prepareHost(python: string): Promise<Confinement> {
  const bwrap = findBubblewrap()
  const groups = openControlGroups()
  const filter = seccompFilter(process.arch)
  const interpreter = await findInterpreter(python)
  await compileDriver(interpreter.executable)
  const privileged = process.getuid?.() === 0
  const given = bubblewrapArguments({ interpreter, driver: driverDirectory, privileged })
  return {
    givesUsers: privileged,
    setting: [bwrap, ...given],
    begin(limits) {
      const group = groups.create(limits)
      const command = { program: bwrap, arguments: given, filter, environment: {} }
      return { group, driver: new DriverProcess({ ...command, entrances: group.entrances }) }
    },
  }
}

/** Once for all entries, which start the sooner; what was compiled for other Pythons stays. */
async function compileDriver(executable: string): Promise<void> {
  try {
    await promisify(execFile)(executable, ['-I', '-m', 'compileall', '-q', driverDirectory])
  } catch {
    // Where the project cannot be written, every entry compiles the driver for itself.
  }
}

function findBubblewrap(): string {
  const found = findOnPath('bwrap')
  if (found !== undefined) return found
  throw new SandboxUnavailableError({
    missing: 'bubblewrap (bwrap) is not on PATH',
    mend: 'apt-get install -y bubblewrap (or dnf, pacman -S bubblewrap), or name a container image by digest in SKY_T1_SANDBOX_IMAGE',
  })
}
