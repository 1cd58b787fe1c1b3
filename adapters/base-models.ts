import type { BaseModels } from '../core/ports/base-models.ts'
import { placeOf } from '../core/training/student.ts'
import type { HubSettings } from './hub/hub-library.ts'
import { createHubModels } from './hub/hub-models.ts'
import { openModelDirectory } from './model-directory.ts'

/** Models of the Hub, or of a mirror of it, and models in directories of the node. */
export function createBaseModels(hub: HubSettings): BaseModels {
  const hubModels = createHubModels(hub)
  return {
    pin: async (named, fields) => (isOfHub(named.model) ? hubModels.pin(named, fields) : named),
    open: (named, fields) =>
      isOfHub(named.model) ? hubModels.open(named, fields) : openModelDirectory(named.model),
  }
}

function isOfHub(model: string): boolean {
  return placeOf(model) === 'hub'
}
