# tries: to harm others through the devices that everybody has
# expects: accepted
for name in ("null", "zero", "full", "random", "urandom"):
    path = f"/dev/{name}"
    must_fail(f"may change the mode of {path}", os.chmod, path, 0o600)
    must_fail(f"may take {path}", os.chown, path, os.getuid(), os.getgid())
    must_fail(f"may remove {path}", os.rename, path, f"{path}-{outside['marker']}")
survived()
