import type { CodeSandbox } from '../../core/ports/code-sandbox.ts'
import { prepareContainers } from './container-means.ts'
import { createSandboxLanes, type LaneOptions } from './sandbox-lanes.ts'

export type ContainerSandboxOptions = LaneOptions & {
  /** The image that programs run in, by digest: `NAME@sha256:DIGEST`. */
  readonly image: string
}

/** Runs programs in containers of podman or docker, one for each entry, with the engine's limits. */
export function createContainerSandbox({
  image,
  ...options
}: ContainerSandboxOptions): CodeSandbox {
  return createSandboxLanes(() => prepareContainers(image), options)
}
