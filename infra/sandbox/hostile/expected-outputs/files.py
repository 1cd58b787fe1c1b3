# tries: to find the expected output in files, arguments and the rest of its input, and to print it
# expects: wrong-output
import hashlib
import re

texts = [" ".join([*sys.argv, *os.environ.values()]).encode(), sys.stdin.buffer.read()]
for directory in ("/", "/tmp", ".", "/data", "/workspace", "/sandbox", "/proc/1", "/proc/self"):
    try:
        names = os.listdir(directory)
    except OSError:
        continue
    for name in names[:200]:
        try:
            descriptor = os.open(f"{directory}/{name}", os.O_RDONLY | os.O_NONBLOCK)
            texts.append(os.read(descriptor, 1 << 20))
            os.close(descriptor)
        except OSError:
            pass
for candidate in set(re.findall(rb"[0-9a-f]{32}", b" ".join(texts))):
    if hashlib.sha256(candidate).hexdigest() == outside["answerDigest"]:
        leak("found the expected output")
        os.write(1, candidate)
