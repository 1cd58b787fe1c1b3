# tries: to mount file systems, and to take away those that are there
# expects: accepted
marker = outside["marker"].encode()
os.mkdir(b"/tmp/" + marker)
must_be_refused("mount", marker, b"/tmp/" + marker, b"tmpfs", 0, None)
must_be_refused("mount", b"proc", b"/tmp/" + marker, b"proc", 0, None)
must_be_refused("mount", b"/", b"/tmp/" + marker, None, 0x1000, None)  # MS_BIND
must_be_refused("mount", None, b"/usr", None, 0x1020, None)  # remount, writable
must_be_refused("umount2", b"/tmp/" + marker, 2)
must_be_refused("pivot_root", b"/tmp", b"/tmp/" + marker)
must_be_refused("chroot", b"/tmp")
must_be_refused("open_tree", -100, b"/", 1)
must_be_refused("fsopen", b"tmpfs", 0)
survived()
