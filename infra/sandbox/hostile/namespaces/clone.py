# tries: to start a process in namespaces of its own
# expects: accepted
import signal

clone = libc.syscall
for flags in (0x10000000, 0x10000000 | 0x20000, 0x20000000 | 0x10000000):
    number = 56 if COLUMN == 0 else 220
    wide = [ctypes.c_long(value) for value in (number, flags | signal.SIGCHLD, 0, 0, 0, 0)]
    process = clone(*wide)
    if process == 0:
        os._exit(0)
    if process > 0:
        leak("started a process in a namespace of its own")
arguments = (ctypes.c_ulong * 11)(0x10000000, 0, 0, 0, signal.SIGCHLD)
process = call("clone3", arguments, 88)
if process == 0:
    os._exit(0)
if process > 0:
    leak("clone3 started a process in a namespace of its own")
survived()
