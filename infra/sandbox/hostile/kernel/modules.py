# tries: to load and to remove modules of the kernel (none that exists)
# expects: accepted
must_be_refused("init_module", b"\0" * 8, 8, b"")
must_be_refused("finit_module", 0, b"", 0)
must_be_refused("delete_module", b"sky_t1_no_such_module", 0x800)
survived()
