import { InvalidInputError } from '../invalid-input.ts'
import type { Training } from './training.ts'

/** Where the nodes of one training meet. */
export type Rendezvous = {
  /** `host:port` of node 0, at which all others reach it. */
  readonly address: string
  /** One a launch, so that nobody joins another. */
  readonly id: string
  /** Which of the nodes this is, from 0. The first process, which writes what all share, is on node 0. */
  readonly nodeRank: number
}

/**
 * The command that trains: the entry itself on a CPU, torchrun on GPUs, never LLaMA-Factory's own
 * command, whose end leaves its processes running. Several nodes each run the same line but for their
 * rank, and meet at `rendezvous`; null on a node that trains alone. Throws InvalidInputError where
 * several have none: each would wait for the others for ever.
 */
export function launchLine(
  { cluster }: Training,
  program: { readonly python: string; readonly entry: string; readonly config: string },
  rendezvous: Rendezvous | null,
): [string, ...string[]] {
  const { python, entry, config } = program
  if (cluster.device === 'cpu' && cluster.devicesPerNode * cluster.nodes === 1) {
    return [python, entry, config]
  }
  if (cluster.nodes > 1 && rendezvous === null) {
    throw new InvalidInputError(
      `field training.cluster.nodes: ${cluster.nodes} nodes have no rendezvous here; make it 1, or ` +
        'start the launch line of `sky-t1 train plan` on every node',
    )
  }
  const meeting = rendezvous === null ? ['--standalone'] : meetingArguments(rendezvous)
  const processes = [`--nnodes=${cluster.nodes}`, `--nproc-per-node=${cluster.devicesPerNode}`]
  const torchrun = ['-m', 'torch.distributed.run', ...processes, ...meeting, '--max-restarts=0']
  return [python, ...torchrun, entry, config]
}

/** Of the static rendezvous: with the other ones nodes get their ranks as they come. */
function meetingArguments({ address, id, nodeRank }: Rendezvous): string[] {
  const at = address.lastIndexOf(':')
  return [
    `--node-rank=${nodeRank}`,
    `--master-addr=${address.slice(0, at)}`,
    `--master-port=${address.slice(at + 1)}`,
    `--rdzv-id=${id}`,
  ]
}

/**
 * The address at which the nodes of a training meet, `host:port` of the first. Throws InvalidInputError
 * on a node that was not told its own.
 */
export function meetingAddress({ cluster }: Training, nodeAddress: string | undefined): string {
  if (nodeAddress !== undefined) return nodeAddress
  throw new InvalidInputError(
    `field training.cluster.nodes: ${cluster.nodes} nodes meet at the address of one, and this ` +
      'worker has none; set SKY_T1_NODE_ADDRESS=HOST:PORT for each worker of the pool training, or ' +
      'make the field 1',
  )
}
