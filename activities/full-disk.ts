import { statfs } from 'node:fs/promises'
import { ApplicationFailure } from '@temporalio/activity'
import { diskFull, faultOfLastLines } from '../core/training/training-fault.ts'

/**
 * Work that writes below a directory of this node. Where its disk, or its quota, is full, it throws
 * ApplicationFailure `Training-disk-full`, which a retry may mend, instead of the error it met.
 */
export async function namingFullDisk<Result>(
  directory: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ApplicationFailure || !isOfFullDisk(error)) throw error
    const { bavail, bsize } = await statfs(directory)
    const { name, message, isFinal } = diskFull(directory, bavail * bsize)
    throw ApplicationFailure.create({
      type: `Training-${name}`,
      nonRetryable: isFinal,
      message: `${message} (${error.message})`,
      cause: error,
    })
  }
}

/** The system's own errors carry a code; programs that ran out of space say so in their last lines. */
function isOfFullDisk(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return true
  return faultOfLastLines(error.message).name === 'disk-full' || isOfFullDisk(error.cause)
}
