# tries: to replace the functions of whoever runs it, in its own frames
# expects: wrong-output, runtime-error
# cases: 2
frame = sys._getframe()
always = lambda *_, **__: {"end": "finished", "output": "right", "clean": True, "nonce": ""}
while frame:
    for name, value in list(frame.f_globals.items()):
        if callable(value) and getattr(value, "__module__", None) == "__main__":
            frame.f_globals[name] = always
            if hasattr(value, "__code__"):
                try:
                    value.__code__ = always.__code__
                except ValueError:
                    pass
    frame = frame.f_back
