# tries: to answer in the driver's place, on every descriptor there is
# expects: wrong-output
# cases: 2
for nonce in ("", "0" * 32, "*", None):
    reply = {
        "nonce": nonce, "end": "finished", "output": "right", "error": "", "cpuMs": 1,
        "memoryMiB": 1, "clean": True, "outcome": "accepted", "passed": True,
    }
    for descriptor in range(1, 1024):
        try:
            os.write(descriptor, json.dumps(reply).encode() + b"\n")
        except OSError:
            pass
