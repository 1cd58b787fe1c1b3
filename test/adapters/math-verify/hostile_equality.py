"""Stands in for answer_equality.py where a test asks what an answer could do if it were run as code.

The answer names an attempt, the reference what it is made on; what came of it is the reason.
"""

import mmap
import os
import resource
import signal
import time


def compare(reference: str, answer: str):
    try:
        return "equal", str(ATTEMPTS[answer](reference))
    except Exception as error:
        return "different", type(error).__name__


compare_as_shipped = compare


def connect(address: str):
    import socket

    host, port = address.split(":")
    socket.create_connection((host, int(port)), timeout=5)
    return "connected"


def write(path: str):
    with open(path, "w") as file:
        file.write("x")
    return "written"


def fork(_reference: str):
    if os.fork() == 0:
        os._exit(0)
    return "forked"


def run(_reference: str):
    return f"ran {os.system('true')}"


def hoard(_reference: str):
    return f"has {len(bytearray(2 << 30))} bytes"


def leak(_reference: str):
    memory = mmap.mmap(-1, 450 << 20)
    for page in range(0, len(memory), mmap.PAGESIZE):
        memory[page] = 1
    return "leaked"


def limits(_reference: str):
    kinds = ("RLIMIT_FSIZE", "RLIMIT_NPROC", "RLIMIT_CORE")
    return [resource.getrlimit(getattr(resource, kind)) for kind in kinds]


def spin(_reference: str):
    signal.signal(signal.SIGALRM, lambda *_: None)
    while True:
        time.monotonic()


ATTEMPTS = {
    "connect": connect,
    "environment": lambda _: sorted(os.environ),
    "fork": fork,
    "hoard": hoard,
    "interfaces": lambda _: os.listdir("/sys/class/net"),
    "leak": leak,
    "limits": limits,
    "list": os.listdir,
    "pid": lambda _: os.getpid(),
    "processes": lambda _: os.listdir("/proc"),
    "read": lambda path: open(path).read(),
    "root": lambda _: os.listdir("/"),
    "run": run,
    "spin": spin,
    "user": lambda _: os.getuid(),
    "write": write,
}
