# tries: to outrun whoever kills it, as a process that always is another one (300 hops)
# expects: accepted
import time

if os.fork() == 0:
    os.setsid()
    for _ in range(300):
        try:
            if os.fork() != 0:
                os._exit(0)
        except OSError:
            pass
        time.sleep(0.02)
    os._exit(0)
survived()
