# tries: to make whoever reads its output wait for a child that holds it
# expects: accepted
import time

if os.fork() == 0:
    os.setsid()
    time.sleep(20)
    os._exit(0)
survived()
