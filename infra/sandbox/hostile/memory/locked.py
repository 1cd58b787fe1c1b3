# tries: to lock 64 MiB into memory, so that it cannot be swapped out
# expects: accepted, memory-limit
import mmap

mapping = mmap.mmap(-1, 64 << 20)
address = ctypes.addressof(ctypes.c_char.from_buffer(mapping))
if libc.mlock(ctypes.c_void_p(address), ctypes.c_size_t(64 << 20)) == 0:
    leak("locked 64 MiB")
survived()
