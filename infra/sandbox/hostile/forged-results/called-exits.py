# tries: to be taken for right by leaving before the function returns
# style: call
# expects: runtime-error
# cases: 3
def attack(outside):
    if outside["case"] == 1:
        exit(0)
    if outside["case"] == 2:
        os._exit(0)
    os.execv("/bin/true", ["true"])
