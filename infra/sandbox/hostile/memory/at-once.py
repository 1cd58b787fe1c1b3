# tries: to take a petabyte in one piece
# expects: memory-limit, runtime-error
kept = bytearray(1 << 50)
leak("took a petabyte")
