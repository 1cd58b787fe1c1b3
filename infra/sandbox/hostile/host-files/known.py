# tries: to read files that tell of the host, its users and the worker's program
# expects: accepted
import hashlib

for path, digest in outside["hostFiles"].items():
    try:
        found = hashlib.sha256(open(path, "rb").read()).hexdigest()
    except OSError:
        continue
    if found == digest:
        leak(f"read {path} of the host")
must_fail("may read /etc/shadow", os.open, "/etc/shadow", os.O_RDONLY)
survived()
