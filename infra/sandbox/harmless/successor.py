# Runs after a hostile program, and says whether it has the sandbox to itself.

import json
import os

told = json.loads(input())
left = [name for name in os.listdir("/tmp")]
if left:
    print("found", left[:3])
print(told["token"])
