# tries: to make the number 1 a 0 for everybody in the interpreter
# expects: wrong-output, runtime-error
# cases: 2
where = id(1) + 24  # past the counter, the type and the size
ctypes.c_uint32.from_address(where).value = 0
os.write(1, b"right\n")
os._exit(0)
