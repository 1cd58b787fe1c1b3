# tries: to have its own modules imported by whoever comes after it
# expects: wrong-output
# cases: 2
if outside["case"] > 1 and "sitecustomize.py" in os.listdir("/tmp"):
    leak("finds the modules of the case before")
for name in ("sitecustomize", "usercustomize", "json", "re", "math", "solution"):
    with open(f"/tmp/{name}.py", "w") as file:
        file.write("import os\nos.write(2, b'leak: a planted module is imported\\n')\n")


class Finder:
    def find_spec(self, name, path=None, target=None):
        os.write(2, f"asked for {name}\n".encode())


sys.meta_path.insert(0, Finder())
sys.path.insert(0, "/tmp")
