import type { EngineCommand, Replica } from './engine-command.ts'

/** The command of `infra/trainer/serve.py`, which serves a small model on a CPU. */
export function cpuCommand({ model, name, port }: Replica): EngineCommand {
  return {
    program: 'serve.py',
    args: ['--model-dir', model, '--served-model-name', name, '--port', String(port)],
    env: { HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1' },
    inherits: [],
    healthPath: '/health',
    versionPath: '/version',
    // Imports and loading, on a slow and loaded machine.
    startSeconds: 180,
  }
}
