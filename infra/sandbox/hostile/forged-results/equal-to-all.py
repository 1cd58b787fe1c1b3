# tries: to return a value that is equal to every other
# style: call
# expects: wrong-output
def attack(outside):
    class Any(str):
        __eq__ = lambda *_: True
        __ne__ = lambda *_: False
        __hash__ = str.__hash__

    return Any("right")
