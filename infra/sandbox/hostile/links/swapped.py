# tries: to swap a directory for a link to the host's while it is looked at
# expects: accepted
import time

os.mkdir(f"/tmp/{outside['marker']}")
os.chdir(f"/tmp/{outside['marker']}")
os.mkdir("real")
os.symlink(os.path.dirname(outside["canary"]), "other")
end = time.monotonic() + 0.2
while time.monotonic() < end:
    os.rename("real", "real-2")
    os.rename("other", "real")
    must_fail("read through a swapped link", os.open, "real/canary", os.O_RDONLY)
    os.rename("real", "other")
    os.rename("real-2", "real")
survived()
