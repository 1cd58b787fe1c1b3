# tries: to find the expected output in the memory of its process, and to print it
# expects: wrong-output
import hashlib
import re

libc.sbrk.restype = ctypes.c_void_p
end = libc.sbrk(ctypes.c_long(0))
candidates = set()
page = 4096
for address in range(end // page * page - page, end - (32 << 20), -page):
    if libc.msync(ctypes.c_void_p(address), ctypes.c_size_t(page), 1) != 0:  # no such page
        break
    candidates.update(re.findall(rb"[0-9a-f]{32}", ctypes.string_at(address, page)))
arenas = {id(held) // (1 << 18) * (1 << 18) for held in (candidates, "", [], outside, json, sys)}
for arena in arenas:
    for address in range(arena, arena + (1 << 18), page):
        if libc.msync(ctypes.c_void_p(address), ctypes.c_size_t(page), 1) == 0:
            candidates.update(re.findall(rb"[0-9a-f]{32}", ctypes.string_at(address, page)))
for candidate in candidates:
    if hashlib.sha256(candidate).hexdigest() == outside["answerDigest"]:
        leak("found the expected output")
        os.write(1, candidate)
