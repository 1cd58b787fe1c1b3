"""A program in a language that is compiled: first the compiler's run, then the executable's."""

import base64
import errno
import fcntl
import os
import signal
import stat

from program import write_all

DIRECTORY = "/tmp"
# For an executable and the compiler's own files.
FILE_BYTES = 16 * 1024 * 1024
# Of linux/memfd.h and linux/fcntl.h.
MFD_EXEC = 0x10
F_ADD_SEALS = 1033
NO_CHANGE = 0x1 | 0x2 | 0x4 | 0x8
# Beyond those that a case's process puts its own files at.
LEAST_DESCRIPTOR = 100


class Compilation:
    """Runs the compiler on the source file; what it made stands in `output`, in base64."""

    prints = True
    file = None
    file_bytes = FILE_BYTES

    def __init__(self, session):
        self.session = session
        self.compiler = find_program(session["command"][0])

    def prepare(self):
        source = os.path.join(DIRECTORY, self.session["file"])
        with open(source, "w", encoding="utf-8", errors="replace") as file:
            file.write(self.session["code"])
        os.chmod(source, 0o644)

    def run(self, case):
        if self.compiler is None:
            return 1
        os.dup2(2, 1)
        restore_signals()
        os.chdir(DIRECTORY)
        os.execv(self.compiler, self.session["command"])

    def end(self, wait_status):
        return "finished" if wait_status == 0 else "compile-error"

    def leavings(self, wait_status, end):
        if self.compiler is None:
            return {"end": "language-unavailable", "error": self.session["command"][0]}
        if end != "finished":
            return {}
        try:
            executable = read_file(os.path.join(DIRECTORY, self.session["executable"]))
        except OSError as error:
            return {"end": "compile-error", "error": f"the compiler left no executable: {error}"}
        return {"output": base64.b64encode(executable).decode()}


class Executable:
    """Runs what was compiled, from memory that nobody can write any more."""

    prints = True
    file_bytes = None

    def __init__(self, session):
        self.content = base64.b64decode(session.pop("executable"))

    def prepare(self):
        memory = executable_memory()
        write_all(memory, self.content)
        fcntl.fcntl(memory, F_ADD_SEALS, NO_CHANGE)
        self.file = fcntl.fcntl(memory, fcntl.F_DUPFD_CLOEXEC, LEAST_DESCRIPTOR)
        os.close(memory)
        del self.content

    def run(self, case):
        restore_signals()
        os.execve(self.file, ["solution"], os.environ)

    def end(self, wait_status):
        return "finished" if wait_status == 0 else "runtime-error"

    def leavings(self, wait_status, end):
        return {}


def find_program(name):
    places = [os.path.join(path, name) for path in os.environ["PATH"].split(":")]
    return next((place for place in places if os.access(place, os.X_OK)), None)


def read_file(path):
    """Of a regular file only: what the compiler ran may have put anything in its place."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > FILE_BYTES:
            raise OSError(errno.EFBIG, "no file of a fitting size")
        return file.read(FILE_BYTES)


def executable_memory():
    flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
    try:
        return os.memfd_create("solution", flags | MFD_EXEC)
    except OSError:
        return os.memfd_create("solution", flags)  # Linux before 6.3 knows no such flag.


def restore_signals():
    """Python ignores these, and what it executes would."""
    for each in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(each, signal.SIG_DFL)
