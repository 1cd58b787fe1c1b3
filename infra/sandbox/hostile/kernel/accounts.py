# tries: to read the kernel's messages, and to change swap, accounting and quotas
# expects: accepted
must_be_refused("syslog", 3, ctypes.create_string_buffer(100), 100)
must_be_refused("swapon", b"/tmp/no-such-file", 0)
must_be_refused("swapoff", b"/tmp/no-such-file")
must_be_refused("acct", b"/tmp/no-such-file")
must_be_refused("quotactl", 0, b"/dev/no-such-device", 0, None)
survived()
