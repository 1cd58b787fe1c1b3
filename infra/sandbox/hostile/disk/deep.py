# tries: to leave 3,000 nested directories, longer than any path, to whoever cleans up
# expects: accepted, memory-limit
# cases: 2
if os.listdir("/tmp"):
    leak(f"found {os.listdir('/tmp')[:3]} of the case before")
try:
    for _ in range(3000):
        os.mkdir("deep")
        os.chdir("deep")
except OSError:
    pass
survived()
