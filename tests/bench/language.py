"""Write the texts that tests/bench/language reads, a post a line, from the labelled ones of classify/training.

usage: language.py FOLDER MEGABYTES

ordinary   texts without a label, joined to posts of about 2 kB, again and again
short      the same as they are
threats    texts with one, joined to posts of about 2 kB
labelled   all of them as fastText learns from
"""

import glob
import json
import random
import sys

LABELS = ("violence", "extortion", "leak", "dox")
POST = 2000


def rows():
    for path in sorted(glob.glob("classify/training/*.jsonl")):
        with open(path, encoding="utf-8") as f:
            for line in f:
                row = json.loads(line)
                yield " ".join(row["text"].split()), [x for x in LABELS if row["labels"].get(x) == 1]


def posts(texts):
    post = ""
    while True:
        random.shuffle(texts)
        for text in texts:
            post = (post + " " + text).strip()
            if len(post.encode()) >= POST:
                yield post
                post = ""


def write(path, lines, most):
    written = 0
    with open(path, "w", encoding="utf-8") as f:
        for line in lines:
            written += f.write(line + "\n")
            if written >= most:
                return


def again(texts):
    while True:
        yield from texts


def main():
    folder, most = sys.argv[1], int(float(sys.argv[2]) * 1e6)
    random.seed(1)
    labelled = list(rows())
    none = [text for text, labels in labelled if not labels]
    threats = [text for text, labels in labelled if labels]
    write(folder + "/ordinary", posts(none), most)
    write(folder + "/short", again(none), most // 4)
    write(folder + "/threats", posts(threats), most // 4)
    with open(folder + "/labelled", "w", encoding="utf-8") as f:
        for text, labels in labelled:
            f.write(" ".join("__label__" + x for x in labels or ["none"]) + " " + text + "\n")


main()
