# tries: to find out whether it shares the host's ports
# expects: accepted
import socket

for kind, port in ((socket.SOCK_STREAM, "tcp4"), (socket.SOCK_DGRAM, "udp4")):
    try:
        with socket.socket(socket.AF_INET, kind) as link:
            link.bind(("127.0.0.1", outside[port]))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            leak("shares the host's ports")
survived()
