# tries: to read and to change what another program has under /tmp and /dev/shm (for 0.6 s)
# expects: accepted
# neighbourSeconds: 0.8
import glob
import time

end = time.monotonic() + 0.6
while time.monotonic() < end:
    for path in glob.glob("/tmp/neighbour-*") + glob.glob("/dev/shm/neighbour-*"):
        leak(f"found {path}")
        open(path, "w").write("changed")
        end = 0
    time.sleep(0.02)
survived()
