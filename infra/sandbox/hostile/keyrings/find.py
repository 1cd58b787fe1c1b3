# tries: to read the keys of others
# expects: accepted
for ring in (-3, -4, -5):
    if call("keyctl", 11, ring, ctypes.create_string_buffer(4096), 4096) >= 0:  # KEYCTL_READ
        leak(f"reads keyring {ring}")
try:
    if open("/proc/keys").read().strip():
        leak("sees keys in /proc/keys")
except OSError:
    pass
survived()
