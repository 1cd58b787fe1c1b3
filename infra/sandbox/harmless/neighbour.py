# Runs beside a hostile program, holds what that one must not reach, and says whether it is unharmed.

import fcntl
import json
import socket
import time

told = json.loads(input())
note = f"/tmp/neighbour-{told['marker']}"
with open(note, "w") as file:
    file.write(told["secret"])
door = socket.socket(socket.AF_UNIX)
door.bind(f"\0neighbour-{told['marker']}")
door.listen()
held = open("/usr/bin/env", "rb")
try:
    fcntl.flock(held, fcntl.LOCK_EX)
except OSError:
    pass  # as it should be: locks on files that all see tell of each other
try:
    fcntl.lockf(held, fcntl.LOCK_SH)
except OSError:
    pass
time.sleep(told["holdsSeconds"])
if open(note).read() == told["secret"]:
    print(told["token"])
