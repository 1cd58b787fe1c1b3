# tries: to read what the first program of the process left of its environment on the stack
# expects: wrong-output
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
number = 0
while number < 1000 and environ[number]:
    os.write(1, environ[number] + b"\n")
    number += 1
auxiliary = libc.getauxval
auxiliary.restype = ctypes.c_ulong
name_of_program = auxiliary(31)  # AT_EXECFN: environment and arguments lie before it
if name_of_program:
    os.write(1, ctypes.string_at(name_of_program - 2000, 2000).replace(b"\0", b"\n"))
