#!/usr/bin/python3
"""generate.py - write leaks and their look-alikes as JSON lines, to judge the detector by

usage: generate.py [--quick] [--seed N] [--rows N] [--family NAME]

A row: {"id","family","kind","mutation","text","expect","count","labels"}. What is expected comes from public standards, from
independent implementations (python3-stdnum, python3-cryptography, hashlib) and from real tools, never from the program that is
judged. The same seed gives the same rows, but for what real tools make. What could not be made is named on standard error.
"""

import argparse
import html
import importlib
import json
import random
import sys

import tools
import words

PARTS = ("credentials", "money", "people", "coins", "markings", "keys", "records", "encoded")

# What a family is called in MISP's taxonomy infoleak; the answers are compared by measure.py.
LABELS = {
    "credential_dump": ["credential"], "stealer_log": ["credential"], "credit_card": ["credit-card"], "iban": ["iban"], "national_id": ["national-id"], "passport": ["passport"],
    "crypto_wallet": ["bitcoin-address", "crypto-address"], "onion": ["onion"], "doc_marker": ["document-marking"], "private_key": ["private-key"], "pgp": ["pgp-private-key"], "sql_dump": ["sql-dump"],
    "bank_account": ["bank-account"], "dox": ["personal-data"], "password_hash": ["hash"], "encoded": [],
}

# Made in one line only: the text goes somewhere else as it is.
INLINE = {
    "prose": lambda rng, t: words.prose(rng) + " " + t.strip("\n") + " " + words.prose(rng, 1), "quoted": lambda rng, t: '"' + t.strip("\n") + '"', "trailing-comma": lambda rng, t: "    '" + t.strip("\n") + "',\n",
    "parenthesis": lambda rng, t: "(see " + t.strip("\n") + ")",
}
# Any number of lines.
AROUND = {
    "crlf": lambda rng, t: t.replace("\n", "\r\n"), "indented": lambda rng, t: "".join("    " + l + "\n" for l in t.rstrip("\n").split("\n")),
    "paragraphs": lambda rng, t: words.prose(rng) + "\n\n" + t.rstrip("\n") + "\n\n" + words.prose(rng) + "\n", "reply": lambda rng, t: "".join("> " + l + "\n" for l in t.rstrip("\n").split("\n")),
    "html-escaped": lambda rng, t: "<pre>" + html.escape(t) + "</pre>", "in-json": lambda rng, t: json.dumps({"id": rng.randrange(10 ** 6), "content": t}), "fenced": lambda rng, t: "```\n" + t.rstrip("\n") + "\n```\n",
    "blank-lines": lambda rng, t: "\n\n" + t + "\n\n\n",
}
# Columns and labels that a line must begin with do not stand inside a sentence.
INLINE_FAMILIES = ("bank_account", "credit_card", "iban", "national_id", "crypto_wallet", "onion")


def mutate(rng, family, text):
    """Another way to post the same thing, with its name."""
    choices = dict(AROUND)
    if "\n" not in text.strip("\n"):
        if family in INLINE_FAMILIES:
            choices.update(INLINE)
        else:
            choices["quoted"] = INLINE["quoted"]
    name = rng.choice(sorted(choices))
    return name, choices[name](rng, text)


def rows_of(part, options):
    rng = random.Random("%d %s" % (options.seed, part))
    module = importlib.import_module(part)
    for family, kind, text, expect, count in module.rows(rng, options.rows):
        if family == "skipped":
            print("skipped: " + kind, file=sys.stderr)
            continue
        yield family, kind, "plain", text, expect, count
        if family != "encoded" and (not options.quick or rng.random() < 0.34):
            mutation, changed = mutate(rng, family, text)
            yield family, kind, mutation, changed, expect, count


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few rows of each kind, in seconds")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--rows", type=int, help="rows of each kind")
    parser.add_argument("--family", help="only this one")
    options = parser.parse_args()
    options.rows = options.rows or (2 if options.quick else 12)
    tools.quick = options.quick
    numbers = {}
    for part in PARTS:
        for family, kind, mutation, text, expect, count in rows_of(part, options):
            if options.family in (None, family):
                numbers[family, kind] = numbers.get((family, kind), 0) + 1
                row = {"id": "%s/%s/%d" % (family, kind, numbers[family, kind]), "family": family, "kind": kind, "mutation": mutation, "text": text, "expect": expect, "count": count, "labels": LABELS[family] if expect else []}
                print(json.dumps(row, ensure_ascii=False))
    for name in sorted(tools.missing):
        print("skipped: " + name, file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.exit(1)
