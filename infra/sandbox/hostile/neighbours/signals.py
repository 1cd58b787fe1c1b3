# tries: to kill the programs that run beside it
# expects: accepted
# neighbourSeconds: 0.5
import signal
import time

time.sleep(0.2)
# Only where the worker cannot be seen: else the host's own processes would be meant.
if succeeds(os.kill, outside["worker"], 0):
    leak("sees the processes of the host")
else:
    for process in range(2, 400):
        if process != os.getpid():
            succeeds(os.kill, process, signal.SIGKILL)
survived()
