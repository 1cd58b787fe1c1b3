# tries: to watch which files of the system others open
# expects: accepted
must_be_refused("inotify_init1", 0)
must_be_refused("fanotify_init", 0, 0)
survived()
