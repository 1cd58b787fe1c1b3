# tries: to become root through programs that are root's
# expects: accepted
import stat
import subprocess

found = []
for directory in ("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/lib/openssh"):
    try:
        entries = [entry.path for entry in os.scandir(directory)]
    except OSError:
        continue
    found += [path for path in entries if os.lstat(path).st_mode & (stat.S_ISUID | stat.S_ISGID)]
if found and libc.prctl(39, 0, 0, 0, 0) != 1:  # PR_GET_NO_NEW_PRIVS
    leak(f"{found[0]} gives its rights to whoever runs it")
for command in (["su", "-c", "id -u"], ["sudo", "-n", "id", "-u"], ["pkexec", "id", "-u"]):
    try:
        done = subprocess.run(
            command, timeout=2, check=False, capture_output=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        continue
    if done.stdout.strip() == b"0":
        leak(f"{command[0]} makes it root")
survived()
