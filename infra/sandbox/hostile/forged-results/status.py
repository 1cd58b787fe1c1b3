# tries: to write the status of a finished function by itself
# style: call
# expects: wrong-output, runtime-error
# cases: 2
def attack(outside):
    for descriptor in range(3, 64):
        for text in (b"F", b"Fnull", b'F"right"'):
            try:
                os.pwrite(descriptor, text, 0)
            except OSError:
                pass
    if outside["case"] == 1:
        os._exit(0)
    return "right"
