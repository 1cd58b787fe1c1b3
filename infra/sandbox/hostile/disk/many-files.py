# tries: to fill the disk with files of 48 KiB (384 MiB at most)
# expects: accepted, memory-limit
written = 0
try:
    for number in range(8000):
        with open(f"/tmp/{outside['marker']}-{number}", "wb") as file:
            written += file.write(b"x" * (48 << 10))
except OSError:
    pass
if written > 256 << 20:
    leak(f"wrote {written >> 20} MiB")
survived()
