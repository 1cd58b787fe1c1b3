# tries: to have its output written to, and read from, a file of the host
# expects: wrong-output, runtime-error
output = f"/tmp/{outside['marker']}"
os.symlink(outside["canary"], output)
for descriptor in (1, 2, 3):
    os.close(descriptor)
    try:
        os.open(output, os.O_RDWR | os.O_CREAT)
    except OSError:
        pass
os.write(1, b"changed from inside")
