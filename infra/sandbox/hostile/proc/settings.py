# tries: to change the kernel's settings (opens them only)
# expects: accepted
for path in (
    "/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe",
    "/proc/sys/kernel/hostname", "/proc/sys/vm/overcommit_memory", "/proc/sys/fs/file-max",
    "/proc/1/oom_score_adj", "/proc/1/mem", "/proc/1/comm", "/proc/self/uid_map",
    "/sys/kernel/uevent_helper", "/sys/power/state", "/sys/kernel/mm/ksm/run",
):
    must_fail(f"may write {path}", os.open, path, os.O_WRONLY)
survived()
