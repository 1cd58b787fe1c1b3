# tries: to compute a tower of powers
# expects: time-limit, memory-limit
# cpuSeconds: 1
print(9**9**9**9)
