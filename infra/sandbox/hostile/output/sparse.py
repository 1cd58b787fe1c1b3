# tries: to make its output a terabyte long without writing it
# expects: output-limit, wrong-output, runtime-error
import signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for action in (os.ftruncate, lambda file, size: os.posix_fallocate(file, 0, size)):
    try:
        action(1, 1 << 40)
    except OSError:
        pass
os.lseek(1, 1 << 39, os.SEEK_SET)
os.write(1, b"x")
