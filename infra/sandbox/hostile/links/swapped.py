# tries: to swap a directory for a link to the host's while it is looked at
# expects: accepted
import time

os.mkdir("/tmp/real")
os.symlink(os.path.dirname(outside["canary"]), "/tmp/other")
end = time.monotonic() + 0.2
while time.monotonic() < end:
    os.rename("/tmp/real", "/tmp/real-2")
    os.rename("/tmp/other", "/tmp/real")
    must_fail("read through a swapped link", os.open, "/tmp/real/canary", os.O_RDONLY)
    os.rename("/tmp/real", "/tmp/other")
    os.rename("/tmp/real-2", "/tmp/real")
survived()
