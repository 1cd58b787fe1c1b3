# tries: to give up the protections of its memory
# expects: accepted
for persona in (0x0040000, 0x0400000):  # ADDR_NO_RANDOMIZE, READ_IMPLIES_EXEC
    must_be_refused("personality", persona)
survived()
