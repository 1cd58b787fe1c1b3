# tries: to write out a number of 40 million digits
# expects: time-limit, memory-limit, runtime-error, output-limit
# cpuSeconds: 1
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)
print(10 ** 40_000_000)
