import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'
import {
  type AnswerComparison,
  type AnswerPair,
  MathGraderUnavailableError,
} from '../../core/ports/math-grader.ts'
import type { GraderCommand } from './grader-command.ts'

/** Import of the libraries takes under a second; a loaded machine gets many. */
const startMs = 60_000
/**
 * The process ends itself after 2 s of CPU time (compare_answers.py), so on a machine that is not
 * overloaded a pair is answered well within 6 s. Wall time must not decide while others have the
 * processors; this is for a process that gets none at all, or is stopped.
 */
const backstopMs = 20_000
/** How long a process that has closed its output may take to be gone. */
const endMs = 1_000
/** sympy's caches grow; a fresh process costs about a second. */
const maxPairs = 5_000

const Ready = z.strictObject({ ready: z.literal(true) })
const Reply = z.object({
  id: z.int(),
  outcome: z.enum(['equal', 'different', 'undecided']),
  reason: z.string().min(1),
  /** The process asks to be replaced: it ran out of memory, or has grown. */
  retire: z.boolean(),
})

/** One Python process that compares one pair at a time, and that can be killed at any moment. */
export class GraderProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #lines: AsyncIterator<string, undefined>
  readonly #closed: Promise<unknown>
  #pairs = 0
  #isUsable = true
  #isLate = false
  #complaint = ''

  private constructor({ program, arguments: given, environment }: GraderCommand) {
    this.#child = spawn(program, given, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true, // its own process group, so that a kill takes all of it
      cwd: '/',
      env: environment,
    })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
    this.#closed = new Promise((resolve) => this.#child.once('close', resolve))
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => this.#note(text))
    this.#child.on('error', (error) => this.#note(error.message))
    this.#child.stdin.on('error', (error) => this.#note(error.message))
  }

  /** Throws MathGraderUnavailableError where the interpreter or its packages are missing. */
  static async start(command: GraderCommand): Promise<GraderProcess> {
    const started = new GraderProcess(command)
    const line = await started.#readLine(startMs)
    if (Ready.safeParse(parsed(line)).success) return started
    await started.stop()
    const complaint = started.#complaint.trim() || 'no answer'
    throw new MathGraderUnavailableError(`${command.program} did not start it: ${complaint}`)
  }

  /** False once it has ended, was killed, or is due to be replaced. */
  get isUsable(): boolean {
    const { exitCode, signalCode } = this.#child
    return this.#isUsable && this.#pairs < maxPairs && exitCode === null && signalCode === null
  }

  async compare(pair: AnswerPair): Promise<AnswerComparison> {
    this.#pairs += 1
    const id = this.#pairs
    this.#child.stdin.write(`${JSON.stringify({ id, ...pair })}\n`)
    const line = await this.#readLine(backstopMs)
    const reply = Reply.safeParse(parsed(line))
    if (!reply.success || reply.data.id !== id) return this.#withoutReply(line)
    const { outcome, reason, retire } = reply.data
    if (retire) this.#isUsable = false
    return { outcome, reason }
  }

  /** Kills the process and whatever it started; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#kill()
    await this.#closed
  }

  async #withoutReply(line: string | undefined): Promise<AnswerComparison> {
    this.#isUsable = false
    // Where its output ended it is ending by itself, and how it ends tells why.
    const kill = setTimeout(() => this.#kill(), line === undefined ? endMs : 0)
    await this.#closed
    clearTimeout(kill)
    const { exitCode, signalCode } = this.#child
    // Bubblewrap, where it stands between, tells of a signal by a status.
    const outOfTime = signalCode === 'SIGPROF' || exitCode === 128 + constants.signals.SIGPROF
    const reason = outOfTime || this.#isLate ? 'time-out' : 'grader-crashed'
    return { outcome: 'undecided', reason }
  }

  /** The next line, or undefined when the process ended or was killed for lateness. */
  async #readLine(withinMs: number): Promise<string | undefined> {
    const timer = setTimeout(() => {
      this.#isLate = true
      this.#kill()
    }, withinMs)
    try {
      return (await this.#lines.next()).value
    } finally {
      clearTimeout(timer)
    }
  }

  #kill(): void {
    this.#isUsable = false
    const { pid, exitCode, signalCode } = this.#child
    if (pid === undefined || exitCode !== null || signalCode !== null) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // ESRCH: it has ended already.
    }
  }

  #note(text: string): void {
    this.#complaint = `${this.#complaint}${text}`.slice(-1_000)
  }
}

function parsed(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '')
  } catch {
    return undefined
  }
}
