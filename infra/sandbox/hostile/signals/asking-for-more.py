# tries: to go on after its processor time from the handler of the signal
# expects: time-limit
# cpuSeconds: 1
import resource
import signal
import time

signal.signal(signal.SIGXCPU, lambda *_: None)
try:
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
except (OSError, ValueError):
    pass
end = time.monotonic() + 20
while time.monotonic() < end:
    pass
survived()
