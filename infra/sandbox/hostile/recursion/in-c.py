# tries: to overflow the stack below the interpreter
# expects: runtime-error, memory-limit
sys.setrecursionlimit(2**31 - 1)
value = []
for _ in range(3_000_000):
    value = [value]
json.dumps(value)
repr(value)
