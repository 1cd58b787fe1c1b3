import type { CodeSandbox } from '../../core/ports/code-sandbox.ts'
import { prepareHost } from './host-means.ts'
import { createSandboxLanes, type LaneOptions } from './sandbox-lanes.ts'

export type BubblewrapSandboxOptions = LaneOptions & {
  /** The Python that runs programs; they can import what is installed with it. */
  readonly python: string
}

/** Runs programs under bubblewrap, in control groups that limit their memory and processes. */
export function createBubblewrapSandbox({
  python,
  ...options
}: BubblewrapSandboxOptions): CodeSandbox {
  return createSandboxLanes(() => prepareHost(python), options)
}
