# tries: to take 400 MiB of shared mappings, which no single process is charged with
# expects: memory-limit
import mmap

for _ in range(4):
    mapping = mmap.mmap(-1, 100 << 20)
    for at in range(0, 100 << 20, 4096):
        mapping[at] = 1
    if os.fork() == 0:
        import time

        time.sleep(5)
        os._exit(0)
    mapping.close()
leak("took 400 MiB of shared memory")
