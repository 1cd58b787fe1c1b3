# tries: to read an XML document of a billion laughs
# expects: runtime-error, memory-limit, time-limit
from xml.etree import ElementTree

entities = "".join(
    f'<!ENTITY l{number} "{"&l%d;" % (number - 1) * 10 if number else "laugh" * 10}">'
    for number in range(10)
)
ElementTree.fromstring(f"<!DOCTYPE l [{entities}]><l>&l9;</l>")
leak("read a billion laughs")
