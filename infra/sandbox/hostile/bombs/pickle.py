# tries: to run a command in whoever unpickles what it prints
# expects: wrong-output
import pickle


class Payload:
    def __reduce__(self):
        return os.system, (f"touch /tmp/{outside['marker']}",)


os.write(1, pickle.dumps(Payload(), protocol=0))
os.write(2, pickle.dumps(Payload(), protocol=0))
