# tries: to set the clock (to what it shows)
# expects: accepted
import time

now = int(time.time())
must_be_refused("clock_settime", 0, (ctypes.c_long * 2)(now, 0))
must_be_refused("settimeofday", (ctypes.c_long * 2)(now, 0), None)
survived()
