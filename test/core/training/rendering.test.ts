import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { trainingFiles } from '../../../adapters/training-files.ts'
import { planTraining } from '../../../core/training/planned-training.ts'
import { expectedDataset } from '../../../core/training/training-dataset.ts'
import type { TrainingProfile } from '../../../core/training/training-profile.ts'
import { profile } from './profiles.ts'

// The golden files are what profiles render to. After a change that is meant,
// `node infra/run-tests.ts test/core/training/rendering.test.ts -u` writes them anew: read the difference.

function render(name: string, { student, training }: TrainingProfile) {
  return planTraining(name, { student, training }, expectedDataset(training))
}

function onTwoNodes(): TrainingProfile {
  const { student, training } = profile('faithful')
  return { student, training: { ...training, cluster: { ...training.cluster, nodes: 2 } } }
}

test.each<[string, TrainingProfile]>([
  ['faithful', profile('faithful')],
  ['fast', profile('fast')],
  ['lora', profile('lora')],
  ['miniature', profile('miniature')],
  ['faithful-two-nodes', onTwoNodes()],
])('%s renders to its golden files', async (name, rendered) => {
  const plan = render(name, rendered)
  const { config, deepspeed } = trainingFiles(plan)
  await expect(config).toMatchFileSnapshot(`golden/${name}.yaml`)
  await expect(`${plan.launch.join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.launch.txt`)
  const sharding = deepspeed ?? 'null\n'
  await expect(sharding).toMatchFileSnapshot(`golden/${name}.deepspeed.json`)
})

test('what is written is what was rendered: its YAML reads back as the arguments', () => {
  const plan = render('faithful', profile('faithful'))
  expect(parse(trainingFiles(plan).config)).toEqual(plan.trainer)
})

/** skythought/train/LLaMA-Factory/examples/train_full/qwen2_full_sft.yaml at SkyThought 0751518, whole. */
const published = {
  model_name_or_path: 'Qwen/Qwen2.5-32B-Instruct',
  stage: 'sft',
  do_train: true,
  finetuning_type: 'full',
  deepspeed: 'examples/deepspeed/ds_z3_offload_config.json',
  dataset: 'Sky-T1',
  template: 'qwen25',
  cutoff_len: 16384,
  max_samples: 1000000,
  overwrite_cache: true,
  preprocessing_num_workers: 16,
  output_dir: 'saves/Sky-T1-32B-Preview/full/original',
  logging_steps: 1,
  save_steps: 100,
  plot_loss: true,
  per_device_train_batch_size: 1,
  gradient_accumulation_steps: 12,
  learning_rate: 1.0e-5,
  num_train_epochs: 3.0,
  lr_scheduler_type: 'cosine',
  warmup_ratio: 0.1,
  bf16: true,
  ddp_timeout: 180000000,
  report_to: 'wandb',
  run_name: 'Sky-T1',
}

test('the faithful profile is the published YAML, key by key, but for what is listed here', () => {
  expect(render('faithful', profile('faithful')).trainer).toStrictEqual({
    ...published,
    // Our names and places.
    run_name: 'faithful',
    model_name_or_path: 'base',
    deepspeed: 'deepspeed.json',
    dataset: 'sky-t1',
    dataset_dir: 'dataset',
    output_dir: 'output',
    // More checkpoints, of which two stay on the disk; the tracker is the profile's to name.
    save_steps: 25,
    save_total_limit: 2,
    report_to: 'none',
    // What transformers 4.46 did by itself, and today's does not.
    max_steps: 510,
    average_tokens_across_devices: false,
    // Said although it is what the trainer takes by itself.
    use_cpu: false,
    flash_attn: 'auto',
    enable_liger_kernel: false,
    disable_gradient_checkpointing: false,
    dataloader_num_workers: 0,
    seed: 42,
    data_seed: 42,
  })
})

test('its DeepSpeed configuration is ds_z3_offload_config.json of the same time', () => {
  const host = { device: 'cpu', pin_memory: true }
  expect(render('faithful', profile('faithful')).deepspeed).toStrictEqual({
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
      stage: 3,
      offload_optimizer: host,
      offload_param: host,
      // False in later versions of the file.
      overlap_comm: true,
      contiguous_gradients: true,
      sub_group_size: 1e9,
      reduce_bucket_size: 'auto',
      stage3_prefetch_bucket_size: 'auto',
      stage3_param_persistence_threshold: 'auto',
      stage3_max_live_parameters: 1e9,
      stage3_max_reuse_distance: 1e9,
      stage3_gather_16bit_weights_on_model_save: true,
    },
  })
})

// 1,026 batches of 16 are 171 whole steps an epoch, where 2,051 of 8 are 170 and a part.
test('two nodes share the same 96 examples a step', () => {
  const { trainer } = render('two', onTwoNodes())
  expect(trainer).toMatchObject({
    per_device_train_batch_size: 1,
    gradient_accumulation_steps: 6,
    max_steps: 513,
  })
})
