# tries: to make namespaces of its own, by every kind and by all at once
# expects: accepted
kinds = (0x10000000, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x20000000, 0x40000000, 0x7E020000)
for flags in kinds:
    if os.fork() == 0:
        must_be_refused("unshare", flags)
        os._exit(0)
    os.wait()
survived()
