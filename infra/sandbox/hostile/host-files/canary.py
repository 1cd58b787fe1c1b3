# tries: to read and to change a file of the host that everybody may
# always: yes
# expects: accepted
directory = os.path.dirname(outside["canary"])
for path in (
    outside["canary"], f"/proc/self/root{outside['canary']}", f"//{outside['canary']}",
    f"/oldroot{outside['canary']}", f"/newroot{outside['canary']}", f"/host{outside['canary']}",
):
    for flags in (os.O_RDONLY, os.O_WRONLY | os.O_APPEND):
        must_fail(f"opened {path}", os.open, path, flags)
must_fail("listed a directory of the host", os.listdir, directory)
must_fail("removed a file of the host", os.unlink, outside["canary"])
must_fail("made a file on the host", os.open, f"{directory}/new", os.O_CREAT | os.O_WRONLY)
survived()
