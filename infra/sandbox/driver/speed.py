"""How fast a processor is while a program runs on it: its seconds alone do not say.

A processor that shares its core, its clock or its cache gets less done in a second, by up to half
and for minutes at a time on rented machines. A program near its limit would be too slow on one day
and fast enough on the next. Where a time-out is to be confirmed, processor time is therefore counted
in seconds of a reference.
"""

import math
import os
import time

# What one piece of work takes on an undisturbed EPYC 9004 under CPython 3.11, measured. Time on a
# faster processor counts as it is.
REFERENCE_SECONDS = 0.19e-3
# More than a neighbour on the same core takes away is not given back.
GREATEST_SLOWDOWN = 1.75
PIECES_A_SLICE = 8


class SpeedMeter:
    """Measures in slices of 2 ms, on the one processor that it keeps itself and its children to."""

    slice_every_seconds = 0.05

    def __init__(self):
        processors = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {processors[os.urandom(1)[0] % len(processors)]})
        time_slice()  # The first teaches the interpreter its way.
        self.slices = [time_slice()]

    def take_slice(self):
        self.slices.append(time_slice())

    def slowdown(self):
        """How many seconds it takes here to do what the reference does in one: 1 or more."""
        mean = sum(self.slices) / len(self.slices)
        return min(max(1.0, mean / REFERENCE_SECONDS), GREATEST_SLOWDOWN)


class Unmetered:
    """Takes the processor for the reference."""

    slice_every_seconds = math.inf

    def take_slice(self):
        pass

    def slowdown(self):
        return 1.0


def time_slice():
    before = time.thread_time()
    for _ in range(PIECES_A_SLICE):
        piece_of_work()
    return (time.thread_time() - before) / PIECES_A_SLICE


def piece_of_work():
    """What programs spend their time on: whole numbers, a dictionary, a sorted list."""
    seen = {}
    for number in range(1500):
        key = number * 7919 % 1009
        seen[key] = seen.get(key, 0) + number
    return sorted(seen)
