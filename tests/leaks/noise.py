#!/usr/bin/python3
"""noise.py - how often does ordinary text pass for a leak?

usage: noise.py [--program FILE] [--seed N] [--files N] [--rows N] [--language FOLDER] [--folder FOLDER] [--show RULE]

Draws text of this machine (documentation, manual pages, licences, changelogs, headers, the libraries of Python and Perl), cuts it
into posts of 0.5 to 8 kB, adds ordinary rows of a folder of labelled posts when one is named, and counts what `stage scan` says
of them: posts with a leak score of 0.5 and more in 10,000 and a MB, posts with a severity above 20, and the rules behind them.
--folder draws from that folder instead: packages that were unpacked there and never looked at.
--show prints a line of the texts of this machine where a rule hits; rows of the labelled posts are never printed.
"""

import argparse
import collections
import glob
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile

PLACES = {
    "documentation": ["/usr/share/doc"], "manual pages": ["/usr/share/man"], "licences": ["/usr/share/common-licenses"], "headers": ["/usr/include"], "python": ["/usr/lib/python3*", "/usr/lib/python3"],
    "perl": ["/usr/share/perl", "/usr/share/perl5", "/usr/lib/*/perl*"],
}
MAX_FILE = 4 << 20


def files_of(places):
    """Not those of stdnum: a library of the very numbers that are looked for, and here only as an oracle of the tests."""
    found = set()
    for pattern in places:
        for place in glob.glob(pattern):
            for folder, _, names in os.walk(place):
                found.update(os.path.join(folder, n) for n in names)
    return sorted(f for f in found if os.path.isfile(f) and not os.path.islink(f) and "/stdnum/" not in f and not f.endswith((".pyc", ".so", ".png", ".svgz", ".a", ".pdf", ".jpg", ".ico")))


def text_of(path):
    try:
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
            data = file.read(MAX_FILE)
    except (OSError, EOFError):
        return ""
    return "" if b"\0" in data else data.decode("utf-8", "replace")


def posts_of(rng, text):
    """Whole lines, as many as fit into a length drawn for each post; at most six posts of a file, or one would speak for all."""
    posts, now, size, wanted = [], [], 0, rng.randrange(500, 8000)
    for line in text.splitlines(True):
        now.append(line)
        size += len(line)
        if size >= wanted:
            posts.append("".join(now)[:8000])
            now, size, wanted = [], 0, rng.randrange(500, 8000)
    if size >= 500 or not posts and size:
        posts.append("".join(now)[:8000])
    return rng.sample(posts, min(6, len(posts)))


def from_machine(rng, count, places):
    for place, patterns in places.items():
        files = files_of(patterns)
        for path in rng.sample(files, min(count, len(files))):
            text = text_of(path)
            if "changelog" in path.lower():
                place_of_file = "changelogs"
            else:
                place_of_file = place
            for post in posts_of(rng, text):
                yield place_of_file, path, post


def from_language(rng, folder, count):
    """Rows that nobody labelled as a threat or a leak; of leak sites not even those that announce nothing."""
    pool = []
    for name in sorted(glob.glob(folder + "/*.gz") + glob.glob(folder + "/*/*.gz")):
        with gzip.open(name, "rt") as file:
            for line in file:
                row = json.loads(line)
                labels = row["labels"]
                if labels.get("leak") == 0 and not row["source"].startswith("leaksite") and not any(labels.get(k) for k in ("dox", "violence", "extortion")):
                    pool.append((row["source"], row["text"]))
    for source, text in rng.sample(pool, min(count, len(pool))):
        yield "posts: " + source, None, text


def scan(program, posts):
    with tempfile.TemporaryFile("w+") as asked, tempfile.TemporaryFile("w+") as said:
        for number, (_, _, text) in enumerate(posts):
            asked.write(json.dumps({"id": str(number), "text": text}) + "\n")
        asked.seek(0)
        subprocess.run([program, "stage", "scan"], stdin=asked, stdout=said)
        said.seek(0)
        answers = [json.loads(line) for line in said]
    if len(answers) != len(posts):
        sys.exit("%s answered %d of %d posts" % (program, len(answers), len(posts)))
    return answers


class Count:
    def __init__(self):
        self.posts = self.bytes = self.leak = self.dox = self.severe = self.by_leak = 0

    def add(self, text, answer):
        categories = answer.get("categories", {})
        self.posts += 1
        self.bytes += len(text.encode("utf-8", "replace"))
        self.leak += categories.get("leak", 0) >= 0.5
        self.dox += categories.get("dox", 0) >= 0.5
        self.severe += answer.get("severity", 0) > 20
        self.by_leak += answer.get("severity", 0) > 20 and categories.get("leak", 0) >= 0.5 and not any(
            categories.get(k, 0) >= 0.5 for k in ("violence", "extortion", "dox"))

    def show(self, name):
        megabytes = self.bytes / 1e6
        print("%-28s %7d %8.2f %6d %10.1f %8.3f %6d %9d %7d" % (name[:28], self.posts, megabytes, self.leak, 1e4 * self.leak / self.posts, self.leak / megabytes if megabytes else 0, self.dox, self.severe, self.by_leak))


def excerpt(text, hit):
    data = text.encode("utf-8", "replace")
    start = data.rfind(b"\n", 0, hit["start"]) + 1
    return data[max(start, hit["start"] - 60):hit["end"] + 20].decode("utf-8", "replace").replace("\n", "\\n")[:160]


def report(posts, answers, show):
    machine, people, by_place = Count(), Count(), collections.defaultdict(Count)
    rules = collections.defaultdict(collections.Counter)
    for (place, path, text), answer in zip(posts, answers):
        (machine if path else people).add(text, answer)
        by_place[place].add(text, answer)
        leaky, severe = answer.get("categories", {}).get("leak", 0) >= 0.5, answer.get("severity", 0) > 20
        hits = {(h["rule"], h["confidence"]) for h in answer.get("hits", [])} or {("(no hit: language)", "-")}
        for key in hits if leaky or severe else ():
            rules[key].update({"leak": leaky, "severe": severe, "alone": leaky and len(hits) == 1, place.split(":")[0]: 1})
        if show and path:
            for hit in answer.get("hits", []):
                if show in (hit["rule"], "all") and hit["layer"] == 0:
                    print("%s\t%s\t%s\t%s" % (hit["rule"], hit["confidence"], path, excerpt(text, hit)))
    print("%-28s %7s %8s %6s %10s %8s %6s %9s %7s" % ("where from", "posts", "MB", "leak", "per 10,000", "per MB", "dox", "sev. > 20", "by leak"))
    for place in sorted(by_place):
        by_place[place].show(place)
    machine.show("this machine, all")
    if people.posts:
        people.show("labelled posts, all")
    print("\n%-34s %-8s %6s %6s %9s  %s" % ("rule", "confid.", "leak", "alone", "sev. > 20", "where"))
    for (rule, confidence), held in sorted(rules.items(), key=lambda r: -r[1]["leak"]):
        places = ", ".join("%s %d" % (k, v) for k, v in held.most_common() if k not in ("leak", "alone", "severe"))
        print("%-34s %-8s %6d %6d %9d  %s" % (rule, confidence, held["leak"], held["alone"], held["severe"], places))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default="./watchdesk")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--files", type=int, default=2000, help="files of each place")
    parser.add_argument("--rows", type=int, default=20000, help="labelled posts")
    parser.add_argument("--language", help="folder of labelled posts")
    parser.add_argument("--folder", help="unpacked packages to draw from instead of this machine")
    parser.add_argument("--show", metavar="RULE", help="print where a rule hits, all for any")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    posts = list(from_machine(rng, options.files, {"packages": [options.folder]} if options.folder else PLACES))
    if options.language and os.path.isdir(options.language):
        posts += from_language(rng, options.language, options.rows)
    elif options.language:
        print("skipped: %s is not there" % options.language)
    report(posts, scan(options.program, posts), options.show)


if __name__ == "__main__":
    try:
        main()
    except OSError as problem:
        sys.exit("noise.py: %s" % problem)
