# tries: to go on starting processes, 2,000 at most, until it is stopped from outside
# expects: time-limit, memory-limit
# cpuSeconds: 0.5
import time

for _ in range(2000):
    try:
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
    except OSError:
        time.sleep(0.01)
time.sleep(20)
