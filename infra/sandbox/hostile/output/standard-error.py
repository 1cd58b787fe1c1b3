# tries: to write 40 MiB to standard error
# expects: output-limit
for _ in range(640):
    os.write(2, b"x" * (64 << 10))
