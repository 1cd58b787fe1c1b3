# tries: to find or to take capabilities
# expects: accepted
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
data = (ctypes.c_uint32 * 6)()
call("capget", header, data)
if any((data[0], data[1], data[3], data[4])):
    leak(f"has capabilities {data[0]:x} {data[1]:x}")
every = (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
must_be_refused("capset", header, every)
if libc.prctl(47, 2, 21, 0, 0) == 0:  # PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN
    leak("raised a capability")
survived()
