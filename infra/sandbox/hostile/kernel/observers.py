# tries: to observe others with the kernel's programs, counters and page faults
# always: yes
# expects: accepted
attributes = (ctypes.c_ubyte * 128)()
must_be_refused("bpf", 0, attributes, 128)
ctypes.memmove(attributes, (1).to_bytes(4, "little") + (128).to_bytes(4, "little"), 8)
must_be_refused("perf_event_open", attributes, -1, 0, -1, 0)
must_be_refused("userfaultfd", 0)
must_be_refused("kcmp", os.getpid(), os.getppid(), 0, 1, 1)
survived()
