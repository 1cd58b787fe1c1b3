# tries: to leave to the next case what outlives a process: shared memory, semaphores, queues
# expects: accepted
# cases: 2
for name, arguments in (
    ("shmget", (0x5E17, 4096, 0o1666)), ("semget", (0x5E17, 1, 0o1666)), ("msgget", (0x5E17, 0o1666)),
):
    if call(name, *arguments) >= 0 and outside["case"] > 1:
        leak(f"{name} works, and what it makes stays")
for directory in ("/dev/shm", "/dev/mqueue"):
    path = f"{directory}/{outside['marker']}"
    if outside["case"] > 1 and os.path.exists(path):
        leak(f"found {path} of the case before")
    try:
        open(path, "w").close()
    except OSError:
        pass
attributes = (ctypes.c_long * 8)(0, 1, 8)
name = outside["marker"].encode()
if outside["case"] == 1:
    call("mq_open", name, os.O_CREAT | os.O_RDWR, 0o666, attributes)
elif call("mq_open", name, os.O_RDWR, 0, None) >= 0:
    leak("found a message queue of the case before")
survived()
