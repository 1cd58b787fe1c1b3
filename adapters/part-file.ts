import { Worker } from 'node:worker_threads'
import type { FilePart } from '../core/transfer-plan.ts'

/** What the thread is started with. */
export type PartFileTask = {
  readonly path: string
  readonly mode: 'read' | 'write'
  readonly bytes: number
}

/** One part for the thread to read into this memory, or to write from it. */
export type PartOrder = {
  readonly memory: ArrayBuffer
  readonly offset: number
  readonly length: number
  readonly withMd5: boolean
}

/** The thread's answer, with the memory given back. */
export type PartAnswer =
  | {
      readonly memory: ArrayBuffer
      readonly sums: PartSums
      /** Of the whole file, in hex, with its last part. */
      readonly sha256: string | undefined
    }
  | { readonly failure: string }

/** Sums of one part: CRC32 in Base64, as S3 takes it, and MD5 in hex where it was asked for. */
export type PartSums = { readonly crc32: string; readonly md5: string | undefined }

/** A part that was read; its bytes lie in the memory. */
type ReadPart = {
  readonly memory: ArrayBuffer
  readonly bytes: Buffer
  readonly sums: PartSums
}

type Waiting = { resolve(answer: Exclude<PartAnswer, { failure: string }>): void; reject: Reject }
type Reject = (error: Error) => void

/**
 * A file that is read or written part by part, with the sums of each part and the SHA-256 of the
 * whole, on a thread of its own. Parts are to be asked for in the order of the file. Memory goes
 * from hand to hand: no more is held than parts are out.
 */
export class PartFile implements AsyncDisposable {
  readonly #thread: Worker
  readonly #waiting: Waiting[] = []
  readonly #free: ArrayBuffer[] = []
  #sha256: string | undefined
  #failure: Error | undefined

  private constructor(task: PartFileTask) {
    const program = new URL('./part-file-thread.ts', import.meta.url)
    this.#thread = new Worker(program, { workerData: task })
    this.#thread.on('message', (answer: PartAnswer) => this.#settle(answer))
    this.#thread.on('error', (error) => {
      this.#failure = error instanceof Error ? error : new Error(String(error))
      for (const { reject } of this.#waiting.splice(0)) reject(this.#failure)
    })
  }

  /** A file to read, of this size in bytes. */
  static read(path: string, bytes: number): PartFile {
    return new PartFile({ path, mode: 'read', bytes })
  }

  /** A file to write, which has its size in bytes from the start. */
  static write(path: string, bytes: number): PartFile {
    return new PartFile({ path, mode: 'write', bytes })
  }

  /** SHA-256 of the whole in hex, once its last part has been read or written. */
  get sha256(): string {
    if (this.#sha256 === undefined) throw new Error('the digest was asked for before the last part')
    return this.#sha256
  }

  /** The bytes of a part and their sums; `release` the memory when it is not needed any more. */
  async read(
    { offset, length }: FilePart,
    { memory, withMd5 }: { readonly memory: ArrayBuffer; readonly withMd5: boolean },
  ): Promise<ReadPart> {
    const answer = await this.#order({ memory, offset, length, withMd5 })
    const bytes = Buffer.from(answer.memory, 0, length)
    return { memory: answer.memory, bytes, sums: answer.sums }
  }

  /** Writes a part from this memory, and releases it. */
  async write({ offset, length }: FilePart, memory: ArrayBuffer): Promise<void> {
    const answer = await this.#order({ memory, offset, length, withMd5: false })
    this.release(answer.memory)
  }

  /** Memory for a part of at most this size: what was released before, else new. */
  memory(bytes: number): ArrayBuffer {
    return this.#free.pop() ?? new ArrayBuffer(bytes)
  }

  release(memory: ArrayBuffer): void {
    this.#free.push(memory)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate()
    // Given up at once and not when the collector comes by: the next file takes as much.
    for (const memory of this.#free.splice(0)) memory.transfer(0)
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('the file was closed'))
  }

  #order(order: PartOrder): Promise<Exclude<PartAnswer, { failure: string }>> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#thread.postMessage(order, [order.memory])
    })
  }

  /** The thread answers in the order in which it was asked. */
  #settle(answer: PartAnswer): void {
    const waiting = this.#waiting.shift()
    if ('failure' in answer) return waiting?.reject(new Error(answer.failure))
    this.#sha256 ??= answer.sha256
    waiting?.resolve(answer)
  }
}

/** A CRC32 as S3 writes it: its four bytes, highest first, in Base64. */
export function crc32Base64(crc: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc)
  return bytes.toString('base64')
}
