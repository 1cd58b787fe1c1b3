"""Compares pairs of mathematical answers with math-verify: JSON lines in, JSON lines out.

    compare_answers.py USER PACKAGES...

USER is whom to become (confinement.py), PACKAGES are directories to import from. Reads
{"id", "reference", "answer", "rules"?}, writes {"id", "outcome", "reason", "retire"}, one pair at a
time; the first line written is {"ready": true}.

A pair that uses up its CPU time ends the process, by SIGPROF: only the kernel can stop one huge
power inside C, and what waits for a processor on a busy machine is not charged for it. The pool
that runs this takes such an end for a time-out.
"""

import json
import logging
import os
import resource
import signal
import sys

CPU_SECONDS = 2
# math-verify and sympy keep what they computed; a process that grew so far is due to be replaced.
RETIREMENT_KIBIBYTES = 400 * 1024


def main() -> None:
    user, *packages = sys.argv[1:]
    sys.path.extend(packages)
    from confinement import confine, refuse_effects

    replies = claim_stdout()
    confine(user)
    logging.disable(logging.CRITICAL)
    from answer_equality import compare, compare_as_shipped
    from fast_parsing import parse_in_two_stages
    from plain_numbers import read_numbers_without_evaluation

    read_numbers_without_evaluation()
    parse_in_two_stages()
    refuse_effects()
    send(replies, {"ready": True})
    for line in sys.stdin:
        pair = json.loads(line)
        rule = compare_as_shipped if pair.get("rules") == "as-shipped" else compare
        reply = bounded(rule, pair["reference"], pair["answer"])
        send(replies, {"id": pair["id"], **reply})


def claim_stdout():
    """Keeps the reply channel to ourselves: whatever a library prints goes to standard error."""
    os.closerange(3, 1024)
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return replies


def bounded(compare, reference: str, answer: str) -> dict:
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        outcome, reason = compare(reference, answer)
    except MemoryError:
        return {"outcome": "undecided", "reason": "out-of-memory", "retire": True}
    except Exception:
        return {"outcome": "undecided", "reason": "comparison-error", "retire": has_grown()}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return {"outcome": outcome, "reason": reason, "retire": has_grown()}


def has_grown() -> bool:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > RETIREMENT_KIBIBYTES


def send(replies, reply: dict) -> None:
    replies.write(json.dumps(reply) + "\n")
    replies.flush()


if __name__ == "__main__":
    main()
