#!/usr/bin/env python3
"""lint.py FILE...: checks of the JSONL files of texts for the classifier of threat language

Every line is one text:
    {"text": "...", "labels": {"violence": 0, "extortion": 0, "leak": 0, "dox": 0}, "lang": "en", "kind": "ransom-note"}
and "reports": true besides, where the text only reports somebody else's threat (all labels are 0 then).

Checked are the shape of each row; that hosts and mail domains are examples (example.com, .org, .net and names under them, or .onion),
addresses are those kept for documentation (RFC 5737) and phone numbers are 555-01xx; and that no two texts of all files given
share more than a fifth of the runs of five words of the shorter one. Chinese, Japanese and Korean are counted by runs of
eight characters. Texts under nine words (sixteen characters) only may not be equal. A text written in disguise
(violence-obfuscated) may be like its plain twin (violence-obfuscated-plain).

Prints FILE:LINE: what is wrong, then counts by label and language; exits 1 if anything was wrong.
"""

import collections
import json
import re
import sys
import unicodedata

LABELS = ("violence", "extortion", "leak", "dox")
CJK = ("zh", "ja", "ko")
TWINS = {"violence-obfuscated", "violence-obfuscated-plain"}

TLDS = ("com|net|org|info|biz|io|co|me|to|cc|ru|su|ua|de|fr|es|pt|br|it|nl|pl|tr|in|jp|kr|cn|tw|hk|uk|us|eu|ch|at|be|se|no|dk|fi|cz|"
        "ca|au|mx|ar|sa|ae|ir|gov|edu|mil|app|dev|xyz|top|site|online|shop|club|vip|gg|tv|ws|st|li|ly|onion|test|invalid|local|internal|corp|lan")
HOST = re.compile(r"(?<![\w.-])(?:[a-z0-9_-]+\.)+(?:%s)(?![\w-]|\.[a-z0-9])" % TLDS, re.I | re.A)
MARKED = re.compile(r"(?:://(?:[^/\s@]*@)?|@)((?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*)", re.I | re.A)  # after "://" or "@", any ending is a host
GOOD_HOST = re.compile(r"(?:[a-z0-9_-]+\.)*example\.(?:com|org|net)|(?:[a-z0-9-]+\.)+onion", re.I | re.A)

IPV4 = re.compile(r"(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3})(?![\w-]|\.\d)", re.A)
GOOD_IPV4 = re.compile(r"192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|127\.0\.0\.1$|0\.0\.0\.0$")

PHONE = re.compile(r"(?<![\w.,/#$-])(?:"
                   r"\+\d[\d ().-]{6,}\d"                     # +1 212 555 0142, +49 (0)30 ...
                   r"|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}"        # 212-555-0142, (212) 555-0142
                   r"|\d{3}-\d{4}"                            # 555-0142
                   r"|0\d{2,4}[ /-]\d{5,8}|0\d(?:[ .]\d\d){4}"  # 030 1234567, 06 12 34 56 78
                   r")(?![\w-]|[.,]\d)", re.A)
GOOD_PHONE = re.compile(r"555\D?01\D?\d\D?\d$", re.A)


def wrong_shape(row):
    """What is wrong with a row's keys and values; nothing if all is well"""
    if not isinstance(row, dict):
        return "not an object"
    if set(row) - {"reports"} != {"text", "labels", "lang", "kind"}:
        return "keys are not text, labels, lang, kind (and reports)"
    if not isinstance(row["text"], str) or not row["text"].strip():
        return "text is empty"
    for char in row["text"]:
        if unicodedata.category(char) in ("Cs", "Co", "Cc") and char not in "\n\t" or char == "\ufffd":
            return "text has an invalid character U+%04X" % ord(char)
    labels = row["labels"]
    if not isinstance(labels, dict) or set(labels) != set(LABELS):
        return "labels are not the four"
    if not all(type(value) is int and value in (0, 1) for value in labels.values()):
        return "a label is neither 0 nor 1"
    if not re.fullmatch("[a-z]{2}", str(row["lang"])):
        return "lang is no ISO 639-1 code"
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", str(row["kind"])):
        return "kind is not in-this-style"
    if "reports" in row and (row["reports"] is not True or any(labels.values())):
        return "reports is only ever true, and only where all labels are 0"
    return None


def not_invented(text):
    """Hosts, addresses and phone numbers in a text that might be somebody's"""
    hosts = {m.group(0) for m in HOST.finditer(text)} | {m.group(1) for m in MARKED.finditer(text)}
    for host in sorted(hosts):
        if not GOOD_HOST.fullmatch(host):
            yield "host %s" % host
    for match in IPV4.finditer(text):
        if not GOOD_IPV4.match(match.group(1)):
            yield "address %s" % match.group(1)
    for match in PHONE.finditer(text):
        if not GOOD_PHONE.search(match.group(0)):
            yield "phone number %s" % match.group(0)


def grams(row):
    """A text's runs as a set, and all its words as one string; the set is empty for short texts"""
    words = re.findall(r"\w+", row["text"].lower())
    if row["lang"] in CJK:
        words, size, least = "".join(words), 8, 16
    else:
        size, least = 5, 9
    runs = {tuple(words[i:i + size]) for i in range(len(words) - size + 1)} if len(words) >= least else set()
    return runs, " ".join(words)


def alike(rows):
    """Pairs of texts that are too much alike, as (place, place, share)"""
    holders = collections.defaultdict(list)  # run -> texts that have it
    sizes, seen = [], {}
    for index, (place, row) in enumerate(rows):
        runs, whole = grams(row)
        sizes.append(len(runs))
        if whole in seen:
            yield place, seen[whole], 1.0
            continue
        seen[whole] = place
        shared = collections.Counter(other for run in runs for other in holders[run])
        for other, count in shared.items():
            share = count / min(sizes[index], sizes[other])
            if share > 0.2 and {row["kind"], rows[other][1]["kind"]} != TWINS:
                yield place, rows[other][0], share
        for run in runs:
            holders[run].append(index)


def main(names):
    rows, wrongs = [], 0
    for name in names:
        with open(name, "rb") as lines:
            for number, line in enumerate(lines, 1):
                place = "%s:%d" % (name, number)
                try:
                    row = json.loads(line.decode("utf-8"))
                    wrong = wrong_shape(row)
                except ValueError as error:
                    wrong = "not JSON in UTF-8: %s" % error
                found = [wrong] if wrong else list(not_invented(row["text"]))
                for what in found:
                    print("%s: %s" % (place, what))
                wrongs += len(found)
                if not wrong:
                    rows.append((place, row))
    for place, other, share in alike(rows):
        print("%s: shares %d %% with %s" % (place, round(100 * share), other))
        wrongs += 1

    table = collections.defaultdict(collections.Counter)
    for _, row in rows:
        counts = [label for label in LABELS if row["labels"][label]] or ["none"]
        counts += ["reports"] if row.get("reports") else []
        for lang in (row["lang"], "all"):
            table[lang].update(counts + ["texts"])
    columns = ("texts",) + LABELS + ("none", "reports")
    print("lang " + " ".join("%9s" % column for column in columns))
    for lang in sorted(table, key=lambda lang: (lang == "all", -table[lang]["texts"], lang)):
        print("%-4s " % lang + " ".join("%9d" % table[lang][column] for column in columns))
    return 1 if wrongs else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: lint.py FILE...")
    sys.exit(main(sys.argv[1:]))
