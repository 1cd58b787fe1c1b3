# tries: to keep a file of the host by a hard link
# expects: accepted
must_fail("linked a file of the host", os.link, outside["canary"], f"/tmp/{outside['marker']}-kept")
must_fail("linked a file of the system to keep it", os.link, "/usr/bin/env", f"/tmp/{outside['marker']}-env")
survived()
