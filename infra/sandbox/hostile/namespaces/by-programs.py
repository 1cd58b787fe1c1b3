# tries: to become root of a namespace with the system's own programs
# expects: accepted
import subprocess

for command in (
    ["unshare", "-Ur", "true"], ["unshare", "-Urmpf", "mount", "-t", "proc", "proc", "/proc"],
    ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], ["nsenter", "-t", "1", "-m", "-n", "true"],
    ["chroot", "/", "true"],
):
    try:
        done = subprocess.run(command, timeout=2, check=False, capture_output=True)
    except (OSError, subprocess.TimeoutExpired):
        continue
    if done.returncode == 0:
        leak(f"{' '.join(command)} works")
survived()
