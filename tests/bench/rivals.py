#!/usr/bin/env python3
"""rivals.py - the patterns of our rules in the syntax of yara, ripgrep and grep -E, as far as they can be said there

usage: rivals.py RULES FOLDER    RULES: what `watchdesk rule list --json` says
"""

import json
import re
import subprocess
import sys


def rules(path):
    with open(path) as f:
        for line in f:
            rule = json.loads(line)
            if not re.fullmatch(r"(digits|word|hex|base58|upper|iban) [0-9-]+", rule["pattern"]):
                yield rule["pattern"]


def works(command, good):
    try:
        return subprocess.run(command, input=b"x\n", capture_output=True, timeout=20).returncode in good
    except subprocess.TimeoutExpired:
        return False


def extended(pattern):
    """POSIX extended: no lazy repeats, no classes by letter within brackets."""
    flags = pattern.startswith("(?i)")
    p = re.sub(r"^\(\?[a-z]+\)", "", pattern).replace("(?:", "(").replace("\\d", "[0-9]")
    return None if flags or "(?" in p or re.search(r"\[[^\]]*\\|\\x|\?\?|\*\?|\}\?", p) else p


def main():
    patterns, folder = list(rules(sys.argv[1])), sys.argv[2]
    with open(folder + "/rules.yar", "w") as out, open(folder + "/yara.count", "w") as count:
        for i, p in enumerate(patterns):
            flags = "i" if p.startswith("(?i)") else ""
            body = re.sub(r"^\(\?[a-z]+\)", "", p).replace("(?:", "(").replace("/", "\\/")
            rule = "rule r%d { strings: $a = /%s/%s condition: $a }\n" % (i, body, flags)
            with open(folder + "/one.yar", "w") as one:
                one.write(rule)
            if works(["yara", "-w", folder + "/one.yar", "/dev/null"], (0,)):
                out.write(rule)
                count.write("1\n")
    with open(folder + "/rg.patterns", "w") as out:
        out.writelines(p + "\n" for p in patterns if "\n" not in p and works(["rg", "-a", "-e", p, "-"], (0, 1)))
    with open(folder + "/grep.patterns", "w") as out:
        for p in map(extended, patterns):
            if p and "\n" not in p and works(["grep", "-aE", "-e", p, "-"], (0, 1)):
                out.write(p + "\n")


if __name__ == "__main__":
    main()
