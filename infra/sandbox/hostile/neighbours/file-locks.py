# tries: to tell and be told by locks on files of the system that all see (for 0.6 s)
# expects: accepted
# neighbourSeconds: 0.8
import fcntl
import struct
import time

end = time.monotonic() + 0.6
while time.monotonic() < end:
    with open("/usr/bin/env", "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(file, fcntl.LOCK_UN)
        except BlockingIOError:
            leak("sees the lock of another program")
            break
        except OSError:
            pass
        for command in (fcntl.F_GETLK, 36):  # F_OFD_GETLK
            try:
                asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
                answer = fcntl.fcntl(file, command, asked)
            except OSError:
                continue
            if struct.unpack("hhqqi4x", answer)[0] != fcntl.F_UNLCK:
                leak("sees a record lock of another program")
                end = 0
    time.sleep(0.02)
survived()
