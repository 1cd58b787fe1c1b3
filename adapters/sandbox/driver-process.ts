import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type Readable, Writable } from 'node:stream'

/** Enters the control groups before anything runs, so that nothing is ever outside them. */
const enter = `
while [ "$1" != -- ]; do echo 0 >"$1" || exit 1; shift; done
shift
ulimit -S -s ${256 * 1024} 2>/dev/null
exec "$@"`

/** Lines of standard error kept for the report of a failed start. */
const errorCharacters = 1000

export type DriverCommand = {
  /** What makes the sandbox and starts the driver in it. */
  readonly program: string
  readonly arguments: readonly string[]
  /** What that program finds in its environment; nothing of it is for the driver. */
  readonly environment: Readonly<Record<string, string>>
  /** The seccomp program, for bubblewrap to read from descriptor 3. */
  readonly filter: Uint8Array | undefined
  /** Files to write `0` into, to enter the control group. */
  readonly entrances: readonly string[]
}

/** The driver inside a new sandbox: asked in JSON lines, one answer for each question. */
export class DriverProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #ended: Promise<void>
  #answer: ((line: string | undefined) => void) | undefined
  #hasEnded = false
  #errorText = ''

  constructor({ program, arguments: rest, environment, filter, entrances }: DriverCommand) {
    this.#child = spawn('/bin/sh', ['-c', enter, 'sh', ...entrances, '--', program, ...rest], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: environment,
      // A Ctrl-C in the terminal is for the worker, which ends its sandboxes in its own time.
      detached: true,
    })
    this.#ended = new Promise((resolve) => {
      for (const event of ['close', 'error']) this.#child.once(event, () => resolve(this.#end()))
    })
    const filterPipe = this.#child.stdio[3]
    // What is written to a driver that has died is answered by its end, not by an error.
    for (const pipe of [this.#child.stdin, filterPipe]) pipe?.on('error', () => {})
    if (filterPipe instanceof Writable) filterPipe.end(filter ?? '')
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errorText = (this.#errorText + text).slice(-errorCharacters)
    })
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#answer?.(line))
  }

  /** Says something that wants no answer. */
  tell(message: object): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`)
  }

  /** The answer to one question; undefined if the driver died, or did not answer in time and was killed. */
  async ask(message: object, timeoutMs: number): Promise<string | undefined> {
    if (this.#hasEnded) return undefined
    const timer = setTimeout(() => this.kill(), timeoutMs)
    try {
      return await new Promise((resolve) => {
        this.#answer = resolve
        this.tell(message)
      })
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * Ends the program, whose death is the death of its namespace once that stands; what it had begun
   * to make before is ended with the control group. Nothing more is answered.
   */
  kill(): void {
    this.#child.kill('SIGKILL')
    this.#end()
  }

  /** What was said on standard error, once the process and all that holds its output are gone. */
  async lastWords(): Promise<string> {
    await this.#ended
    return this.#errorText.trim()
  }

  #end(): void {
    this.#hasEnded = true
    this.#answer?.(undefined)
  }
}
