# tries: to take the driver down with a broken interpreter
# expects: runtime-error
# cases: 2
ctypes.string_at(0)
