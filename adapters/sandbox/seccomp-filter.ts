import {
  type KnownMachine,
  knownMachine,
  locksAndWatches,
  newNamespaces,
  refusals,
  refusedCalls,
  terminalInput,
  unixFamily,
} from './seccomp-rules.ts'

type Machine = {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number
  /** Which column of {@link refusedCalls}. */
  readonly column: 0 | 1
  readonly clone: number
  readonly clone3: number
  readonly socket: number
  readonly ioctl: number
  readonly fcntl: number
  readonly prlimit64: number
}

const machines: Readonly<Record<KnownMachine, Machine>> = {
  x64: {
    audit: 0xc000003e,
    column: 0,
    clone: 56,
    clone3: 435,
    socket: 41,
    ioctl: 16,
    fcntl: 72,
    prlimit64: 302,
  },
  arm64: {
    audit: 0xc00000b7,
    column: 1,
    clone: 220,
    clone3: 435,
    socket: 198,
    ioctl: 29,
    fcntl: 25,
    prlimit64: 261,
  },
}

// Operations of classic BPF and answers of seccomp (linux/bpf_common.h, linux/seccomp.h).
const load = 0x20
const jumpIfEqual = 0x15
const jumpIfAnyBit = 0x45
const jumpIfAtLeast = 0x35
const answer = 0x06
const allow = 0x7fff0000
const killProcess = 0x80000000
const refuseWith = (errno: number) => 0x00050000 | errno
const notPermitted = refuseWith(refusals.notPermitted)
const notImplemented = refuseWith(refusals.notImplemented)
const familyNotSupported = refuseWith(refusals.familyNotSupported)

// Where `struct seccomp_data` has the call's number, the machine, and the arguments' low halves.
const numberAt = 0
const machineAt = 4
const argumentAt = (index: number) => 16 + 8 * index

/** On x86-64 the numbers of the x32 convention begin here. */
const x32 = 0x40000000

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number]

/**
 * The seccomp program that bubblewrap loads: the calls of the rules are refused, new processes get no new
 * namespaces, sockets are Unix sockets only. Throws SandboxUnavailableError for another machine.
 */
export function seccompFilter(architecture: string): Uint8Array {
  const machine = machines[knownMachine(architecture)]
  return assemble([
    [load, 0, 0, machineAt],
    [jumpIfEqual, 1, 0, machine.audit],
    [answer, 0, 0, killProcess],
    [load, 0, 0, numberAt],
    [jumpIfAtLeast, 0, 1, x32],
    [answer, 0, 0, notImplemented],
    ...Object.values(refusedCalls).flatMap((numbers) =>
      refuseCall(numbers[machine.column], notPermitted),
    ),
    // Its flags lie in memory, where no filter can read them: the C library falls back to clone.
    ...refuseCall(machine.clone3, notImplemented),
    ...checkArgument(machine.clone, 0, [
      [jumpIfAnyBit, 0, 1, newNamespaces],
      [answer, 0, 0, notPermitted],
    ]),
    ...checkArgument(machine.socket, 0, [
      [jumpIfEqual, 1, 0, unixFamily],
      [answer, 0, 0, familyNotSupported],
    ]),
    ...checkArgument(machine.ioctl, 1, terminalInput.flatMap(refuseEqual)),
    ...checkArgument(machine.fcntl, 1, locksAndWatches.flatMap(refuseEqual)),
    // One's own limits only, not those of the first process.
    ...checkArgument(machine.prlimit64, 0, [
      [jumpIfEqual, 1, 0, 0],
      [answer, 0, 0, notPermitted],
    ]),
    [answer, 0, 0, allow],
  ])
}

function refuseCall(number: number, refusal: number): Instruction[] {
  if (number < 0) return []
  return [
    [jumpIfEqual, 0, 1, number],
    [answer, 0, 0, refusal],
  ]
}

function refuseEqual(value: number): Instruction[] {
  return refuseCall(value, notPermitted)
}

/** Runs `check` on one argument of a call; what falls through it is allowed. */
function checkArgument(
  number: number,
  index: number,
  check: readonly Instruction[],
): Instruction[] {
  return [
    [jumpIfEqual, 0, check.length + 2, number],
    [load, 0, 0, argumentAt(index)],
    ...check,
    [answer, 0, 0, allow],
  ]
}

function assemble(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * 8)
  const view = new DataView(bytes.buffer)
  for (const [at, [code, ifTrue, ifFalse, value]] of instructions.entries()) {
    view.setUint16(at * 8, code, true)
    view.setUint8(at * 8 + 2, ifTrue)
    view.setUint8(at * 8 + 3, ifFalse)
    view.setUint32(at * 8 + 4, value, true)
  }
  return bytes
}
