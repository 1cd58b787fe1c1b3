import { InvalidInputError } from '../invalid-input.ts'
import type { Engine } from './serving.ts'

/**
 * The GPUs of each replica, none in two.
 * @param visible what `CUDA_VISIBLE_DEVICES` names on the node; undefined where it is not set
 * Throws InvalidInputError where the node is given fewer than the replicas need.
 */
export function shareGpus(engine: Engine, visible: string | undefined): string[][] {
  const each = engine.engine === 'vllm' ? engine.tensorParallel : 0
  const needed = each * engine.replicas
  const given = visible?.split(',').flatMap((gpu) => gpu.trim() || [])
  const gpus = given ?? Array.from({ length: needed }, (_, at) => String(at))
  if (gpus.length < needed) {
    throw new InvalidInputError(
      `field replicas: ${engine.replicas} of ${each} GPUs need ${needed}, and ` +
        `CUDA_VISIBLE_DEVICES names ${gpus.length}; take fewer, or a larger node`,
    )
  }
  return Array.from({ length: engine.replicas }, (_, at) => gpus.slice(at * each, (at + 1) * each))
}
