# tries: to connect to an abstract Unix socket of the host, which no file system holds
# expects: accepted
import socket

for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    try:
        with socket.socket(socket.AF_UNIX, kind) as link:
            link.connect(f"\0{outside['abstract']}")
            leak("connected to an abstract socket of the host")
    except OSError:
        pass
survived()
