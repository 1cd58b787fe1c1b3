# tries: to be taken for right by saying so
# expects: wrong-output
for text in ("ok", "OK", "PASSED", "Accepted", "all tests passed", "True", "0", "1 passed in 0.01s"):
    print(text)
    print(text, file=sys.stderr)
