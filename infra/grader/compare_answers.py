"""Compares pairs of mathematical answers with math-verify: JSON lines in, JSON lines out.

Reads {"reference", "answer", "rules"?}, writes {"outcome", "reason", "retire"}, one pair at a time; the first
line written is {"ready": true}. The pool that runs this bounds wall time from outside; CPU time
and memory are bounded here, so that a process whose parent has died cannot run on.
"""

import json
import logging
import os
import resource
import signal
import sys

ADDRESS_SPACE_BYTES = 1 << 30
CPU_SECONDS = 3
# Where Python code never runs (one huge power inside C), only the kernel can stop the process.
CPU_SECONDS_KILLED = 6


class OutOfTime(BaseException):
    """Not an Exception: the libraries catch those."""


def main() -> None:
    replies = claim_stdout()
    limit_process()
    logging.disable(logging.CRITICAL)
    from answer_equality import compare, compare_as_shipped

    send(replies, {"ready": True})
    for line in sys.stdin:
        pair = json.loads(line)
        rule = compare_as_shipped if pair.get("rules") == "as-shipped" else compare
        send(replies, bounded(rule, pair["reference"], pair["answer"]))


def claim_stdout():
    """Keeps the reply channel to ourselves: whatever a library prints goes to standard error."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return replies


def limit_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGVTALRM, on_alarm)


def on_alarm(_signal, _frame) -> None:
    raise OutOfTime


def bounded(compare, reference: str, answer: str) -> dict:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_SECONDS_KILLED, hard))
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
        try:
            outcome, reason = compare(reference, answer)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except OutOfTime:
        return {"outcome": "undecided", "reason": "time-out", "retire": True}
    except MemoryError:
        return {"outcome": "undecided", "reason": "out-of-memory", "retire": True}
    except Exception:
        return {"outcome": "undecided", "reason": "comparison-error", "retire": False}
    return {"outcome": outcome, "reason": reason, "retire": False}


def send(replies, reply: dict) -> None:
    replies.write(json.dumps(reply) + "\n")
    replies.flush()


if __name__ == "__main__":
    main()
