# tries: to take open files out of its parent, the first process and the worker
# expects: accepted
for process in (os.getppid(), 1, outside["worker"]):
    try:
        handle = os.pidfd_open(process)
    except OSError:
        continue
    for descriptor in range(16):
        if call("pidfd_getfd", handle, descriptor, 0) >= 0:
            leak(f"took descriptor {descriptor} of process {process}")
            break
    must_fail("opened a file of a process", os.open, f"/proc/{process}/fd/1", os.O_WRONLY)
survived()
