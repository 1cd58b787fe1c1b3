# tries: to leave files that are hard to name, to list and to remove
# expects: accepted
# cases: 2
if os.listdir("/tmp"):
    leak(f"found {os.listdir('/tmp')[:3]} of the case before")
for name in (b"-rf", b"a\nb", b"\xff\xfe", b" ", b"*", b"$(reboot)", b"x" * 255, b"..."):
    os.close(os.open(b"/tmp/" + name, os.O_CREAT | os.O_WRONLY))
os.mkdir("/tmp/closed", 0)
os.mkfifo("/tmp/pipe")
survived()
