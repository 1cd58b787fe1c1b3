import { expect, test } from 'vitest'
import { datasetInfo, trainerArguments } from '../../../core/training/trainer-config.ts'
import type { Training } from '../../../core/training/training.ts'
import { exampleRecipe } from '../example-recipe.ts'

const paths = { modelDirectory: '/m', datasetDirectory: '/d', outputDirectory: '/o' }
const { training } = exampleRecipe
const run = { name: 'Sky-T1', seed: 7, steps: 5 }

test('the trainer is told everything that the recipe says, in its own words', () => {
  expect(trainerArguments(training, run, paths)).toEqual({
    stage: 'sft',
    do_train: true,
    finetuning_type: 'full',
    model_name_or_path: '/m',
    dataset: 'sky-t1',
    dataset_dir: '/d',
    template: 'qwen25',
    cutoff_len: 128,
    max_samples: 1_000_000,
    overwrite_cache: true,
    preprocessing_num_workers: 1,
    output_dir: '/o',
    logging_steps: 1,
    save_steps: 5,
    save_total_limit: 2,
    plot_loss: false,
    per_device_train_batch_size: 2,
    gradient_accumulation_steps: 1,
    learning_rate: 0.001,
    num_train_epochs: 1,
    lr_scheduler_type: 'cosine',
    warmup_ratio: 0.1,
    average_tokens_across_devices: true,
    bf16: false,
    use_cpu: true,
    flash_attn: 'auto',
    enable_liger_kernel: false,
    disable_gradient_checkpointing: true,
    dataloader_num_workers: 0,
    seed: 7,
    data_seed: 7,
    report_to: 'none',
    run_name: 'Sky-T1',
  })
})

test('on a GPU, in bf16, it is told so', () => {
  const onGpu: Training = {
    ...training,
    precision: 'bf16',
    recompute: true,
    cluster: { ...training.cluster, device: 'gpu' },
  }
  expect(trainerArguments(onGpu, run, paths)).toMatchObject({
    bf16: true,
    use_cpu: false,
    disable_gradient_checkpointing: false,
  })
})

test('packed rows are one epoch of as many steps, in the order in which they stand', () => {
  const packed: Training = { ...training, epochs: 3, grouping: { kind: 'packed', tokens: 256 } }
  const packedRows = { directory: '/p', microSteps: 4 }
  expect(trainerArguments(packed, run, { ...paths, packedRows })).toMatchObject({
    tokenized_path: '/p',
    neat_packing: true,
    disable_shuffling: true,
    per_device_train_batch_size: 1,
    gradient_accumulation_steps: 4,
    num_train_epochs: 1,
    max_steps: 5,
  })
})

test('it resumes only where a checkpoint is named, and never deletes what a resume needs', () => {
  const started = trainerArguments(training, run, paths)
  const resumed = trainerArguments(training, run, { ...paths, resumeFrom: '/o/checkpoint-5' })
  expect(started).not.toHaveProperty('resume_from_checkpoint')
  expect(resumed).toEqual({ ...started, resume_from_checkpoint: '/o/checkpoint-5' })
  expect(resumed).not.toHaveProperty('overwrite_output_dir')
})

test('the data set is described with the tags of its rows', () => {
  expect(datasetInfo('train.jsonl')).toEqual({
    'sky-t1': {
      file_name: 'train.jsonl',
      formatting: 'sharegpt',
      columns: { messages: 'conversations', system: 'system' },
      tags: {
        role_tag: 'from',
        content_tag: 'value',
        user_tag: 'user',
        assistant_tag: 'assistant',
      },
    },
  })
})
