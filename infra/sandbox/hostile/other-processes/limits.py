# tries: to change the limits and the priority of its parent, the first process and the worker
# expects: accepted
none = (ctypes.c_ulong * 2)(0, 0)
old = (ctypes.c_ulong * 2)()
for process in {1, os.getppid(), outside["worker"]}:
    for kind in range(16):
        if call("prlimit64", process, kind, None, old) >= 0:
            leak(f"reads limits of process {process}")
            break
must_fail("changes the worker's priority", os.setpriority, os.PRIO_PROCESS, outside["worker"], 19)
survived()
