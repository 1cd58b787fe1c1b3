# tries: to send packets of its own making to the host's loopback
# expects: accepted
import socket

for family, protocol in ((socket.AF_INET, 1), (socket.AF_INET, 255), (socket.AF_INET6, 58)):
    must_fail("has raw sockets", socket.socket, family, socket.SOCK_RAW, protocol)
must_fail("has packet sockets", socket.socket, 17, socket.SOCK_RAW, 0x0300)
survived()
