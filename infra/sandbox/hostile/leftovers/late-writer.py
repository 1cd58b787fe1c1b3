# tries: to write to its output, and to a file of the host, after it has ended
# expects: accepted
# cases: 2
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for _ in range(100):
            time.sleep(0.02)
            os.write(1, b"late\n")
            succeeds(os.write, succeeds(open, outside["canary"], "a") and 2, b"late\n")
    os._exit(0)
survived()
