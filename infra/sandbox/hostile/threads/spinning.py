# tries: to use more processor time than one thread could, in eight threads
# expects: time-limit
# cpuSeconds: 1
import hashlib
import threading
import time

end = time.monotonic() + 20


def spin():
    block = bytes(1 << 20)
    while time.monotonic() < end:
        hashlib.sha256(block).digest()


threads = [threading.Thread(target=spin) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
survived()
