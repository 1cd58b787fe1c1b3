# tries: to raise its own limits in the control groups (opens their files only)
# expects: accepted
tried = 0
for directory, _, names in os.walk("/sys/fs/cgroup"):
    tried += 1
    if tried > 2000:
        break
    for name in {"memory.max", "pids.max", "memory.limit_in_bytes", "cgroup.procs"} & {*names}:
        must_fail(f"may write {directory}/{name}", os.open, f"{directory}/{name}", os.O_WRONLY)
    must_fail(f"may make a group in {directory}", os.mkdir, f"{directory}/{outside['marker']}")
survived()
