# tries: to be taken for right by leaving with success, in the manner that its case says
# always: yes
# expects: wrong-output
# cases: 4
if outside["case"] == 1:
    exit(0)
if outside["case"] == 2:
    sys.exit()
if outside["case"] == 3:
    os._exit(0)
os.execv("/bin/true", ["true"])
