# tries: to find shared memory of the host by its numbers (64 tried)
# expects: accepted
libc.syscall.restype = ctypes.c_long
for number in range(64):
    if call("shmat", number, None, 0o10000) > 0:
        leak(f"attached shared memory {number}")
survived()
