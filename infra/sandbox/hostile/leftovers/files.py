# tries: to leave files to whoever comes after it, its next case and other programs
# expects: accepted
# cases: 2
directories = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", os.path.expanduser("~"), ".")
paths = [f"{directory}/{outside['marker']}" for directory in directories]
for path in paths:
    if os.path.lexists(path):
        leak(f"found {path} of the case before")
for path in paths:
    try:
        os.symlink("/etc/passwd", f"{path}-link")
        open(path, "w").write("case one was here")
    except OSError:
        pass
survived()
