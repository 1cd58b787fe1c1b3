# tries: to start 819 processes in three generations
# always: yes
# expects: accepted, time-limit, memory-limit
import time

counting, counted = os.pipe()


def spread(depth):
    for _ in range(9):
        try:
            if depth > 0 and os.fork() == 0:
                os.write(counted, b"!")
                spread(depth - 1)
                time.sleep(0.5)
                os._exit(0)
        except OSError:
            return


spread(3)
time.sleep(0.3)
os.set_blocking(counting, False)
made = len(os.read(counting, 10_000))
if made > 256:
    leak(f"{made} processes at once")
survived()
