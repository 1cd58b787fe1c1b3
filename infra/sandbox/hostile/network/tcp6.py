# tries: to connect to a listener on the host's loopback over IPv6
# expects: accepted
import socket

try:
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as link:
        link.settimeout(1)
        link.connect(("::1", outside["tcp6"]))
        leak("connected to ::1")
except OSError:
    pass
survived()
