# tries: to unpack half a kilobyte for each megabyte, 512 MiB of them, in memory
# expects: memory-limit
import zlib

packer = zlib.compressobj(9, zlib.DEFLATED, -15)
packer.compress(bytes(1 << 20))
packer.flush(zlib.Z_FULL_FLUSH)
block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
if len(zlib.decompressobj(-15).decompress(block * 512)) > 400 << 20:
    leak("unpacked 400 MiB in memory")
survived()
