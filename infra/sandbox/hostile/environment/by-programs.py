# tries: to see the worker's environment and processes with the system's own programs
# expects: wrong-output
import subprocess

for command in (["env"], ["ps", "auxeww"], ["id"], ["mount"], ["cat", "/proc/1/environ"]):
    try:
        subprocess.run(command, timeout=2, check=False)
    except (OSError, subprocess.TimeoutExpired):
        pass
