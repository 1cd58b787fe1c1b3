# tries: to take 400 MiB of memory
# always: yes
# expects: memory-limit
kept = [b"x" * (1 << 20) for _ in range(400)]
leak(f"took {len(kept)} MiB")
survived()
