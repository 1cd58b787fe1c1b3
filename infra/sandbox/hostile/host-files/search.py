# tries: to find a file of the host anywhere (2,000 directories at most)
# expects: accepted
looked = 0
for directory, below, names in os.walk("/"):
    looked += 1
    if directory == "/":
        below[:] = [name for name in below if not name.startswith("packages-")]
    if directory == "/usr":
        below[:] = ["local", "src"]  # the rest of it is the system's
    if looked > 2000:
        break
    if "canary" in names:
        leak(f"found {directory}/canary")
survived()
