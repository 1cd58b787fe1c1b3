# tries: to read and write the memory of its parent, the first process and the worker
# expects: accepted
buffer = ctypes.create_string_buffer(b"changed", 64)
here = (ctypes.c_ulong * 2)(ctypes.addressof(buffer), 8)
there = (ctypes.c_ulong * 2)(ctypes.addressof(buffer), 8)  # a fork has it at the same place
for process in (os.getppid(), 1, outside["worker"]):
    for name in ("process_vm_readv", "process_vm_writev"):
        if call(name, process, here, 1, there, 1, 0) >= 0:
            leak(f"{name} reaches process {process}")
    must_fail("opened the memory of a process", os.open, f"/proc/{process}/mem", os.O_RDWR)
survived()
