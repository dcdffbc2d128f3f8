#!/usr/bin/env python3
"""paste.py - text like that of paste sites: code, configuration, logs and manuals of this machine, and some leaks among it

usage: paste.py MEGABYTES > FILE     (a tenth of it comes from tests/leaks/generate.py, where that can run)
"""

import glob
import json
import os
import random
import subprocess
import sys

PLACES = ["/usr/include", "/usr/lib/python3*", "/usr/share/perl*", "/usr/share/doc", "/usr/share/man", "/etc"]


def files(r):
    found = sorted(os.path.join(folder, n) for p in PLACES for place in glob.glob(p) for folder, _, names in os.walk(place) for n in names)
    r.shuffle(found)
    return found


def leaks():
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "leaks", "generate.py")
    made = subprocess.run([sys.executable, here, "--quick"], capture_output=True, text=True)
    return [json.loads(line)["text"] for line in made.stdout.splitlines()] or [""]


def main():
    r, wanted, size, rows = random.Random(2), int(sys.argv[1]) << 20, 0, leaks()
    paths = files(r)
    while size < wanted and paths:
        path = paths.pop()
        try:
            with open(path, "rb") as f:
                text = f.read(20000)
        except OSError:
            continue
        if b"\0" in text:
            continue
        row = "".join(r.choice(rows) + "\n" for _ in range(1 + len(text) // 4000)).encode()
        sys.stdout.buffer.write(text + b"\n" + row)
        size += len(text) + len(row) + 1


if __name__ == "__main__":
    main()
