# tries: to keep 400 MiB in files under /tmp and /dev/shm
# expects: accepted, memory-limit, output-limit
written = 0
for directory in ("/tmp", "/dev/shm"):
    try:
        for number in range(6400):
            with open(f"{directory}/{outside['marker']}-{number}", "wb") as file:
                written += file.write(b"x" * (32 << 10))
    except OSError:
        pass
if written > 256 << 20:
    leak(f"kept {written >> 20} MiB in files")
survived()
