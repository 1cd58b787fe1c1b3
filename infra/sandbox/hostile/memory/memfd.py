# tries: to take 400 MiB of files in memory
# expects: memory-limit, runtime-error
files = [os.memfd_create(str(number)) for number in range(100)]
for number in range(400):
    os.lseek(files[number % 100], 0, os.SEEK_END)
    for _ in range(256):
        os.write(files[number % 100], b"x" * 4096)
leak("took 400 MiB of files in memory")
