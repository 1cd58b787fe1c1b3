# tries: to wait for input that never comes (20 s)
# expects: time-limit
# cpuSeconds: 0.5
import select

reading, writing = os.pipe()
sys.stdin.read()
select.select([reading], [], [], 20)
survived()
