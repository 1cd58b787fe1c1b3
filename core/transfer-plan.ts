// How a file travels to and from the object store. Limits of S3: 10,000 parts of an object, each but
// the last of 5 MiB to 5 GiB.

const MiB = 1024 * 1024
const mostParts = 10_000
/** Small parts let a file of some hundred MiB travel in parallel; large ones cost fewer requests. */
const leastPartBytes = 8 * MiB
const largePartBytes = 64 * MiB
/** One stream reaches some 50 to 100 MB/s at most object stores. */
const mostPartsInFlight = 16
const fileMemoryBytes = 512 * MiB

/** Files in parts that a process sends or fetches at once; others wait. */
export const filesInFlight = 4

/** Memory in bytes that a process holds in parts at most, whatever it transfers. */
export const transferMemoryBytes = filesInFlight * fileMemoryBytes

/** The largest file in bytes that can be sent: as many parts as S3 allows, each alone in memory. */
export const largestFileBytes = mostParts * fileMemoryBytes

/** A part of a file. Numbers begin at 1, as those of S3 do; offset and length are in bytes. */
export type FilePart = { readonly number: number; readonly offset: number; readonly length: number }

/** How one file is cut. A file of one part travels whole, in one request. */
export type TransferPlan = {
  readonly partBytes: number
  readonly parts: readonly FilePart[]
  /** Parts in memory at once; times `partBytes` it is at most this file's share of the memory. */
  readonly partsInFlight: number
}

/**
 * The plan of a file of this size, in bytes. It depends on nothing else, so that a later attempt cuts
 * the file as the one before did and can go on with its parts. Throws RangeError beyond
 * `largestFileBytes`.
 */
export function transferPlan(bytes: number): TransferPlan {
  if (bytes > largestFileBytes) {
    throw new RangeError(
      `a file of ${bytes} bytes cannot be stored: the most is ${largestFileBytes}; save it in shards`,
    )
  }
  const shared = roundedUp(bytes / mostPartsInFlight)
  const wanted = Math.min(Math.max(shared, leastPartBytes), largePartBytes)
  const partBytes = Math.max(wanted, roundedUp(bytes / mostParts))
  const count = Math.max(1, Math.ceil(bytes / partBytes))
  const parts = Array.from({ length: count }, (_, at) => {
    const offset = at * partBytes
    return { number: at + 1, offset, length: Math.min(partBytes, bytes - offset) }
  })
  const fitting = Math.floor(fileMemoryBytes / partBytes)
  return { partBytes, parts, partsInFlight: Math.min(count, fitting, mostPartsInFlight) }
}

/** To whole MiB: parts begin where pages of the disk do. */
function roundedUp(bytes: number): number {
  return Math.ceil(bytes / MiB) * MiB
}
