# tries: to sleep past the end
# expects: time-limit
# cpuSeconds: 0.5
import time

time.sleep(20)
survived()
