import { SandboxUnavailableError } from '../../core/ports/code-sandbox.ts'

/** A machine whose system calls are known here, as Node names it. */
export type KnownMachine = 'x64' | 'arm64'

/** Throws SandboxUnavailableError for a machine whose system calls have other numbers. */
export function knownMachine(architecture: string): KnownMachine {
  if (architecture === 'x64' || architecture === 'arm64') return architecture
  throw new SandboxUnavailableError({
    missing: `no seccomp table for ${architecture}`,
    mend: 'run the sandbox pool on x64 or arm64',
  })
}

/**
 * The system calls that a program has no use for and an attacker has, as x86-64 and arm64 number
 * them (-1: not there): other namespaces and mounts; other processes' memory; keyrings, which no
 * namespace divides; io_uring, which passes by later rules; objects that outlive their process
 * (System V and POSIX queues), by which one case could tell the next; locks and watches on files
 * that every sandbox shows, by which two programs could tell each other; a priority below everyone's,
 * with which a program would wait, and be given that time again; and the kernel's own doors.
 */
export const refusedCalls: Readonly<Record<string, readonly [number, number]>> = {
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

/** CLONE_NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET. */
export const newNamespaces = 0x7e020000
export const unixFamily = 1
/** Input into the terminal of whoever started the sandbox. */
export const terminalInput = [0x5412, 0x541c]
/** F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW, F_SETLEASE, F_NOTIFY: see `flock` above. */
export const locksAndWatches = [6, 7, 37, 38, 1024, 1026]

/** What refused calls answer (errno.h). */
export const refusals = { notPermitted: 1, notImplemented: 38, familyNotSupported: 97 } as const
