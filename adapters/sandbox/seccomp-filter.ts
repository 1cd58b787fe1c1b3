import { SandboxUnavailableError } from '../../core/ports/code-sandbox.ts'

/**
 * The system calls that a program has no use for and an attacker has, as x86-64 and arm64 number
 * them (-1: not there): other namespaces and mounts; other processes' memory; keyrings, which no
 * namespace divides; io_uring, which passes by later rules; objects that outlive their process
 * (System V and POSIX queues), by which one case could tell the next; locks and watches on files
 * that every sandbox shows, by which two programs could tell each other; a priority below everyone's,
 * with which a program would wait, and be given that time again; and the kernel's own doors.
 */
const refused: Readonly<Record<string, readonly [number, number]>> = {
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  shmget: [29, 194],
  semget: [64, 190],
  msgget: [68, 186],
  mq_open: [240, 180],
  flock: [73, 32],
  inotify_init: [253, -1],
  inotify_init1: [294, 26],
  setpriority: [141, 140],
  sched_setparam: [142, 118],
  sched_setscheduler: [144, 119],
  sched_setattr: [314, 274],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  fanotify_init: [300, 262],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  memfd_secret: [447, 447],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  syslog: [103, 116],
  acct: [163, 89],
  quotactl: [179, 60],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  adjtimex: [159, 171],
  clock_adjtime: [305, 266],
  personality: [135, 92],
  modify_ldt: [154, -1],
  iopl: [172, -1],
  ioperm: [173, -1],
}

type Machine = {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number
  /** Which column of {@link refused}. */
  readonly column: 0 | 1
  readonly clone: number
  readonly clone3: number
  readonly socket: number
  readonly ioctl: number
  readonly fcntl: number
  readonly prlimit64: number
}

const machines: Readonly<Record<string, Machine>> = {
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
const notPermitted = refuseWith(1)
const notImplemented = refuseWith(38)
const familyNotSupported = refuseWith(97)

// Where `struct seccomp_data` has the call's number, the machine, and the arguments' low halves.
const numberAt = 0
const machineAt = 4
const argumentAt = (index: number) => 16 + 8 * index

/** CLONE_NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET. */
const newNamespaces = 0x7e020000
const unixFamily = 1
/** Input into the terminal of whoever started the sandbox. */
const terminalInput = [0x5412, 0x541c]
/** F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW, F_SETLEASE, F_NOTIFY: see `flock` above. */
const locksAndWatches = [6, 7, 37, 38, 1024, 1026]
/** On x86-64 the numbers of the x32 convention begin here. */
const x32 = 0x40000000

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number]

/**
 * The seccomp program that bubblewrap loads: calls above are refused, new processes get no new
 * namespaces, sockets are Unix sockets only. Throws SandboxUnavailableError for another machine.
 */
export function seccompFilter(architecture: string): Uint8Array {
  const machine = machines[architecture]
  if (machine === undefined) {
    throw new SandboxUnavailableError({
      missing: `no seccomp table for ${architecture}`,
      mend: 'run the sandbox pool on x64 or arm64',
    })
  }
  return assemble([
    [load, 0, 0, machineAt],
    [jumpIfEqual, 1, 0, machine.audit],
    [answer, 0, 0, killProcess],
    [load, 0, 0, numberAt],
    [jumpIfAtLeast, 0, 1, x32],
    [answer, 0, 0, notImplemented],
    ...Object.values(refused).flatMap((numbers) =>
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
