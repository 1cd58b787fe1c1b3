import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { SandboxUnavailableError } from '../../core/ports/code-sandbox.ts'

/** Where a Python is, as the sandbox must show it. */
export type Interpreter = {
  /** The program itself, not a link or a shim to it. */
  readonly executable: string
  /** Where the standard library is installed. */
  readonly prefix: string
  /** Directories of installed packages. */
  readonly sitePackages: readonly string[]
  readonly version: string
}

const Description = z.object({
  executable: z.string(),
  prefix: z.string().regex(/^\/.+/, 'the whole system would have to be shown'),
  sitePackages: z.array(z.string()),
  version: z.string(),
})

/** A Python program that prints, as JSON, where the Python that runs it is. */
export const describeInterpreter = `
import json, os, site, sys
print(json.dumps({
    "executable": os.path.realpath(sys.executable),
    "prefix": os.path.realpath(sys.base_prefix),
    "sitePackages": [os.path.realpath(path) for path in site.getsitepackages() if os.path.isdir(path)],
    "version": "%d.%d.%d" % sys.version_info[:3],
}))`

/** Asks a Python (3.9 or newer) where it is; throws SandboxUnavailableError if it does not answer. */
export async function findInterpreter(python: string): Promise<Interpreter> {
  try {
    const { stdout } = await promisify(execFile)(python, ['-I', '-c', describeInterpreter])
    return readInterpreter(stdout)
  } catch (cause) {
    throw new SandboxUnavailableError(
      {
        missing: `${python} is not a Python that runs`,
        mend: 'apt-get install -y python3, or name another Python (3.9 or newer)',
      },
      { cause },
    )
  }
}

/** Reads what {@link describeInterpreter} printed; throws where it is something else. */
export function readInterpreter(text: string): Interpreter {
  return Description.parse(JSON.parse(text))
}
