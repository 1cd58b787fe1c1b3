/**
 * Works on all items, so many at once, each begun after the one before it; gives the results in the
 * items' order. The first failure, or the signal, aborts the signal that the others were given; it is
 * thrown when all have ended, so that nothing goes on unseen.
 */
export async function inTurn<Item, Result>(
  items: readonly Item[],
  run: { readonly atOnce: number; readonly signal?: AbortSignal | undefined },
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const failure = new AbortController()
  const signal = AbortSignal.any([failure.signal, ...(run.signal ? [run.signal] : [])])
  const results = Array.from<Result>({ length: items.length })
  // Shared by the lanes: each takes the next item when it is free.
  const waiting = items.entries()
  const lane = async () => {
    try {
      for (const [at, item] of waiting) {
        signal.throwIfAborted()
        results[at] = await work(item, signal)
      }
    } catch (error) {
      failure.abort(error)
    }
  }
  await Promise.all(Array.from({ length: Math.min(run.atOnce, items.length) }, lane))
  signal.throwIfAborted()
  return results
}
