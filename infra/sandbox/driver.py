"""Runs one program on its cases, inside the sandbox, as its first process.

    python -S -B driver.py SITE_PACKAGES...

JSON lines in on standard input: first the session, then one case at a time.
    {"nonce", "style": "stdin" | "call", "code", "function", "user", "limits"}
    {"input"}  or  {"arguments"}
JSON lines out on standard output, one a case:
    {"nonce", "end", "output", "error", "cpuMs", "memoryMiB", "clean", "driverMs"}
and before it, each time the wall time of the case is over, a question and its answer:
    {"nonce", "end": "late", "driverMs"}
    {"moreSeconds"}: how long the case was kept waiting for a processor, 0 if it was not

Each case is a fork of this process: nothing that one case does to its interpreter is there for the
next. The fork keeps no descriptor of this process and, where root started the sandbox, runs as
another user, so the program can write only its own output and status, never a reply. This process
is number 1 of its pid namespace: the program cannot kill it, and whatever a case leaves running
is killed before its reply is written.
"""

import builtins
import gc
import json
import math
import os
import re
import resource
import select
import signal
import sys
import time
import types

STATUS_FD = 3
# More than this process ever has open.
DRIVER_DESCRIPTORS = 1024
FINISHED, RAISED, OUT_OF_MEMORY, MISSING_FUNCTION, COMPILE_ERROR = b"F", b"R", b"M", b"N", b"C"
ENDS = {
    FINISHED: "finished",
    RAISED: "runtime-error",
    OUT_OF_MEMORY: "memory-limit",
    MISSING_FUNCTION: "missing-function",
    COMPILE_ERROR: "compile-error",
}
# Wall time is only a backstop, so that a verdict does not depend on the load of the machine.
WALL_PER_CPU_SECOND = 4
ERROR_TAIL_BYTES = 2000
# What LiveCodeBench's runner sets for calls; whole programs keep the interpreter's own.
CALL_RECURSION_LIMIT = 50_000

# What LeetCode and the runners of APPS, TACO and LiveCodeBench import before a function that is
# called. A whole program has to import what it uses, as it has to everywhere else.
STAR_MODULES = ("typing", "collections", "functools", "itertools", "heapq", "bisect", "math")
# These, too, but where the program has the word: they are costly, or common words.
NAMED_MODULES = (
    "copy", "datetime", "fractions", "json", "operator", "os", "random", "re", "statistics",
    "string", "sys", "time",
)
NAMED_MEMBERS = {
    "ascii_lowercase": "string", "ascii_uppercase": "string", "deepcopy": "copy",
    "randint": "random", "timedelta": "datetime",
}
# Imported once, before the forks, where the program names them.
SHARED_MODULES = (
    *STAR_MODULES, *NAMED_MODULES, "array", "dataclasses", "decimal", "enum", "io", "numpy", "queue",
    "sortedcontainers", "threading",
)


def main():
    sys.path[:] = [path for path in sys.path if path != "/"] + sys.argv[1:]
    sys.argv[:] = ["solution.py"]
    requests = open(0, "rb", closefd=False)
    session = json.loads(requests.readline())
    words = set(re.findall(r"\w+", session["code"]))
    for name in words.intersection(SHARED_MODULES):
        import_if_installed(name)
    prelude = import_prelude(words) if session["style"] == "call" else {}
    gc.collect()
    gc.freeze()

    def more_seconds():
        tell_host(session, {"end": "late"})
        return json.loads(requests.readline() or "{}").get("moreSeconds", 0)

    for line in iter(requests.readline, b""):
        tell_host(session, run_case(session, prelude, json.loads(line), more_seconds))


def tell_host(session, message):
    """With the processor time that this process alone has taken, encoding included."""
    encoded = json.dumps(message)
    # The nonce is looked up when it is needed: the program's copy of this memory lacks it.
    seal = {"nonce": session["nonce"], "driverMs": round(time.process_time() * 1000)}
    write_all(1, f"{encoded[:-1]}, {json.dumps(seal)[1:]}\n".encode())


def import_prelude(words):
    """The names that a function finds without importing them; builtins are never shadowed."""
    names = {}
    for module in map(__import__, STAR_MODULES):
        for name in getattr(module, "__all__", dir(module)):
            if name[0] != "_" and not hasattr(builtins, name):
                names[name] = getattr(module, name)
        names[module.__name__] = module
    for name in words.intersection(NAMED_MEMBERS):
        names[name] = getattr(__import__(NAMED_MEMBERS[name]), name)
    names.update((name, __import__(name)) for name in NAMED_MODULES if name in words)
    if "np" in words and (numpy := import_if_installed("numpy")):
        names["np"] = numpy
    return names


def import_if_installed(name):
    try:
        return __import__(name)
    except ImportError:
        return None  # the program is told so when it imports it


# ---- the case, seen from the first process


def run_case(session, prelude, case, more_seconds):
    files = [os.memfd_create(name) for name in ("input", "output", "error", "status")]
    try:
        write_all(files[0], case.get("input", "").encode("utf-8", "surrogatepass"))
        os.lseek(files[0], 0, os.SEEK_SET)
        child = os.fork()
        if child == 0:
            become_program(session, prelude, case, files)
        timed_out = not ended_in_time(child, session["limits"], more_seconds)
        usage = kill_and_reap(child)
        return describe(session, usage, timed_out, files)
    finally:
        for file in files:
            os.close(file)


def ended_in_time(child, limits, more_seconds):
    """Whether it ended by itself; what it was kept waiting for a processor is given to it again."""
    handle = os.pidfd_open(child)
    seconds = WALL_PER_CPU_SECOND * limits["cpuSeconds"]
    try:
        while seconds and not select.select([handle], [], [], seconds)[0]:
            seconds = more_seconds()
        return seconds > 0
    finally:
        os.close(handle)


def kill_and_reap(child):
    """Ends everything that the case started; its whole cost, and how its first process ended."""
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass
    cpu_seconds, peak_kib, status = 0, 0, 0
    while True:
        try:
            process, wait_status, used = os.wait4(-1, 0)
        except ChildProcessError:
            return cpu_seconds, peak_kib, status
        cpu_seconds += used.ru_utime + used.ru_stime
        peak_kib = max(peak_kib, used.ru_maxrss)
        if process == child:
            status = wait_status


def describe(session, usage, timed_out, files):
    _, output, error, status_file = files
    cpu_seconds, peak_kib, wait_status = usage
    limits = session["limits"]
    limit_bytes = limits["outputKiB"] * 1024
    status = read_all(status_file)
    text = status[1:] if session["style"] == "call" and status[:1] == FINISHED else read_all(output)
    killed_by = os.WTERMSIG(wait_status) if os.WIFSIGNALED(wait_status) else 0
    if timed_out or cpu_seconds > limits["cpuSeconds"] or killed_by == signal.SIGXCPU:
        end = "time-limit"
    elif max(os.fstat(file).st_size for file in (output, error, status_file)) > limit_bytes:
        end = "output-limit"
    elif killed_by == signal.SIGKILL:
        end = "killed"
    elif status[:1] in ENDS and not (session["style"] == "stdin" and status[:1] == FINISHED):
        end = ENDS[status[:1]]
    elif session["style"] == "stdin" and wait_status == 0:
        end = "finished"
    else:
        end = "runtime-error"
    return {
        "end": end,
        "output": text[:limit_bytes].decode("utf-8", "replace"),
        "error": explain(status, error, killed_by, end),
        "cpuMs": round(cpu_seconds * 1000),
        "memoryMiB": round(peak_kib / 1024, 1),
        "clean": not os.listdir("/tmp"),
    }


def explain(status, error, killed_by, end):
    if end == "compile-error":
        return status[1 : 1 + ERROR_TAIL_BYTES].decode("utf-8", "replace")
    tail = read_all(error, max(0, os.fstat(error).st_size - ERROR_TAIL_BYTES))
    text = tail.decode("utf-8", "replace")
    if killed_by:
        return f"{text}ended by signal {killed_by}\n"
    if end == "runtime-error" and not text:
        return "the program ended before its function returned\n"
    return text


def read_all(file, start=0):
    chunks = []
    while chunk := os.pread(file, 1 << 20, start):
        chunks.append(chunk)
        start += len(chunk)
    return b"".join(chunks)


def write_all(file, data):
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


# ---- the case, seen from its own process


def become_program(session, prelude, case, files):
    """Never returns, whatever the program does to `os._exit` or `sys.exit` in its own process."""
    leave, code = os._exit, 1
    try:
        session.pop("nonce")
        confine(session, files)
        code = execute(session, prelude, case)
    finally:
        leave(code)


def confine(session, files):
    os.setsid()
    for target, file in enumerate(files):
        os.dup2(file, target, inheritable=target != STATUS_FD)
    os.closerange(STATUS_FD + 1, DRIVER_DESCRIPTORS)
    limits = session["limits"]
    cpu_seconds = math.ceil(limits["cpuSeconds"])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    limit_bytes = limits["outputKiB"] * 1024 + 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE):
        resource.setrlimit(kind, (0, 0))
    if session["user"] is not None:
        user = session["user"]
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    if session["style"] == "call":
        sys.setrecursionlimit(CALL_RECURSION_LIMIT)
    stream = {"encoding": "utf-8", "closefd": False}
    sys.stdin = sys.__stdin__ = open(0, "r", errors="surrogateescape", **stream)
    sys.stdout = sys.__stdout__ = open(1, "w", **stream)
    sys.stderr = sys.__stderr__ = open(2, "w", errors="backslashreplace", buffering=1, **stream)


def execute(session, prelude, case):
    """Runs the program as `python solution.py` would; the exit code."""
    try:
        program = compile(session["code"], "solution.py", "exec", dont_inherit=True)
    except Exception as error:
        tell(COMPILE_ERROR, f"{type(error).__name__}: {error}")
        return 1
    module = types.ModuleType("__main__" if session["style"] == "stdin" else "solution")
    sys.modules[module.__name__] = module
    module.__dict__.update(prelude, __builtins__=builtins)
    install_exit()
    code = 0
    try:
        exec(program, module.__dict__)
        if session["style"] == "call":
            return call(module, session["function"], case["arguments"])
    except SystemExit as request:
        code = exit_code(request)
    except MemoryError:
        tell(OUT_OF_MEMORY, "")
        return 1
    except BaseException as error:
        show(error)
        tell(RAISED, "")
        code = 1
    return finish(code)


def call(module, name, arguments):
    function = find_function(module, name)
    if function is None:
        tell(MISSING_FUNCTION, "")
        return 1
    value = function(*arguments)
    try:
        text = json.dumps(value, default=plain)
    except (TypeError, ValueError, RecursionError) as error:
        # Not JSON, so equal to no expected value: judged as a wrong answer, not as a crash.
        print(f"the returned value is no JSON: {error}", file=sys.stderr)
        text = ""
    sys.stderr.flush()
    tell(FINISHED, text)
    return 0


def find_function(module, name):
    solution = getattr(module, "Solution", None)
    owner = solution() if hasattr(solution, name) else module
    function = getattr(owner, name, None)
    return function if callable(function) else None


def plain(value):
    """numpy's scalars and arrays as the numbers and lists that they hold."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is not JSON serializable")


def show(error):
    """Prints the traceback as the program alone would have it, without the frames of this file."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename == __file__:
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


def finish(code):
    """What the interpreter does at its end: joins threads, runs exit handlers, flushes."""
    try:
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()
        if "atexit" in sys.modules:
            sys.modules["atexit"]._run_exitfuncs()
        for stream in (sys.stdout, sys.__stdout__):
            if stream is not None and not getattr(stream, "closed", False):
                stream.flush()
    except Exception as error:
        show(error)
        code = code or 1
    sys.stderr.flush()
    return code


main()
