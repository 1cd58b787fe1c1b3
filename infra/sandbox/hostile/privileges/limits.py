# tries: to raise its own limits and its priority
# expects: accepted
import resource

for kind in range(16):
    soft, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        must_fail(f"raised limit {kind}", resource.setrlimit, kind, (soft, hard + 1))
must_fail("raised its priority", os.setpriority, os.PRIO_PROCESS, 0, -20)
must_fail("became a real-time process", os.sched_setscheduler, 0, 1, os.sched_param(1))
survived()
