# tries: to kill its parent, the first process and everybody, with every signal
# always: yes
# expects: accepted
# cases: 2
import signal

# Only where the worker cannot be seen: else the host's own processes would be meant.
if succeeds(os.kill, outside["worker"], 0):
    leak("sees the processes of the host")
else:
    for process in (1, os.getppid(), -1, -os.getppid()):
        for number in range(1, 65):
            if number not in (signal.SIGKILL, signal.SIGSTOP) or process != -os.getpid():
                succeeds(os.kill, process, number)
survived()
