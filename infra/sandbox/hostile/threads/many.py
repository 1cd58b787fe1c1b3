# tries: to start 600 threads
# expects: accepted, memory-limit
import threading

stop = threading.Event()
made = 0
threading.stack_size(64 << 10)
try:
    for made in range(1, 601):
        threading.Thread(target=stop.wait, args=(5,), daemon=True).start()
except RuntimeError:
    pass
if made > 256:
    leak(f"{made} threads at once")
stop.set()
survived()
