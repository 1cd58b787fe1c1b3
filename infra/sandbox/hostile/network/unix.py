# tries: to connect to a Unix socket of the host, by its path
# expects: accepted
import socket

for path in (outside["unix"], "/var/run/docker.sock", "/run/dbus/system_bus_socket"):
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(path)
            leak(f"connected to {path}")
    except OSError:
        pass
survived()
