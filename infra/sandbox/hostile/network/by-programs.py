# tries: to reach a listener on the host's loopback with the system's own programs
# expects: accepted
import subprocess

port = outside["tcp4"]
for command in (
    ["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo hello >&3"],
    ["curl", "-s", "-m", "1", f"http://127.0.0.1:{port}/"],
    ["perl", "-e", f"use IO::Socket; IO::Socket::INET->new('127.0.0.1:{port}') or exit 1"],
):
    try:
        done = subprocess.run(command, timeout=2, check=False, capture_output=True)
    except (OSError, subprocess.TimeoutExpired):
        continue
    if done.returncode == 0:
        leak(f"{command[0]} reached the host")
survived()
