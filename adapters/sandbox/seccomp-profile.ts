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

/** What the OCI calls them. */
const machineNames: Readonly<Record<KnownMachine, string>> = {
  x64: 'SCMP_ARCH_X86_64',
  arm64: 'SCMP_ARCH_AARCH64',
}

type Condition = {
  readonly index: number
  readonly op: 'SCMP_CMP_NE' | 'SCMP_CMP_MASKED_EQ'
  readonly value: number
  readonly valueTwo?: number
}

/** Arguments are 64 bits wide, what these calls look at 32. */
const lowHalf = 0xffffffff

/**
 * The same rules as bubblewrap's filter, in the words of container engines (the OCI's `seccomp`):
 * their own profiles let a program make namespaces and keep keys. Throws SandboxUnavailableError for
 * another machine.
 */
export function seccompProfile(architecture: string) {
  const { notPermitted, notImplemented, familyNotSupported } = refusals
  return {
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures: [machineNames[knownMachine(architecture)]],
    syscalls: [
      refuse(Object.keys(refusedCalls), notPermitted),
      // Its flags lie in memory, where no filter can read them: the C library falls back to clone.
      refuse(['clone3'], notImplemented),
      ...bitsOf(newNamespaces).map((bit) => refuse(['clone'], notPermitted, [masked(0, bit, bit)])),
      refuse(['socket'], familyNotSupported, [{ index: 0, op: 'SCMP_CMP_NE', value: unixFamily }]),
      ...terminalInput.map((request) => refuse(['ioctl'], notPermitted, [equal(1, request)])),
      ...locksAndWatches.map((command) => refuse(['fcntl'], notPermitted, [equal(1, command)])),
      // One's own limits only, not those of the first process.
      refuse(['prlimit64'], notPermitted, [{ index: 0, op: 'SCMP_CMP_NE', value: 0 }]),
    ],
  }
}

function refuse(names: readonly string[], errnoRet: number, args: readonly Condition[] = []) {
  return { names, action: 'SCMP_ACT_ERRNO', errnoRet, args }
}

function equal(index: number, wanted: number): Condition {
  return masked(index, lowHalf, wanted)
}

function masked(index: number, mask: number, wanted: number): Condition {
  return { index, op: 'SCMP_CMP_MASKED_EQ', value: mask, valueTwo: wanted }
}

function bitsOf(flags: number): number[] {
  return Array.from({ length: 31 }, (_, at) => 2 ** at).filter((bit) => (flags & bit) !== 0)
}
