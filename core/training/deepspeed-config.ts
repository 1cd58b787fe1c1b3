import type { Training } from './training.ts'

/**
 * DeepSpeed's configuration, as LLaMA-Factory's examples have it (`ds_z3_offload_config.json`); what
 * is `auto` it takes from the trainer's arguments. Null where no DeepSpeed is used.
 */
export function deepspeedConfig({ deepspeed }: Training) {
  if (deepspeed === null) return null
  const { stage, offloadParameters, offloadOptimizer, overlapCommunication } = deepspeed
  const host = { device: 'cpu', pin_memory: true }
  // A part of the optimizer's state may stay on the device (Twin-Flow).
  const optimizer = offloadOptimizer === 1 ? host : { ...host, ratio: offloadOptimizer }
  return {
    train_batch_size: 'auto',
    train_micro_batch_size_per_gpu: 'auto',
    gradient_accumulation_steps: 'auto',
    gradient_clipping: 'auto',
    zero_allow_untested_optimizer: true,
    fp16: {
      enabled: 'auto',
      loss_scale: 0,
      loss_scale_window: 1000,
      initial_scale_power: 16,
      hysteresis: 2,
      min_loss_scale: 1,
    },
    bf16: { enabled: 'auto' },
    zero_optimization: {
      stage,
      ...(offloadOptimizer === 0 ? {} : { offload_optimizer: optimizer }),
      ...(offloadParameters ? { offload_param: host } : {}),
      overlap_comm: overlapCommunication,
      contiguous_gradients: true,
      ...(stage === 2 ? stageTwo : stageThree),
    },
  }
}

const stageTwo = {
  allgather_partitions: true,
  allgather_bucket_size: 5e8,
  reduce_scatter: true,
  reduce_bucket_size: 5e8,
  round_robin_gradients: true,
}

const stageThree = {
  sub_group_size: 1e9,
  reduce_bucket_size: 'auto',
  stage3_prefetch_bucket_size: 'auto',
  stage3_param_persistence_threshold: 'auto',
  stage3_max_live_parameters: 1e9,
  stage3_max_reuse_distance: 1e9,
  stage3_gather_16bit_weights_on_model_save: true,
}
