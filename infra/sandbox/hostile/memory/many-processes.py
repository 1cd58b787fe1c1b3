# tries: to take 400 MiB with 25 processes that are small each
# expects: accepted, memory-limit
import time

children = 0
for _ in range(25):
    if os.fork() == 0:
        kept = bytes(16 << 20).replace(b"\0", b"x")
        time.sleep(1)
        os._exit(0)
    children += 1
if all(os.wait()[1] == 0 for _ in range(children)):
    leak("25 processes took 400 MiB")
survived()
