# tries: to leave commands of the shell running in the background
# expects: accepted
import subprocess

command = f"exec -a {outside['marker']} sleep 20"
for start in ("nohup", "setsid", "env"):
    try:
        subprocess.Popen(
            [start, "bash", "-c", command],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
    except OSError:
        pass
survived()
