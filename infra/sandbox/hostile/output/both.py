# tries: to write 40 MiB to both outputs in turns, from three processes
# expects: output-limit
for _ in range(2):
    if os.fork() == 0:
        break
for _ in range(640):
    for descriptor in (1, 2):
        try:
            os.write(descriptor, b"spam\n" * 6400)
        except OSError:
            pass
