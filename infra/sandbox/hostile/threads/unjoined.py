# tries: to hang the end of the interpreter on a thread that never ends (20 s)
# expects: time-limit
# cpuSeconds: 0.5
import threading
import time

threading.Thread(target=time.sleep, args=(20,)).start()
survived()
