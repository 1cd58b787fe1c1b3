# tries: to open a socket through io_uring, which no filter of system calls sees
# expects: accepted
parameters = (ctypes.c_ubyte * 256)()
must_be_refused("io_uring_setup", 4, parameters)
survived()
