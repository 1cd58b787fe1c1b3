# tries: to open devices of the host
# expects: accepted
import glob

harmless = {"null", "zero", "full", "random", "urandom", "stdin", "stdout", "stderr"}
for path in glob.glob("/dev/*") + glob.glob("/dev/*/*"):
    own = path.startswith(("/dev/fd", "/dev/shm", "/dev/mqueue", "/dev/pts"))
    if os.path.isdir(path) or own or os.path.basename(path) in harmless | {"tty", "ptmx"}:
        continue
    must_fail(f"may write to {path}", os.open, path, os.O_WRONLY | os.O_NONBLOCK)
survived()
