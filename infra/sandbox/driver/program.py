"""A case in a process of its own: confined, and given over to a program, mostly one in Python."""

import builtins
import errno
import json
import math
import os
import re
import resource
import sys
import types

import imports
import speed

FILE = "solution.py"
STATUS_FD = 3
# More than the first process ever has open.
DRIVER_DESCRIPTORS = 1024
FINISHED, RAISED, REFUSED = b"F", b"R", b"D"
OUT_OF_MEMORY, MISSING_FUNCTION, COMPILE_ERROR = b"M", b"N", b"C"
# What LiveCodeBench's runner sets for calls; whole programs keep the interpreter's own.
CALL_RECURSION_LIMIT = 50_000
# How the sandbox says no: to another user's files and processes, to what is read-only, to every
# socket but Unix ones, to the calls that its filter refuses.
DENIALS = {
    errno.EPERM, errno.EACCES, errno.EROFS, errno.EAFNOSUPPORT, errno.ENETUNREACH, errno.ENOSYS,
}
# Classes that LeetCode gives to a program without its asking.
NODES = {"ListNode", "TreeNode"}
DIRECTORY = os.path.dirname(__file__)


def become(session, task, case, files):
    """Never returns, whatever the program does to `os._exit` or `sys.exit` in its own process."""
    leave, code = os._exit, 1
    try:
        session.pop("nonce")
        confine(session, task, files)
        code = task.run(case)
    finally:
        leave(code)


def confine(session, task, files):
    os.setsid()
    for target, file in enumerate(files):
        os.dup2(file, target, inheritable=target != STATUS_FD)
    limits = session["limits"]
    # Far enough above the limit, which the driver watches, to catch children that it does not.
    slowdown = speed.GREATEST_SLOWDOWN if session["metered"] else 1
    cpu_seconds = math.ceil(1.5 * slowdown * limits["cpuSeconds"])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    file_bytes = task.file_bytes or limits["outputKiB"] * 1024 + 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE):
        resource.setrlimit(kind, (0, 0))
    if session["user"] is not None:
        user = session["user"]
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    kept = STATUS_FD if task.file is None else task.file
    os.closerange(STATUS_FD + 1, kept)
    os.closerange(kept + 1, DRIVER_DESCRIPTORS)


def write_all(file, data):
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


class PythonProgram:
    """Runs the code as `python solution.py` would, or calls one of its functions."""

    file = file_bytes = None

    def __init__(self, session):
        self.session = session
        self.calls = session["task"] == "call"
        self.prints = not self.calls
        self.words = set(re.findall(r"\w+", session["code"]))
        self.names, self.nodes, self.namesake = {}, None, None
        if self.calls and self.words.union(re.findall(r"\w+", session["starterCode"] or "")) & NODES:
            import nodes

            self.nodes = nodes

    def prepare(self):
        imports.share(self.words)
        if self.calls:
            self.names = imports.prelude(self.words)
        if self.nodes:
            self.names.update(self.nodes.CLASSES)
        if self.calls:
            # A program that lacks its function is not to be judged by a library's.
            self.namesake = self.names.pop(self.session["function"], None)

    def end(self, wait_status):
        return "finished" if self.prints and wait_status == 0 else "runtime-error"

    def leavings(self, wait_status, end):
        return {}

    def run(self, case):
        """The exit code."""
        open_streams()
        if self.calls:
            sys.setrecursionlimit(CALL_RECURSION_LIMIT)
        try:
            code = self.session["code"].removeprefix("\ufeff")  # As of a file, it is a mark.
            program = compile(code, FILE, "exec", dont_inherit=True)
        except Exception as error:
            tell(COMPILE_ERROR, f"{type(error).__name__}: {error}")
            return 1
        module = types.ModuleType("solution" if self.calls else "__main__")
        sys.modules[module.__name__] = module
        module.__dict__.update(self.names, __builtins__=builtins, __file__=FILE)
        install_exit()
        code = 0
        try:
            exec(program, module.__dict__)
            if self.calls:
                return self.call(module, case["arguments"])
        except SystemExit as request:
            code = exit_code(request)
        except MemoryError:
            tell(OUT_OF_MEMORY, "")
            return 1
        except BaseException as error:
            show(error)
            tell(REFUSED if is_denied(error) else RAISED, "")
            code = 1
        return finish(module, code)

    def call(self, module, arguments):
        function = find_function(module, self.session["function"])
        if function is None:
            tell(MISSING_FUNCTION, "")
            return 1
        if self.namesake is not None:
            vars(module).setdefault(self.session["function"], self.namesake)
        signature = None
        if self.nodes:
            signature = self.nodes.Signature(function, self.session["starterCode"])
            arguments = signature.build(arguments, vars(module))
        value = function(*arguments)
        changed = self.session["changedArgument"]
        if changed is not None:
            value = arguments[changed] if changed < len(arguments) else None
        if signature:
            value = signature.written(value, changed)
        try:
            text = json.dumps(value, default=self.plain)
        except (TypeError, ValueError, RecursionError) as error:
            # Not JSON, so equal to no expected value: judged as a wrong answer, not as a crash.
            print(f"the returned value is no JSON: {error}", file=sys.stderr)
            text = ""
        sys.stderr.flush()
        tell(FINISHED, text)
        return 0

    def plain(self, value):
        """numpy's scalars and arrays, and nodes, as the numbers and lists that they hold."""
        if hasattr(value, "tolist"):
            return value.tolist()
        if self.nodes and self.nodes.is_node(value):
            return self.nodes.as_list(value)
        raise TypeError(f"{type(value).__name__} is not JSON serializable")


def open_streams():
    stream = {"encoding": "utf-8", "closefd": False}
    sys.stdin = sys.__stdin__ = open(0, "r", errors="surrogateescape", **stream)
    sys.stdout = sys.__stdout__ = open(1, "w", **stream)
    sys.stderr = sys.__stderr__ = open(2, "w", errors="backslashreplace", buffering=1, **stream)


def find_function(module, name):
    solution = getattr(module, "Solution", None)
    owner = solution() if hasattr(solution, name) else module
    function = getattr(owner, name, None)
    return function if callable(function) else None


def is_denied(error):
    return isinstance(error, OSError) and error.errno in DENIALS


def show(error):
    """Prints the traceback as the program alone would have it, without the frames of the driver."""
    trace = error.__traceback__
    while trace and os.path.dirname(trace.tb_frame.f_code.co_filename) == DIRECTORY:
        trace = trace.tb_next
    sys.excepthook(type(error), error.with_traceback(trace), trace)


def tell(status, text):
    write_all(STATUS_FD, status + text.encode("utf-8", "replace"))


def install_exit():
    """`exit` and `quit`, which `site` would define; it is left out for its start-up time."""
    import _sitebuiltins

    for name in ("exit", "quit"):
        setattr(builtins, name, _sitebuiltins.Quitter(name, "Ctrl-D"))


def exit_code(request):
    if request.code is None or isinstance(request.code, int):
        return (request.code or 0) & 0xFF
    print(request.code, file=sys.stderr)
    return 1


def finish(module, code):
    """What the interpreter does at its end: joins threads, runs exit handlers, lets all go, flushes."""
    try:
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()
        if "atexit" in sys.modules:
            sys.modules["atexit"]._run_exitfuncs()
        flush_streams()
        vars(module).clear()  # A file that it has not closed is written out now.
        flush_streams()
    except Exception as error:
        show(error)
        code = code or 1
    sys.stderr.flush()
    return code


def flush_streams():
    for stream in (sys.stdout, sys.__stdout__):
        if stream is not None and not getattr(stream, "closed", False):
            stream.flush()
