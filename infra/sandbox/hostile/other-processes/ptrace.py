# tries: to trace its parent, the first process and the worker
# expects: accepted
for process in (os.getppid(), 1, outside["worker"]):
    for request in (16, 0x4206):  # PTRACE_ATTACH, PTRACE_SEIZE
        if call("ptrace", request, process, 0, 0) >= 0:
            leak(f"traces process {process}")
            call("ptrace", 17, process, 0, 0)
survived()
