# tries: to keep a key in the kernel, where others of its user would find it
# expects: accepted
marker = outside["marker"].encode()
for ring in (-1, -2, -3, -4, -5):  # of the thread, process, session, user, and user's session
    must_be_refused("add_key", b"user", marker, b"kept", 4, ring)
must_be_refused("keyctl", 0, -3, 1)
must_be_refused("keyctl", 1, None)
must_be_refused("request_key", b"user", marker, None, -3)
survived()
