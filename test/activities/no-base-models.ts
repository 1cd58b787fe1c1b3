import type { BaseModels } from '../../core/ports/base-models.ts'

/** For runs whose student is made: no model that is trained already is asked for. */
export const noBaseModels: BaseModels = { pin: unasked, open: unasked }

async function unasked(): Promise<never> {
  throw new Error('no base model is asked for')
}
