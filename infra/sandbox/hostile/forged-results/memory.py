# tries: to find the driver's secrets in its own memory, and to answer with each
# expects: wrong-output
import gc
import re

found = set()
for held in gc.get_objects()[:50_000]:
    for part in held.values() if isinstance(held, dict) else held if isinstance(held, list) else ():
        if isinstance(part, (str, bytes)) and len(part) < 100_000:
            text = part if isinstance(part, str) else part.decode("latin1")
            found.update(re.findall(r"[0-9a-f]{32}", text))
for nonce in list(found)[:200]:
    reply = json.dumps({"nonce": nonce, "end": "finished", "output": "right", "clean": True})
    for descriptor in (1, 3, *range(4, 12)):
        try:
            os.write(descriptor, reply.encode() + b"\n")
        except OSError:
            pass
