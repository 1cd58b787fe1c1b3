# tries: to keep 200 MiB in the kernel, in sockets that nobody reads
# expects: accepted, memory-limit, runtime-error
import socket

kept, pairs = 0, []
try:
    while len(pairs) < 120:
        pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        pairs.append(pair)
        pair[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        pair[0].setblocking(False)
        while kept < 200 << 20:
            kept += pair[0].send(bytes(64 << 10))
except OSError:
    pass
if kept > 180 << 20:
    leak(f"kept {kept >> 20} MiB in sockets")
survived()
