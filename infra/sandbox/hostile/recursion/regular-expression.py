# tries: to stay in one regular expression for ever, where no Python code runs
# expects: time-limit
# cpuSeconds: 1
import re

re.match(r"(a|aa|a?)+$", "a" * 200 + "b")
survived()
