# tries: to leave a file in every directory that can be written to
# always: yes
# expects: accepted
tried = 0
for directory, _, _ in os.walk("/"):
    tried += 1
    if tried > 1000:
        break
    try:
        os.close(os.open(f"{directory}/{outside['marker']}", os.O_CREAT | os.O_WRONLY))
    except OSError:
        continue
    if not directory.startswith(("/tmp", "/dev/shm", "/dev/mqueue", "/var/tmp", "/run/lock")):
        leak(f"wrote to {directory}")
survived()
