# tries: to open files by their number in the file system, past all directories
# expects: accepted
handle = (ctypes.c_ubyte * 136)()
ctypes.memmove(handle, (128).to_bytes(4, "little"), 4)
mount = ctypes.c_int()
for path in (b"/", b"/tmp", b"/usr"):
    if call("name_to_handle_at", -100, path, handle, ctypes.byref(mount), 0) < 0:
        handle[0], handle[4], handle[8] = 8, 1, 2  # inode 2 is the root of ext4
    root = os.open(path, os.O_RDONLY)
    if call("open_by_handle_at", root, handle, os.O_RDONLY) >= 0:
        leak("opened a file by its number")
    os.close(root)
survived()
