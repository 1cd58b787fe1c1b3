# tries: to write 40 MiB to standard output
# expects: output-limit
for _ in range(640):
    os.write(1, b"x" * (64 << 10))
