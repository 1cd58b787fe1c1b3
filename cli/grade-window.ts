/** How much may be under way at once, from the reading of an item to the giving of its result. */
export type WindowBounds<Item> = {
  readonly items: number
  readonly size: number
  sizeOf(item: Item): number
}

type Entry<Result> = { readonly result: Promise<Result>; readonly size: number }

/**
 * What `work` makes of each item, in their order, while those after it are in work. An item is taken
 * when there is room for it, whether or not results are asked for; a result is given as soon as all
 * before it were, whether or not more items come.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
  bounds: WindowBounds<Item>,
): AsyncGenerator<Result> {
  const entries: Entry<Result>[] = []
  const arrival = new Turnstile()
  const room = new Turnstile()
  let size = 0
  let isOver = false

  const isFull = () => !isOver && (entries.length >= bounds.items || size >= bounds.size)

  async function take(): Promise<void> {
    for await (const item of items) {
      const result = work(item)
      result.catch(() => {}) // thrown when its turn comes
      const entry = { result, size: bounds.sizeOf(item) }
      entries.push(entry)
      size += entry.size
      arrival.open()
      while (isFull()) await room.wait()
      if (isOver) return
    }
  }

  const taking = take().finally(() => {
    isOver = true
    arrival.open()
  })
  taking.catch(() => {}) // thrown when all that was taken is given
  try {
    for (;;) {
      const [first] = entries
      if (first !== undefined) {
        yield await first.result
        entries.shift()
        size -= first.size
        room.open()
      } else if (isOver) break
      else await arrival.wait()
    }
    await taking
  } finally {
    isOver = true
    room.open()
  }
}

/** Holds whoever waits until it is opened. */
class Turnstile {
  #opened = Promise.withResolvers<void>()

  open(): void {
    this.#opened.resolve()
    this.#opened = Promise.withResolvers<void>()
  }

  wait(): Promise<void> {
    return this.#opened.promise
  }
}
