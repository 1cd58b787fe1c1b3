# tries: to die in an unusual way and be taken for finished
# expects: runtime-error
import signal

os.kill(os.getpid(), signal.SIGKILL)
