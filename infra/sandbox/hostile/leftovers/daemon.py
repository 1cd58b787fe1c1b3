# tries: to outlive its case as a daemon that listens, and to greet the next one
# expects: accepted
# cases: 2
import socket
import time

name = f"\0daemon-{outside['marker']}"
if outside["case"] == 1:
    listening, ready = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            door = socket.socket(socket.AF_UNIX)
            door.bind(name)
            door.listen()
            os.write(ready, b"!")
            time.sleep(20)
        os._exit(0)
    os.read(listening, 1)
else:
    try:
        socket.socket(socket.AF_UNIX).connect(name)
        leak("the daemon of the case before is there")
    except OSError:
        pass
survived()
