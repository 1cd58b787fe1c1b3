# tries: to write to a file of the host through links beside its own
# expects: accepted
for number, target in enumerate((outside["canary"], f"/proc/self/root{outside['canary']}")):
    link = f"/tmp/{outside['marker']}-{number}"
    os.symlink(target, link)
    must_fail("wrote through a link", os.open, link, os.O_WRONLY | os.O_APPEND)
    must_fail("read through a link", os.open, link, os.O_RDONLY)
    must_fail("took ownership through a link", os.chown, link, os.getuid(), os.getgid())
survived()
