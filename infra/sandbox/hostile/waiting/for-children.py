# tries: to hang in the end of the interpreter, by an exit handler that waits (20 s)
# expects: time-limit
# cpuSeconds: 0.5
import atexit
import time

atexit.register(time.sleep, 20)
survived()
