# tries: to type into the terminal that the sandbox was started from (a space)
# expects: accepted
import fcntl

descriptors = [0, 1, 2]
for path in ("/dev/tty", "/dev/console", "/dev/tty0", "/dev/tty1", "/dev/ptmx"):
    try:
        descriptors.append(os.open(path, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        continue
    if path in ("/dev/tty", "/dev/tty0", "/dev/tty1"):
        leak(f"opened {path}")
for descriptor in descriptors:
    for request, argument in ((0x5412, b" "), (0x541C, b"\x02"), (0x15412, b" ")):
        wide = [ctypes.c_ulong(request | extra) for extra in (0, 1 << 32)]
        for each in wide:
            if libc.ioctl(ctypes.c_int(descriptor), each, argument) == 0:
                leak(f"typed into descriptor {descriptor}")
survived()
