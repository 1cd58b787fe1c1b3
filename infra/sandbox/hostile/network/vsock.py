# tries: to connect to the host's own end of a virtual machine's socket
# expects: accepted
import socket

try:
    with socket.socket(40, socket.SOCK_STREAM) as link:  # AF_VSOCK
        leak("has sockets of virtual machines")
        link.settimeout(1)
        link.connect((1, outside["tcp4"]))  # 1: the loopback
        leak("connected over vsock")
except OSError:
    pass
survived()
