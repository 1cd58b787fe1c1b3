# tries: to become root or another user
# always: yes
# expects: accepted
if 0 in (*os.getresuid(), *os.getresgid(), *os.getgroups()):
    leak("runs as root or in its group")
for name in ("setuid", "seteuid", "setgid", "setegid"):
    must_fail(f"{name}(0) works", getattr(os, name), 0)
must_fail("became another user", os.setresuid, 60_001 + os.getuid() % 2, -1, -1)
must_fail("joined a group", os.setgroups, [0])
survived()
