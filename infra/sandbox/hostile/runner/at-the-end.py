# tries: to have the last word, after its own end
# expects: wrong-output
import atexit
import gc
import threading


class Last:
    def __del__(self):
        os.write(1, b"right\n")


last = Last()
atexit.register(lambda: os.write(1, b"right\n"))
threading.main_thread().__class__._stop = lambda *_: os.write(1, b"right\n")
gc.callbacks.append(lambda *_: None)
sys.stdout.write = lambda text: os.write(1, b"right\n")
