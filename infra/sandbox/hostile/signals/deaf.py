# tries: to go on after its processor time by ignoring every signal that can be
# expects: time-limit
# cpuSeconds: 1
import signal
import time

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
end = time.monotonic() + 20
while time.monotonic() < end:
    pass
survived()
