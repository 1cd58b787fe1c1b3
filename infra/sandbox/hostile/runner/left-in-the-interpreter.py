# tries: to leave something in the interpreter for its next case
# expects: accepted
# cases: 3
import builtins

if getattr(builtins, "seen", 0) or "planted" in sys.modules or "PLANTED" in os.environ:
    leak("finds what the case before left in the interpreter")
builtins.seen = outside["case"]
sys.modules["planted"] = sys
os.environ["PLANTED"] = "1"
os.umask(0o777)
succeeds(os.nice, 5)  # Where it may not, it cannot leave that behind either.
survived()
