"""Math-Verify as it ships, alone in one process: pairs on standard input, verdicts on standard output.

Each side is handed over in a box, as its users do: bare, it loses some. The last line is the time
that parsing and comparing took, in seconds, without the import.
"""

import json
import logging
import sys
import time

from math_verify import parse, verify

logging.disable(logging.CRITICAL)
pairs = [json.loads(line) for line in sys.stdin]
verdicts = []
began = time.perf_counter()
for pair in pairs:
    gold = parse("\\boxed{" + pair["reference"] + "}")
    answer = parse("\\boxed{" + pair["answer"] + "}")
    verdicts.append(verify(gold, answer))
seconds = time.perf_counter() - began
for verdict in verdicts:
    print(json.dumps(verdict))
print(json.dumps(seconds))
