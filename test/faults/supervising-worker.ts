import { z } from 'zod'
import { S3ObjectStore } from '../../adapters/s3-object-store.ts'
import { ObjectRef } from '../../core/object-ref.ts'
import { bucket } from '../../infra/stack/s3-server.ts'
import { TrainingNode } from '../activities/training-node.ts'

/** What a worker's process is told. */
export const Supervision = z.strictObject({
  endpoint: z.string(),
  /** The node's disk. */
  directory: z.string(),
  attempt: z.int().positive(),
  /** Of a node that takes part in the training; 0: it supervises. */
  nodeRank: z.int().nonnegative().default(0),
  order: z.strictObject({
    recipe: ObjectRef,
    assembled: z.string(),
    baseModel: ObjectRef,
    overLength: ObjectRef,
    tokens: ObjectRef,
    rows: z.int(),
    trainingTokens: z.int(),
  }),
})
export type Supervision = z.input<typeof Supervision>

// A worker's process of its own, which supervises one training, or takes part, and can be killed:
//     node supervising-worker.ts SUPERVISION
if (import.meta.main) {
  const { endpoint, directory, attempt, nodeRank, order } = Supervision.parse(
    JSON.parse(process.argv[2] ?? ''),
  )
  const store = new S3ObjectStore({ bucket, region: 'us-east-1', endpoint })
  const node = TrainingNode.withTrainer(store, { directory })
  if (nodeRank > 0) await node.join(order, { nodeRank, attempt }).done
  else await node.supervise(order, { attempt }).done
}
