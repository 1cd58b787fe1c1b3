# tries: to have the kernel make 200 MiB of page tables for pages of zeros
# expects: accepted, memory-limit, runtime-error
import mmap

touched = 0
mapping = mmap.mmap(-1, 1 << 37, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
for at in range(0, 50_000 << 21, 1 << 21):
    touched += mapping[at] == 0
if touched == 50_000:
    leak("200 MiB of page tables")
survived()
