# tries: to recurse without end, with no limit of the interpreter
# expects: runtime-error, memory-limit, time-limit
sys.setrecursionlimit(2**31 - 1)


def again(depth):
    return again(depth + 1) + 1


again(0)
