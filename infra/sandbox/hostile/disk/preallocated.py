# tries: to reserve 4 GiB of the disk without writing
# expects: accepted, memory-limit
import signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open(f"/tmp/{outside['marker']}", "wb") as file:
    must_fail("reserved 4 GiB", os.posix_fallocate, file.fileno(), 0, 4 << 30)
survived()
