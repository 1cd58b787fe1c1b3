import { cpuCommand } from './cpu-engine.ts'
import type { EngineCommand, Replica } from './engine-command.ts'
import type { Engine } from './serving.ts'
import { vllmCommand } from './vllm-engine.ts'

/** The command that starts one replica of a model. */
export function renderCommand(engine: Engine, replica: Replica): EngineCommand {
  switch (engine.engine) {
    case 'vllm':
      return vllmCommand(engine, replica)
    case 'cpu':
      return cpuCommand(replica)
  }
}
