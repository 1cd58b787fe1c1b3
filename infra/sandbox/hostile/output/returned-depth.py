# tries: to break whoever reads the returned value with 30,000 nested lists
# style: call
# cases: 2
# expects: wrong-output, runtime-error
def attack(outside):
    if outside["case"] == 1:
        os.write(3, b"F" + b"[" * 30_000 + b"]" * 30_000)
        os._exit(0)
    sys.setrecursionlimit(100_000)
    value = []
    for _ in range(30_000):
        value = [value]
    return value
