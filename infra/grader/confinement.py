"""What the grader's process may not do, wherever it runs.

The texts it reads were written by models. Nothing here is meant to run them, and these limits are
for the day something does; bubblewrap, where the host has it, is a second wall around them.
"""

import os
import resource
import sys

ADDRESS_SPACE_BYTES = 1 << 30

# What Python reports before it does it. Reading stays allowed: modules are imported when needed.
REFUSED = (
    "ctypes.",
    "os.exec",
    "os.fork",
    "os.kill",
    "os.posix_spawn",
    "os.putenv",
    "os.remove",
    "os.rename",
    "os.system",
    "pty.",
    "socket.",
    "subprocess.",
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def confine(user: str) -> None:
    """`user`: whom to become where root started it in a sandbox; empty to stay who one is."""
    if user:
        os.setgroups([])
        os.setgid(int(user))
        os.setuid(int(user))
    limit(resource.RLIMIT_AS, ADDRESS_SPACE_BYTES)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_NPROC, 0)


def refuse_effects() -> None:
    """From now on, for good; the libraries are imported by then, and some of them load others."""
    sys.addaudithook(refuse)


def limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


def refuse(event: str, arguments: tuple) -> None:
    if event.startswith(REFUSED) or (event == "open" and arguments[2] & WRITING):
        raise PermissionError(f"the grader does not do this: {event}")
