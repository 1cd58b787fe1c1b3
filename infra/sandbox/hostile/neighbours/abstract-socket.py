# tries: to talk to another program by an abstract socket (for 0.6 s)
# expects: accepted
# neighbourSeconds: 0.8
import socket
import time

end = time.monotonic() + 0.6
while time.monotonic() < end:
    try:
        link = socket.socket(socket.AF_UNIX)
        link.connect(f"\0neighbour-{outside['marker']}")
        leak("reached another program")
        break
    except OSError:
        time.sleep(0.02)
survived()
