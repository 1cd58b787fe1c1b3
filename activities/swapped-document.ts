import type { z } from 'zod'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { parseJson } from './artifacts.ts'

/** How often a swap is tried: so many writers at once each have their turn. */
const swaps = 100

/** A document that several change. */
export type SwappedDocument<Schema extends z.ZodType> = {
  readonly key: string
  readonly schema: Schema
}

/**
 * Changes a document by compare-and-swap; gives it as it stands then. `by` gets what stands, undefined
 * where nothing does, is called again whenever another writer was first, and leaves the document alone
 * where it gives back the same.
 */
export async function swapDocument<Schema extends z.ZodType>(
  store: ObjectStore,
  { key, schema }: SwappedDocument<Schema>,
  by: (standing: z.infer<Schema> | undefined) => z.infer<Schema>,
): Promise<z.infer<Schema>> {
  for (let tried = 0; tried < swaps; tried++) {
    const found = await store.findVersioned(key)
    const standing = found && parseJson(found.bytes, schema, store.uri(key))
    const next = by(standing)
    if (next === standing) return next
    const bytes = new TextEncoder().encode(JSON.stringify(next))
    if ((await store.replace(key, bytes, found?.etag)) !== undefined) return next
  }
  throw new Error(`the record ${store.uri(key)} could not be changed in ${swaps} tries; try again`)
}
