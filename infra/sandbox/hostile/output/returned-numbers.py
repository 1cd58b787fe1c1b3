# tries: to break whoever reads the returned value with numbers that are none
# style: call
# expects: wrong-output
def attack(outside):
    return [float("nan"), float("inf"), -float("inf"), 10**4000, "\ud800", "\0"]
