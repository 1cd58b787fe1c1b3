# tries: to be stopped, neither ended nor running, with a process that would wake it after 20 s
# expects: time-limit
# cpuSeconds: 0.5
import signal
import time

first = os.getpid()
if os.fork() == 0:
    time.sleep(20)
    os.kill(first, signal.SIGCONT)
    os._exit(0)
os.kill(first, signal.SIGSTOP)
survived()
