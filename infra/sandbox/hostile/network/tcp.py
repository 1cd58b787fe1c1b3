# tries: to connect to a listener on the host's loopback over IPv4, also as `localhost` in IPv6's form
# always: yes
# expects: accepted
import socket

for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::ffff:127.0.0.1")):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as link:
            link.settimeout(1)
            link.connect((host, outside["tcp4"]))
            leak(f"connected to {host}")
            link.sendall(b"from inside")
    except OSError:
        pass
survived()
