# tries: to leave the sandbox by a directory that is still open (1,024 descriptors)
# expects: accepted
below_root = outside["canary"].lstrip("/")
for descriptor in range(3, 1024):
    for way in (below_root, f"../../../../../../{below_root}"):
        try:
            os.close(os.open(way, os.O_RDONLY, dir_fd=descriptor))
            leak(f"read a file of the host by descriptor {descriptor}")
        except OSError:
            pass
survived()
