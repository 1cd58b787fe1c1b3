# tries: to read the kernel's memory, addresses and messages
# expects: accepted
for path in ("/proc/kcore", "/dev/mem", "/dev/kmem", "/dev/port", "/dev/kmsg", "/proc/kmsg"):
    must_fail(f"may read {path}", os.open, path, os.O_RDONLY)
try:
    addresses = [line.split()[0] for line in open("/proc/kallsyms")]
except OSError:
    addresses = []
if any(int(address, 16) for address in addresses[:1000]):
    leak("sees addresses of the kernel")
survived()
