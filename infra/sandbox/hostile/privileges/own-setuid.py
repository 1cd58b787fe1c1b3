# tries: to leave a program behind that gives rights, by its mode or by its attributes
# expects: accepted
import shutil

path = f"/tmp/{outside['marker']}"
shutil.copyfile("/usr/bin/env", path)
must_fail("gave a program to root", os.chown, path, 0, 0)
must_fail("gave a program to root's group", os.chown, path, -1, 0)
must_fail(
    "gave a program a capability",
    os.setxattr, path, "security.capability", bytes.fromhex("0100000200002000" + "00" * 12),
)
survived()
