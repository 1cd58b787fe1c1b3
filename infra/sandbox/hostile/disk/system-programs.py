# tries: to change the interpreter, its library and the system's programs
# expects: accepted
for path in (sys.executable, json.__file__, os.__file__, "/bin/sh", "/usr/bin/env", "/driver/main.py"):
    must_fail(f"may write {path}", os.open, path, os.O_WRONLY)
    must_fail(f"may rename {path}", os.rename, path, f"{path}.{outside['marker']}")
    must_fail(f"may change the mode of {path}", os.chmod, path, 0o777)
survived()
