# tries: to read the environment and command line of every process in /proc
# expects: accepted
import glob

processes = glob.glob("/proc/[0-9]*")
if len(processes) > 80:
    leak(f"sees {len(processes)} processes")
for process in processes[:2000]:
    for name in ("environ", "cmdline"):
        try:
            text = open(f"{process}/{name}", "rb").read(100_000)
        except OSError:
            continue
        for variable in text.split(b"\0"):
            if b"CANARY" in variable or b"sky-t1" in variable:
                os.write(2, variable[:200] + b"\n")
must_fail("read the worker's environment", open, f"/proc/{outside['worker']}/environ")
survived()
