"""Runs one program on its cases, inside the sandbox, as its first process.

    python -S -B main.py SITE_PACKAGES...

JSON lines in on standard input: first the session, then one case at a time.
    {"nonce", "task": "compile" | "stdin" | "call", "code", "user", "limits", "metered", ...}
        metered: processor time is counted in seconds of a reference (speed.py)
        compile: "file", "command", "executable"
        stdin:   "executable": what was compiled, in base64; null where Python runs the code
        call:    "function", "starterCode", "changedArgument"
    {"input"}  or  {"arguments"}  or, to compile, once  {}
JSON lines out on standard output, one a case:
    {"nonce", "end", "output", "error", "cpuMs", "memoryMiB", "clean", "slowdown",
     "driverMs"}
and before it, each time the wall time of the case is over, a question and its answer:
    {"nonce", "end": "late", "slowdown", "driverMs"}
    {"moreSeconds"}: how long the case was kept waiting for a processor, 0 if it was not

Each case is a fork of this process: nothing that one case does to its interpreter is there for the
next. The fork keeps no descriptor of this process and, where root started the sandbox, runs as
another user, so the program can write only its own output and status, never a reply. This process
is number 1 of its pid namespace: the program cannot kill it, and whatever a case leaves running
is killed before its reply is written.
"""

import gc
import json
import os
import select
import signal
import sys
import time

import program
import speed

ENDS = {
    program.FINISHED: "finished",
    program.RAISED: "runtime-error",
    program.REFUSED: "refused",
    program.OUT_OF_MEMORY: "memory-limit",
    program.MISSING_FUNCTION: "missing-function",
    program.COMPILE_ERROR: "compile-error",
}
# Wall time is only a backstop, so that a verdict does not depend on the load of the machine.
WALL_PER_CPU_SECOND = 4
LEAST_WAIT_SECONDS = 0.005
# How Linux numbers the clock of a process: clock_getcpuclockid(3), CPUCLOCK_SCHED.
CPU_CLOCK_EXACT = 2
ERROR_TAIL_BYTES = 2000
# What /dev/stdin leads to where no /proc leads to descriptor 0.
INPUT_DIRECTORY = "/input"
# What the C++ library says before it aborts.
OUT_OF_MEMORY_WORDS = b"std::bad_alloc"


def main():
    # Where no root starts the sandbox the program has this process's user. The first process of a
    # namespace gets no signal from inside that it has no handler for, and Python handles this one.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    here = os.path.dirname(__file__)
    requests = open(0, "rb", closefd=False)
    session = json.loads(requests.readline())
    task = task_of(session)
    for name in [name for name, module in sys.modules.items() if comes_from(module, here)]:
        del sys.modules[name]  # A program may have a module of that name in mind.
    sys.path[:] = [path for path in sys.path if path != here] + sys.argv[1:]
    sys.argv[:] = ["solution.py"]
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)  # What is computed may be as long as before Python 3.11.
    task.prepare()
    gc.collect()
    gc.freeze()

    def more_seconds(slowdown):
        tell_host(session, {"end": "late", "slowdown": slowdown})
        return json.loads(requests.readline() or "{}").get("moreSeconds", 0)

    for line in iter(requests.readline, b""):
        tell_host(session, run_case(session, task, json.loads(line), more_seconds))


def task_of(session):
    """What the process of a case does, once it is confined, and what becomes of its output."""
    if session["task"] == "compile":
        from compiled import Compilation

        return Compilation(session)
    if session["task"] == "stdin" and session["executable"] is not None:
        from compiled import Executable

        return Executable(session)
    return program.PythonProgram(session)


def comes_from(module, directory):
    return os.path.dirname(getattr(module, "__file__", None) or "") == directory


def tell_host(session, message):
    """With the processor time that this process alone has taken, encoding included."""
    encoded = json.dumps(message)
    # The nonce is looked up when it is needed: the program's copy of this memory lacks it.
    seal = {"nonce": session["nonce"], "driverMs": round(time.process_time() * 1000)}
    program.write_all(1, f"{encoded[:-1]}, {json.dumps(seal)[1:]}\n".encode())


def run_case(session, task, case, more_seconds):
    files = [open_input(), *(os.memfd_create(name) for name in ("output", "error", "status"))]
    try:
        program.write_all(files[0], case.get("input", "").encode("utf-8", "surrogatepass"))
        os.lseek(files[0], 0, os.SEEK_SET)
        meter = speed.SpeedMeter() if session["metered"] else speed.Unmetered()
        child = os.fork()
        if child == 0:
            program.become(session, task, case, files)
        timed_out = not ended_in_time(child, session["limits"], meter, more_seconds)
        usage = kill_and_reap(child)
        return describe(session, task, (usage, meter.slowdown(), timed_out), files)
    finally:
        for file in files:
            os.close(file)


def open_input():
    """With a name where the sandbox has a place for it; a container has /proc, and needs none."""
    if not os.path.isdir(INPUT_DIRECTORY):
        return os.memfd_create("input")
    path = f"{INPUT_DIRECTORY}/stdin"
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)


def is_clean(given):
    """Whether the program has left nothing where the next case would find it."""
    with_inputs = os.path.isdir(INPUT_DIRECTORY)
    found = [entry.inode() for entry in os.scandir(INPUT_DIRECTORY)] if with_inputs else []
    return not os.listdir("/tmp") and found in ([], [os.fstat(given).st_ino])


def ended_in_time(child, limits, meter, more_seconds):
    """Whether it ended by itself; what it was kept waiting for a processor is given to it again."""
    handle = os.pidfd_open(child)
    events = select.poll()
    events.register(handle, select.POLLIN)
    events.register(0, 0)  # For its hang-up, of which one is always told.
    end = time.monotonic() + WALL_PER_CPU_SECOND * limits["cpuSeconds"]
    try:
        while True:
            spare = limits["cpuSeconds"] * meter.slowdown() - processor_seconds(child)
            left = end - time.monotonic()
            if left <= 0:
                left = more_seconds(meter.slowdown())
                end = time.monotonic() + left
            if spare <= 0 or left <= 0:
                return False
            wait = max(LEAST_WAIT_SECONDS, min(spare, left, meter.slice_every_seconds))
            happened = dict(events.poll(1000 * wait))
            if 0 in happened:
                # The worker died. bubblewrap misses that until it has asked to be told of it; the
                # end of this process is the end of the sandbox.
                sys.exit()
            if handle in happened:
                return True
            meter.take_slice()
    finally:
        os.close(handle)


def processor_seconds(process):
    """What it has taken so far, exactly: limits of the kernel count whole ticks, whoever had them."""
    return time.clock_gettime(~process << 3 | CPU_CLOCK_EXACT)


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


def describe(session, task, ending, files):
    (cpu_seconds, peak_kib, wait_status), slowdown, timed_out = ending
    _, output, error, status_file = files
    limits = session["limits"]
    limit_bytes = limits["outputKiB"] * 1024
    status = read_all(status_file)
    killed_by = os.WTERMSIG(wait_status) if os.WIFSIGNALED(wait_status) else 0
    tail = read_all(error, max(0, os.fstat(error).st_size - ERROR_TAIL_BYTES))
    if timed_out or cpu_seconds > limits["cpuSeconds"] * slowdown or killed_by == signal.SIGXCPU:
        end = "time-limit"
    elif max(os.fstat(file).st_size for file in (output, error, status_file)) > limit_bytes:
        end = "output-limit"
    elif killed_by == signal.SIGKILL:
        end = "killed"
    elif killed_by == signal.SIGSYS:
        end = "refused"
    elif killed_by == signal.SIGABRT and OUT_OF_MEMORY_WORDS in tail:
        end = "memory-limit"
    elif status[:1] in ENDS and not (status[:1] == program.FINISHED and task.prints):
        end = ENDS[status[:1]]
    else:
        end = task.end(wait_status)
    text = read_all(output) if task.prints or end != "finished" else status[1:]
    return {
        "end": end,
        # Bytes that are no UTF-8 become characters that no expected output holds.
        "output": text[:limit_bytes].decode("utf-8", "surrogateescape"),
        "error": explain(status, tail, killed_by, end),
        "cpuMs": round(cpu_seconds * 1000),
        "memoryMiB": round(peak_kib / 1024, 1),
        "clean": is_clean(files[0]),
        "slowdown": slowdown,
        **task.leavings(wait_status, end),
    }


def explain(status, tail, killed_by, end):
    if end == "compile-error" and status:
        return status[1 : 1 + ERROR_TAIL_BYTES].decode("utf-8", "replace")
    text = tail.decode("utf-8", "replace")
    if killed_by:
        return f"{text}ended by signal {killed_by}\n"
    if end == "runtime-error" and not text:
        return "the program ended without a word\n"
    return text


def read_all(file, start=0):
    chunks = []
    while chunk := os.pread(file, 1 << 20, start):
        chunks.append(chunk)
        start += len(chunk)
    return b"".join(chunks)


main()
