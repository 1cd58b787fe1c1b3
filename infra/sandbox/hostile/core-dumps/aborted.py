# tries: to leave its memory behind as a core dump
# expects: runtime-error
import resource

_, hard = resource.getrlimit(resource.RLIMIT_CORE)
if hard > 0:
    leak("may dump its core")
os.abort()
