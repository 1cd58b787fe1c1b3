# tries: to use up the inodes with 60,000 empty files
# expects: accepted, memory-limit, time-limit, runtime-error
try:
    for number in range(60_000):
        os.close(os.open(f"/tmp/{outside['marker']}-{number}", os.O_CREAT | os.O_WRONLY))
except OSError:
    pass
survived()
