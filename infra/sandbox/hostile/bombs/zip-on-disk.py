# tries: to unpack an archive of a thousand files, 256 KiB each, under /tmp
# expects: runtime-error, memory-limit, output-limit
import io
import zipfile

kept = io.BytesIO()
with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
    for number in range(10):
        archive.writestr(f"{outside['marker']}-{number}", bytes(256 << 10))
for number in range(100):
    with zipfile.ZipFile(kept) as archive:
        archive.extractall(f"/tmp/{outside['marker']}-{number}")
leak("unpacked 256 MiB on disk")
