# tries: to hang or to confuse whoever collects files, with pipes and links to themselves
# expects: wrong-output
for name in ("output", "status", "result"):
    os.mkfifo(f"/tmp/{name}")
os.symlink("loop", "/tmp/loop")
os.symlink("..", "/tmp/up")
os.symlink("/dev/zero", "/tmp/endless")
