# tries: to reach files of the host through the roots and directories of processes
# expects: accepted
for process in ("self", "1", os.getppid(), outside["worker"]):
    for way in ("root", "cwd", "cwd/../../../../../..", "task/1/root"):
        must_fail(
            f"read the host's files through /proc/{process}/{way}",
            os.open, f"/proc/{process}/{way}{outside['canary']}", os.O_RDONLY,
        )
survived()
