# tries: to send datagrams to a listener on the host's loopback
# expects: accepted
import socket

for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as link:
            link.sendto(b"from inside", (host, outside["udp4" if host[0] == "1" else "udp6"]))
    except OSError:
        pass
survived()
