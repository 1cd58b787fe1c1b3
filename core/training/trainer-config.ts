import { stepLayout } from './steps.ts'
import type { Training } from './training.ts'

/** Where one training reads and writes. Paths are the node's own. */
export type TrainerPaths = {
  readonly modelDirectory: string
  readonly datasetDirectory: string
  readonly outputDirectory: string
  /** DeepSpeed's configuration, where it is used. */
  readonly deepspeedConfig?: string
  /** Rows packed by ourselves, where the profile packs them. */
  readonly packedRows?: { readonly directory: string; readonly microSteps: number }
  /** The checkpoint to go on from; absent for a start at step 0. */
  readonly resumeFrom?: string
}

/** The name under which the data set stands in `dataset_info.json`. */
const datasetName = 'sky-t1'

/** LLaMA-Factory's description of the data set: ShareGPT rows with the recipe's tags. */
export function datasetInfo(fileName: string) {
  return {
    [datasetName]: {
      file_name: fileName,
      formatting: 'sharegpt',
      columns: { messages: 'conversations', system: 'system' },
      tags: {
        role_tag: 'from',
        content_tag: 'value',
        user_tag: 'user',
        assistant_tag: 'assistant',
      },
    },
  }
}

/** How long processes wait for each other, in seconds: what the published run was told. */
const ddpTimeoutSeconds = 180_000_000

/**
 * LLaMA-Factory's arguments for one training of so many steps. Never `overwrite_output_dir`: it
 * deletes what a resume needs.
 */
export function trainerArguments(
  training: Training,
  { name, seed, steps }: { readonly name: string; readonly seed: number; readonly steps: number },
  paths: TrainerPaths,
) {
  const onCpu = training.cluster.device === 'cpu'
  return {
    stage: 'sft',
    do_train: true,
    ...tuningArguments(training),
    ...(paths.deepspeedConfig === undefined ? {} : { deepspeed: paths.deepspeedConfig }),
    ...dataArguments(training, paths),
    output_dir: paths.outputDirectory,
    logging_steps: 1,
    save_steps: training.checkpoints.everySteps,
    save_total_limit: training.checkpoints.keepLast,
    plot_loss: !onCpu,
    ...batchArguments(training, paths),
    learning_rate: training.learningRate,
    ...lengthArguments(training, steps),
    lr_scheduler_type: training.scheduler,
    warmup_ratio: training.warmupRatio,
    average_tokens_across_devices: training.lossMean === 'global',
    bf16: training.precision === 'bf16',
    use_cpu: onCpu,
    ...(onCpu ? {} : { ddp_timeout: ddpTimeoutSeconds }),
    flash_attn: training.attention,
    enable_liger_kernel: training.liger,
    disable_gradient_checkpointing: !training.recompute,
    // The trainer's own default is true.
    ...(training.recompute && !training.reentrantRecompute ? { use_reentrant_gc: false } : {}),
    dataloader_num_workers: 0,
    seed,
    data_seed: seed,
    report_to: training.reportTo,
    run_name: name,
    ...(paths.resumeFrom === undefined ? {} : { resume_from_checkpoint: paths.resumeFrom }),
  }
}

/** What decides how rows become tokens, in LLaMA-Factory's words. */
export function dataArguments(
  training: Training,
  paths: Pick<TrainerPaths, 'modelDirectory' | 'datasetDirectory'>,
) {
  return {
    model_name_or_path: paths.modelDirectory,
    dataset: datasetName,
    dataset_dir: paths.datasetDirectory,
    template: training.template,
    cutoff_len: training.cutoffLength,
    max_samples: 1_000_000,
    overwrite_cache: true,
    preprocessing_num_workers: training.cluster.device === 'cpu' ? 1 : 16,
  }
}

function lengthArguments({ grouping, epochs, remainder }: Training, steps: number) {
  // Every epoch draws in another order and so makes other packs: the packed rows of all of them are
  // one epoch to the trainer. Schedule and warm-up follow from the steps, which are as many.
  if (grouping.kind === 'packed') return { num_train_epochs: 1, max_steps: steps }
  // Left to itself, this trainer takes as many steps more as epochs have smaller last steps.
  if (remainder === 'dropped') return { num_train_epochs: epochs, max_steps: steps }
  return { num_train_epochs: epochs }
}

function tuningArguments({ tuning }: Training) {
  if (tuning.kind === 'full') return { finetuning_type: 'full' }
  return {
    finetuning_type: 'lora',
    lora_rank: tuning.rank,
    lora_alpha: tuning.alpha,
    lora_dropout: tuning.dropout,
    lora_target: 'all',
  }
}

function batchArguments(training: Training, { packedRows }: TrainerPaths) {
  const { perDevice, microSteps } = stepLayout(training)
  if (packedRows === undefined) {
    return {
      per_device_train_batch_size: perDevice,
      gradient_accumulation_steps: microSteps ?? 1,
    }
  }
  return {
    per_device_train_batch_size: 1,
    gradient_accumulation_steps: packedRows.microSteps,
    tokenized_path: packedRows.directory,
    neat_packing: true,
    // The rows stand in the order of devices and micro-steps.
    disable_shuffling: true,
  }
}
