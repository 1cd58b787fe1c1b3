# tries: to return 40 MiB
# style: call
# expects: output-limit, memory-limit
def attack(outside):
    return "x" * (40 << 20)
