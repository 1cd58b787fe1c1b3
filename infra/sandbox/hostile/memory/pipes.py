# tries: to keep 240 MiB in the kernel, in pipes that nobody reads
# expects: accepted, memory-limit, runtime-error
import fcntl

kept = 0
try:
    for _ in range(240):
        reading, writing = os.pipe()
        fcntl.fcntl(writing, 1031, 1 << 20)  # F_SETPIPE_SZ
        os.set_blocking(writing, False)
        kept += os.write(writing, bytes(1 << 20))
except OSError:
    pass
if kept > 200 << 20:
    leak(f"kept {kept >> 20} MiB in pipes")
survived()
