import type { EngineCommand, Replica } from './engine-command.ts'
import type { Engine } from './serving.ts'

type VllmEngine = Extract<Engine, { readonly engine: 'vllm' }>

/**
 * The command of `vllm serve` (https://docs.vllm.ai/en/v0.12.0/cli/serve/; the options stand
 * unchanged since 0.9).
 */
export function vllmCommand(engine: VllmEngine, replica: Replica): EngineCommand {
  const { model, revision, name, port, gpus } = replica
  return {
    program: 'vllm',
    args: [
      'serve',
      model,
      ...(revision === undefined ? [] : ['--revision', revision, '--tokenizer-revision', revision]),
      '--served-model-name',
      name,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--tensor-parallel-size',
      String(engine.tensorParallel),
      '--dtype',
      engine.dtype,
      '--max-model-len',
      String(engine.maxModelLength),
      '--gpu-memory-utilization',
      String(engine.gpuMemoryUtilization),
      // A model's own generation_config.json would change what the recipe says of sampling, unseen.
      '--generation-config',
      'vllm',
      '--disable-uvicorn-access-log',
    ],
    env: { CUDA_VISIBLE_DEVICES: gpus.join(','), VLLM_NO_USAGE_STATS: '1' },
    inherits: [
      'HOME',
      'LD_LIBRARY_PATH',
      'CUDA_HOME',
      'HF_HOME',
      'HF_TOKEN',
      'HF_ENDPOINT',
      'HF_HUB_OFFLINE',
      'VLLM_CACHE_ROOT',
    ],
    healthPath: '/health',
    versionPath: '/version',
    // A first start fetches the weights: 65 GB for 32 billion parameters.
    startSeconds: 3600,
  }
}
