# tries: to connect to a Unix socket of the host, by its path; looks for others that would be a way out
# expects: accepted
import socket

for path in ("/var/run/docker.sock", "/run/dbus/system_bus_socket", "/run/containerd/containerd.sock"):
    if os.path.exists(path):
        leak(f"sees {path}")
try:
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(outside["unix"])
        leak("connected to a socket of the host")
except OSError:
    pass
survived()
