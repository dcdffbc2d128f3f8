#!/usr/bin/env python3
"""hostile.py - posts of one mebibyte that are made to be slow, a file each

usage: hostile.py FOLDER
"""

import os
import random
import sys

SIZE = 1 << 20


def posts():
    r = random.Random(1)
    base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    yield "all-at", "@"
    yield "all-digits", "7"
    yield "random-digits", "".join(r.choice("0123456789") for _ in range(SIZE))
    yield "nested-brackets", "["
    yield "nested-objects", '{"a":'
    yield "one-endless-line", "lorem ipsum dolor sit amet "
    yield "all-colons", ":"
    yield "all-line-ends", "\n"
    yield "random-base64", "".join(r.choice(base64) for _ in range(SIZE))
    yield "random-hex", "".join(r.choice("0123456789abcdef") for _ in range(SIZE))
    yield "percent-signs", "%41"
    yield "backslashes", "\\n"
    yield "ampersands", "&"
    yield "greater-than", ">"
    yield "mail-addresses", "a@b.co "
    yield "mail-passwords", "a@b.co:x\n"
    yield "assignments", "password="
    yield "assigned-passwords", "password=Tr0ub4dor77\n"
    yield "cards", "4539578763621486 "
    yield "key-headers", "-----BEGIN PRIVATE KEY-----"
    yield "token-starts", "eyJ"


def main():
    os.makedirs(sys.argv[1], exist_ok=True)
    for name, piece in posts():
        with open(os.path.join(sys.argv[1], name), "w") as f:
            f.write((piece * (SIZE // len(piece) + 1))[:SIZE])


if __name__ == "__main__":
    main()
