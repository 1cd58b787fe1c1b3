# tries: to learn, and to change, the name of the host
# expects: accepted
if os.uname().nodename == outside["hostname"]:
    leak("knows the name of the host")
must_be_refused("sethostname", outside["hostname"].encode(), len(outside["hostname"]))
must_be_refused("setdomainname", b"(none)", 6)
survived()
