# tries: to make a file of a terabyte that takes no space
# expects: accepted
import signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open(f"/tmp/{outside['marker']}", "wb") as file:
    must_fail("made a file of a terabyte", os.truncate, file.fileno(), 1 << 40)
survived()
