# tries: to break whoever reads its output with bytes that are no text
# expects: wrong-output
os.write(1, bytes(range(256)) * 16 + b"\xff\xfe\xed\xa0\x80\xc0\x80\n" + b"\x1b]0;title\x07\x1b[2J" * 9)
os.write(2, bytes(range(256)) * 4)
