#!/usr/bin/env python3
"""Train the model of classify/rarity.c: which letter sequences do people and programs write?

usage: train.py FOLDER... > classify/model/rarity.txt

Byte-pair encoding over the words of all text files below the folders, small letters only. The model that ships was trained
on Debian 12's /usr/include /usr/lib/python3 /usr/share/perl /usr/share/doc /usr/share/man (the packages that `make deps
deps-dev deps-test` installs), by this command:

  python3 classify/model/train.py /usr/include /usr/lib/python3 /usr/lib/python3.11 /usr/share/perl /usr/share/doc /usr/share/man

Afterwards it is tried on words of a tenth of the files, which training did not see, joined as names are, against random
strings of the same lengths; the middle and slope of the curve that tells them apart go into the first line of the model.
"""

import collections
import gzip
import heapq
import math
import os
import random
import re
import sys

TOKENS = 14000  # about 110 KB; twice as many gain 0.002 of the area under the curve
WORDS = 80000  # the most frequent ones
FILE_BYTES = 400000
WORD = re.compile(rb"[A-Z]?[a-z]{2,24}|[A-Z]{2,16}")


def texts(folders):
    for folder in folders:
        for base, folders_below, names in os.walk(folder):
            folders_below.sort()
            for name in sorted(names):
                path = os.path.join(base, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                try:
                    with (gzip.open(path) if name.endswith(".gz") else open(path, "rb")) as f:
                        content = f.read(FILE_BYTES)
                except (OSError, EOFError):
                    continue
                if b"\0" not in content[:4096]:
                    yield path, content


def count_words(folders):
    seen, unseen = collections.Counter(), collections.Counter()
    for i, (_, content) in enumerate(texts(folders)):
        (unseen if i % 10 == 9 else seen).update(w.lower().decode() for w in WORD.findall(content))
    return seen, unseen


def merge_pairs(words):
    """Merge the most frequent pair of neighbours until there are TOKENS tokens."""
    pieces = [list(w) for w, _ in words]
    counts = [n for _, n in words]
    pairs, where = collections.Counter(), collections.defaultdict(set)
    for i, word in enumerate(pieces):
        for pair in zip(word, word[1:]):
            pairs[pair] += counts[i]
            where[pair].add(i)
    heap = [(-n, pair) for pair, n in pairs.items()]
    heapq.heapify(heap)
    tokens = set("abcdefghijklmnopqrstuvwxyz")
    while heap and len(tokens) < TOKENS:
        n, pair = heapq.heappop(heap)
        if pairs[pair] != -n:
            continue
        joined = pair[0] + pair[1]
        tokens.add(joined)
        for i in list(where[pair]):
            word, merged, k = pieces[i], [], 0
            while k < len(word):
                both = k + 1 < len(word) and (word[k], word[k + 1]) == pair
                merged.append(joined if both else word[k])
                k += 2 if both else 1
            touched = set()
            for old in zip(word, word[1:]):
                pairs[old] -= counts[i]
                touched.add(old)
            for new in zip(merged, merged[1:]):
                pairs[new] += counts[i]
                where[new].add(i)
                touched.add(new)
            pieces[i] = merged
            for t in touched:
                if pairs[t] > 0:
                    heapq.heappush(heap, (-pairs[t], t))
        pairs[pair] = 0
    return tokens


def characters_per_token(text, tokens, longest):
    """As classify/rarity.c counts: the longest token at each place, two digits are one, each sign is one."""
    n = at = 0
    low = text.lower()
    while at < len(low):
        n += 1
        if low[at].isdigit():
            at += 2 if low[at + 1:at + 2].isdigit() else 1
            continue
        step = 1
        for length in range(min(longest, len(low) - at), 1, -1):
            if low[at:at + length] in tokens:
                step = length
                break
        at += step
    return len(low) / n


def names(words, r):
    """Names, paths and titles as they stand where secrets could."""
    words = [w for w, n in words.items() if n >= 2]
    joins = ["_", "-", "", ".", "/"]
    for _ in range(4000):
        join = r.choice(joins)
        parts = [r.choice(words) for _ in range(r.randint(2, 4))]
        if join == "":
            parts = [p.capitalize() for p in parts]
        name = join.join(parts)
        yield name + r.choice(["", "", "", "1", "2", "64", "2024"])


def strings(r):
    alphabets = ["0123456789abcdef", "abcdefghijklmnopqrstuvwxyz0123456789",
                 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"]
    for _ in range(4000):
        alphabet = r.choice(alphabets)
        yield "".join(r.choice(alphabet) for _ in range(r.randint(16, 40)))


def fit(negative, positive):
    """Logistic regression on one number, by gradient descent."""
    middle, slope = 2.0, 3.0
    rows = [(x, 0) for x in negative] + [(x, 1) for x in positive]
    for _ in range(400):
        g_middle = g_slope = 0.0
        for x, y in rows:
            p = 1 / (1 + math.exp(max(-60, min(60, slope * (x - middle)))))
            g_middle += (y - p) * slope
            g_slope += (y - p) * (middle - x)
        middle += 0.5 * g_middle / len(rows)
        slope += 0.5 * g_slope / len(rows)
    return middle, slope


def area(negative, positive):
    ranked = sorted([(x, 0) for x in negative] + [(x, 1) for x in positive])
    below = total = 0
    for _, is_positive in ranked:
        if is_positive:
            below += 1
        else:
            total += below
    return total / (len(negative) * len(positive))


def main():
    seen, unseen = count_words(sys.argv[1:])
    tokens = merge_pairs(seen.most_common(WORDS))
    longest = max(map(len, tokens))
    r = random.Random(4)
    negative = [characters_per_token(x, tokens, longest) for x in names(unseen, r)]
    positive = [characters_per_token(x, tokens, longest) for x in strings(r)]
    middle, slope = fit(negative, positive)
    print("%.4f %.4f" % (middle, slope))
    for token in sorted(t for t in tokens if len(t) > 1):
        print(token)
    print("words %d, tokens %d, area under the curve %.4f" % (len(seen), len(tokens), area(negative, positive)), file=sys.stderr)


if __name__ == "__main__":
    main()
