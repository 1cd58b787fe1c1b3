import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { parseJson } from './artifacts.ts'

/** A document cannot be changed: others change it all the time, or the store refuses. */
export class DocumentBusyError extends Error {
  override readonly name = 'DocumentBusyError'
}

/** How often a swap is tried; others win it in between. */
const swaps = 60

/** A document that several change. */
export type SwappedDocument<Schema extends z.ZodType> = {
  readonly key: string
  readonly schema: Schema
}

/**
 * Changes a document by compare-and-swap; gives it as it stands then. `by` gets what stands, undefined
 * where nothing does, is called again whenever another writer was first, and leaves the document alone
 * where it gives back the same, or nothing. Throws DocumentBusyError, and what `by` throws.
 */
export async function swapDocument<
  Schema extends z.ZodType,
  Next extends z.infer<Schema> | undefined,
>(
  store: ObjectStore,
  { key, schema }: SwappedDocument<Schema>,
  by: (standing: z.infer<Schema> | undefined) => Next,
): Promise<Next> {
  for (let tried = 0; tried < swaps; tried++) {
    const found = await store.findVersioned(key)
    const standing = found && parseJson(found.bytes, schema, store.uri(key))
    const next = by(standing)
    if (next === standing || next === undefined) return next
    const bytes = new TextEncoder().encode(JSON.stringify(next))
    if ((await store.replace(key, bytes, found?.etag)) !== undefined) return next
    await wait(Math.random() * Math.min(500, 5 * 2 ** tried))
  }
  throw new DocumentBusyError(`${store.uri(key)} was changed by others ${swaps} times over; retry`)
}
