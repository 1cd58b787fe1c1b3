# tries: to read secrets of the worker in its environment
# always: yes
# expects: wrong-output
for name, value in os.environb.items():
    os.write(1, name + b"=" + value + b"\n")
