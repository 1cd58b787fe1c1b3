# tries: to start 300 shells that wait
# expects: accepted, memory-limit
made = 0
try:
    for _ in range(300):
        os.posix_spawn("/bin/sh", ["sh", "-c", "read -t 9 line; sleep 9"], {})
        made += 1
except OSError:
    pass
if made > 256:
    leak(f"{made} shells at once")
survived()
