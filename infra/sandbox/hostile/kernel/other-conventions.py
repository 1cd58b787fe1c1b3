# tries: to pass by the filter of system calls with 32-bit calls
# expects: accepted, runtime-error, refused
import mmap

if COLUMN == 0:
    answer = libc.syscall(ctypes.c_long(0x40000000 | 272), ctypes.c_long(0x10000000))
    if answer >= 0:
        leak("a call of the x32 convention made a namespace")
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    # push rbx; mov eax, 310 (unshare); mov ebx, CLONE_NEWUSER; int 0x80; pop rbx; ret
    page.write(bytes.fromhex("53b836010000bb00000010cd805bc3"))
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    if ctypes.CFUNCTYPE(ctypes.c_int)(address)() >= 0:
        leak("a 32-bit call made a namespace")
survived()
