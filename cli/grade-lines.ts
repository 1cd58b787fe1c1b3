import { type InputLine, maxLineBytes, type UnreadableFault } from '../core/grading/grade-line.ts'

/** Bytes of a line that cannot be read that are kept: its id may stand there. */
const startBytes = 1024
const newline = 0x0a

/**
 * The lines of a stream of bytes, numbered from 1, blank ones left out. A line that is too long or no
 * UTF-8 is given with its beginning alone. Never more than one line is held.
 * @param most bytes of a line, its end aside
 */
export async function* readLines(
  stream: AsyncIterable<Uint8Array>,
  most: number = maxLineBytes,
): AsyncGenerator<InputLine> {
  const line = new LineBuffer(most)
  let number = 1
  for await (const chunk of stream) {
    let from = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      line.add(chunk.subarray(from, end))
      const read = line.take(number)
      if (read !== undefined) yield read
      number += 1
      from = end + 1
    }
    line.add(chunk.subarray(from))
  }
  const last = line.take(number)
  if (last !== undefined) yield last
}

/** The pieces of one line, as they come. */
class LineBuffer {
  readonly #most: number
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  #pieces: Uint8Array[] = []
  #bytes = 0
  #isTooLong = false

  constructor(most: number) {
    this.#most = most
  }

  add(piece: Uint8Array): void {
    if (this.#isTooLong || piece.length === 0) return
    this.#pieces.push(piece)
    this.#bytes += piece.length
    if (this.#bytes <= this.#most) return
    this.#isTooLong = true
    // A copy: a view would keep all of it.
    this.#pieces = [Uint8Array.from(this.#whole().subarray(0, startBytes))]
  }

  /** The line, undefined where it is blank; the next one begins. */
  take(number: number): InputLine | undefined {
    const whole = this.#whole()
    const isTooLong = this.#isTooLong
    this.#pieces = []
    this.#bytes = 0
    this.#isTooLong = false
    if (isTooLong) return unreadable(number, 'line-too-long', whole)
    try {
      const text = this.#decoder.decode(whole)
      return text.trim() === '' ? undefined : { number, bytes: whole.length, text }
    } catch {
      return unreadable(number, 'invalid-utf-8', whole)
    }
  }

  #whole(): Uint8Array {
    const [only = new Uint8Array(), ...others] = this.#pieces
    return others.length === 0 ? only : Buffer.concat(this.#pieces)
  }
}

function unreadable(number: number, fault: UnreadableFault, bytes: Uint8Array): InputLine {
  const start = new TextDecoder().decode(bytes.subarray(0, startBytes))
  return { number, bytes: startBytes, fault, start }
}
