/** What the server does to requests for a file, or to any request whose address holds `path`. */
export type HubFault = {
  readonly kind:
    | 'server-error'
    | 'rate-limited'
    /** The connection ends after half of the bytes; that of a commit, when it is done and unanswered. */
    | 'cut'
    /** Half of the bytes, and then nothing: the connection stays. */
    | 'stall'
    /** Half of the bytes, sent as if they were all. */
    | 'truncate'
    /** One byte is another. */
    | 'alter'
  readonly path: string
  /** How many requests it hits; then it is over. */
  readonly times: number
}

/** Hands out faults until they are used up. */
export function createFaults(faults: readonly HubFault[]) {
  const left = faults.map((fault) => ({ ...fault }))
  return {
    /** The fault that hits a request of this address, if any. */
    next(address: string, kinds: readonly HubFault['kind'][]): HubFault['kind'] | undefined {
      const hit = left.find(
        ({ kind, path, times }) => times > 0 && kinds.includes(kind) && address.includes(path),
      )
      if (hit === undefined) return undefined
      hit.times -= 1
      return hit.kind
    },
  }
}
export type Faults = ReturnType<typeof createFaults>
