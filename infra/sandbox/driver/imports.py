"""What a program finds imported, and what it can import sooner or by a name of its day."""

import builtins

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
# Names that were taken away since the programs of APPS and TACO were written: module, name, and
# where the same thing is found today.
BYGONE_NAMES = (
    ("fractions", "gcd", "math", "gcd"),
    ("time", "clock", "time", "process_time"),
    *(
        ("collections", name, "collections.abc", name)
        for name in ("Callable", "Hashable", "Iterable", "Iterator", "Mapping", "MutableMapping",
                     "Sequence", "Set")
    ),
    *(("numpy", name, "builtins", name) for name in ("int", "float", "complex", "object", "str")),
    ("numpy", "float_", "numpy", "float64"),
    ("numpy", "product", "numpy", "prod"),
    ("numpy", "Inf", "numpy", "inf"),
    ("numpy", "NaN", "numpy", "nan"),
)


def share(words):
    for name in words.intersection(SHARED_MODULES):
        import_if_installed(name)
    for module_name, name, source, today in BYGONE_NAMES:
        if name not in words or module_name not in words:
            continue
        module = import_if_installed(module_name)
        if module and name not in vars(module):
            setattr(module, name, getattr(__import__(source, fromlist=[today]), today))


def prelude(words):
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
