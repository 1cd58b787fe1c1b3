# tries: to find a file of the host anywhere (8,000 directories at most)
# expects: accepted
looked = 0
for directory, below, names in os.walk("/"):
    looked += 1
    if directory == "/usr":
        below[:] = ["local", "src"]  # the rest of it is the system's
    if looked > 8000:
        break
    if "canary" in names:
        leak(f"found {directory}/canary")
survived()
