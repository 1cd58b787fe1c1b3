# tries: to list the host's network interfaces, and to listen to its kernel's audit
# expects: accepted
import socket

try:
    interfaces = socket.if_nameindex()
except OSError:
    interfaces = []
for _, name in interfaces:
    if name != "lo":
        leak(f"sees the interface {name}")
try:
    with socket.socket(16, socket.SOCK_RAW, 9) as link:  # NETLINK_AUDIT
        link.bind((0, 1))
        leak("listens to the kernel's audit")
except OSError:
    pass
survived()
