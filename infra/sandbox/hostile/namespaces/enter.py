# tries: to enter the namespaces of the first process and of the worker
# expects: accepted
for process in (1, outside["worker"]):
    for kind in ("mnt", "net", "pid", "user", "uts", "ipc", "cgroup"):
        try:
            namespace = os.open(f"/proc/{process}/ns/{kind}", os.O_RDONLY)
        except OSError:
            continue
        if call("setns", namespace, 0) == 0:
            leak(f"entered the {kind} namespace of process {process}")
    try:
        handle = os.pidfd_open(process)
    except OSError:
        continue
    if call("setns", handle, 0x20000) == 0:
        leak(f"entered the mounts of process {process}")
survived()
