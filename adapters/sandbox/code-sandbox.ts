import { type CodeSandbox, SandboxUnavailableError } from '../../core/ports/code-sandbox.ts'
import type { Confinement } from './confinement.ts'
import { prepareContainers } from './container-means.ts'
import { prepareHost } from './host-means.ts'
import { createSandboxLanes, type LaneOptions } from './sandbox-lanes.ts'

export type CodeSandboxOptions = LaneOptions & {
  /** The Python that runs programs under bubblewrap; they can import what is installed with it. */
  readonly python: string
  /** The container image that programs run in where bubblewrap does not, by digest; none if undefined. */
  readonly image: string | undefined
}

/**
 * Runs programs under bubblewrap, or where this host has none that works, in containers of an image.
 * Where there is neither it runs nothing: there is no way to run them unconfined.
 */
export function createCodeSandbox({ python, image, ...options }: CodeSandboxOptions): CodeSandbox {
  return createSandboxLanes(() => prepare(python, image), options)
}

async function prepare(python: string, image: string | undefined): Promise<Confinement> {
  try {
    return await prepareHost(python)
  } catch (error) {
    if (image === undefined || !(error instanceof SandboxUnavailableError)) throw error
    return await prepareContainers(image).catch((other: unknown) => {
      throw other instanceof SandboxUnavailableError ? bothMissing(error, other) : other
    })
  }
}

function bothMissing(one: SandboxUnavailableError, other: SandboxUnavailableError) {
  return new SandboxUnavailableError(
    {
      missing: 'neither bubblewrap nor a container confines programs here',
      mend: `one of both (${one.message}) (${other.message})`,
    },
    { cause: other },
  )
}
