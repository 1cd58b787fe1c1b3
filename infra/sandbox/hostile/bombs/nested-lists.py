# tries: to unpickle a few bytes into a billion references, printed
# expects: memory-limit, time-limit, output-limit
# cpuSeconds: 1
import pickle

value = ["laugh"] * 10
for _ in range(9):
    value = [value] * 10
print(pickle.loads(pickle.dumps(value)))
