# tries: to reboot, or to load another kernel (with arguments that no kernel takes)
# expects: accepted
must_be_refused("reboot", 1, 2, 3, None)
must_be_refused("kexec_load", 0, 1000, None, 0)
survived()
