# tries: to find the expected output among the objects and frames of its interpreter, and to print it
# expects: wrong-output
import gc
import hashlib
import re

texts = [json.dumps(outside)]
frame = sys._getframe()
while frame:
    texts.append(repr((frame.f_locals, frame.f_globals))[:1_000_000])
    frame = frame.f_back
for held in gc.get_objects()[:50_000]:
    if isinstance(held, (list, tuple, dict)):
        texts.append(repr(held)[:10_000])
for candidate in set(re.findall(r"[0-9a-f]{32}", " ".join(texts))):
    if hashlib.sha256(candidate.encode()).hexdigest() == outside["answerDigest"]:
        leak("found the expected output")
        print(candidate)
