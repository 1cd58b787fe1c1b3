# tries: to take the terminal of the session that it was started in
# expects: accepted
for descriptor in range(3):
    if os.isatty(descriptor):
        leak(f"descriptor {descriptor} is a terminal")
    must_fail("took over a terminal", os.tcsetpgrp, descriptor, os.getpgrp())
survived()
