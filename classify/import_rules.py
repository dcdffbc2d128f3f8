#!/usr/bin/env python3
"""import_rules.py - another scanner's rules as a pack of ours

usage: import_rules.py [--name PREFIX] FILE|FOLDER... >rules/imported.yaml

Reads gitleaks and betterleaks (TOML), noseyparker and kingfisher (YAML), and YARA rules that look for texts. The pack goes to
standard output; what cannot be carried, or only in part, is listed on standard error with the rule's id and the reason. Only
the standard library of Python 3.11 is needed.
"""
import argparse
import math
import pathlib
import re
import sys
import tomllib

LITERAL = 3  # a pattern is looked for by this many fixed characters at least
PREFIX = 8  # characters behind them that make the search narrow enough
PATTERN = 4096  # bytes of a pattern that the program takes
WINDOW = 1024  # bytes before the end of `pattern` in which `confirm` may begin


class CannotCarry(Exception):
    """A rule, or a part of one, that has no counterpart here; says why."""


# --- regular expressions: RE2 and Rust's regex in, PCRE2 and Hyperscan out ---------------------------------------------

WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
DIGIT = frozenset(b"0123456789")
SPACE = frozenset(b" \t\n\r\f\v")
ALL = frozenset(range(256))
CLASSES = {"w": WORD, "d": DIGIT, "s": SPACE, "W": ALL - WORD, "D": ALL - DIGIT, "S": ALL - SPACE}
POSIX = {
    "alpha": frozenset(b for b in WORD if chr(b).isalpha()),
    "digit": DIGIT,
    "alnum": WORD - {95},
    "upper": frozenset(range(65, 91)),
    "lower": frozenset(range(97, 123)),
    "space": SPACE,
    "blank": frozenset(b" \t"),
    "xdigit": frozenset(b"0123456789abcdefABCDEF"),
    "punct": frozenset(b for b in range(33, 127) if not chr(b).isalnum()),
    "word": WORD,
    "print": frozenset(range(32, 127)),
    "graph": frozenset(range(33, 127)),
    "cntrl": frozenset(range(32)) | {127},
    "ascii": frozenset(range(128)),
}
CONTROL = {"n": 10, "r": 13, "t": 9, "f": 12, "v": 11, "a": 7}


def class_text(members):
    """A set of bytes as a positive class."""
    ranges, text, members = [], "", sorted(members)
    for b in members:
        if ranges and ranges[-1][1] == b - 1:
            ranges[-1][1] = b
        else:
            ranges.append([b, b])

    def one(b):
        return chr(b) if chr(b).isascii() and chr(b).isalnum() or chr(b) in " _" else f"\\x{b:02x}"

    for first, last in ranges:
        text += one(first) if first == last else one(first) + ("-" if last > first + 1 else "") + one(last)
    return f"[{text}]"


class Regex:
    """A pattern taken apart: nodes are tuples, kind first.

    ("set", bytes, text)  ("seq", nodes)  ("alt", nodes)  ("group", opening, node)  ("repeat", node, least, most, mark)
    ("at", text): a place, or a flag   ("look", text): look-around   ("back", text): what Hyperscan cannot do
    """

    def __init__(self, text):
        self.text, self.at, self.verbose, self.groups = text, 0, False, 0
        self.nocase = False
        self.tree = self.alternatives()
        if self.at < len(text):
            raise CannotCarry(f"its pattern has a bracket too many at character {self.at}")

    def peek(self, n=1):
        return self.text[self.at : self.at + n]

    def alternatives(self):
        verbose, branches = self.verbose, [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.sequence())
        self.verbose = verbose
        return branches[0] if len(branches) == 1 else ("alt", branches)

    def sequence(self):
        nodes = []
        while self.at < len(self.text) and self.peek() not in "|)":
            if self.verbose and (self.peek().isspace() or self.peek() == "#"):
                end = self.text.find("\n", self.at) if self.peek() == "#" else self.at
                self.at = len(self.text) if end < 0 else end + 1
                continue
            node = self.atom()
            if node:
                nodes.append(self.repeated(node))
        return ("seq", nodes)

    def repeated(self, node):
        while self.verbose and self.peek() and self.peek().isspace():
            self.at += 1
        found = re.compile(r"(?:([*+?])|\{(\d+)(,?)(\d*)\})([?+]?)").match(self.text, self.at)
        if not found:
            return node
        self.at = found.end()
        sign, least, comma, most, mark = found.groups()
        if sign:
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        else:
            low = int(least)
            high = low if not comma else int(most) if most else None
        return ("repeat", node, low, high, mark)

    def atom(self):
        c = self.peek()
        if c == "(":
            return self.group()
        if c == "[":
            return self.bracket()
        if c == "\\":
            return self.escape()
        self.at += 1
        if c in "^$":
            return ("at", c)
        if c == ".":
            return ("set", ALL - {10}, ".")
        return ("set", frozenset(c.encode()), c) if c.isascii() else self.wide(c)

    @staticmethod
    def wide(c):
        """A character of several bytes: patterns see bytes here."""
        return ("group", "(?:", ("seq", [("set", frozenset([b]), f"\\x{b:02x}") for b in c.encode()]))

    def group(self):
        comment = re.compile(r"\(\?#[^)]*\)").match(self.text, self.at)
        if comment:
            self.at = comment.end()
            return None
        found = re.compile(r"\((?:\?(?:P?<(?![=!])[^>]*>|'[^']*'|<?[=!]|>|\|?:?(?=$)|([a-zA-Z-]*)([:)])))?").match(self.text, self.at)
        if not found:
            raise CannotCarry(f"its pattern has a group of a kind not known at character {self.at}")
        opening, flags, end = found.group(0), found.group(1), found.group(2)
        self.at = found.end()
        if flags is not None:
            return self.flagged(flags, end)
        if opening in ("(?=", "(?!", "(?<=", "(?<!", "(?>"):
            start = found.start()
            self.alternatives()
            self.close()
            return ("look", self.text[start : self.at])
        self.groups += 1
        node = self.alternatives()
        self.close()
        return ("group", "(", node)

    def flagged(self, flags, end):
        on, _, off = flags.partition("-")
        if set(on + off) - set("imsxuU") or "U" in on:
            raise CannotCarry(f"its pattern has the flags (?{flags})")
        before = self.verbose
        self.verbose = (self.verbose or "x" in on) and "x" not in off
        self.nocase |= "i" in on
        kept = "".join(f for f in on if f in "ims") + ("-" + "".join(f for f in off if f in "ims") if off else "")
        if end == ")":
            return ("at", f"(?{kept})") if kept.strip("-") else None
        node = self.alternatives()
        self.close()
        self.verbose = before
        return ("group", f"(?{kept.strip('-') and kept}:", node)

    def close(self):
        if self.peek() != ")":
            raise CannotCarry("its pattern has a bracket that is not closed")
        self.at += 1

    def escape(self):
        c = self.text[self.at + 1 : self.at + 2]
        self.at += 2
        if c in CLASSES:
            return ("set", CLASSES[c], "\\" + c)
        if c in CONTROL:
            return ("set", frozenset([CONTROL[c]]), "\\" + c if c != "v" else "\\x0b")
        if c in "bBAzZ":
            return ("at", "\\" + c)
        if c.isdigit() or c in "kg":
            return ("back", "\\" + c)
        if c in "pPX":
            raise CannotCarry("its pattern asks for classes of Unicode, and patterns see bytes here")
        if c == "x":
            found = re.compile(r"\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2})").match(self.text, self.at)
            if not found:
                raise CannotCarry("its pattern has \\x without two digits")
            self.at = found.end()
            value = int(found.group(1) or found.group(2), 16)
            return ("set", frozenset([value]), f"\\x{value:02x}") if value < 256 else self.wide(chr(value))
        if c == "Q":
            end = self.text.find("\\E", self.at)
            quoted = self.text[self.at : end if end >= 0 else len(self.text)]
            self.at += len(quoted) + (2 if end >= 0 else 0)
            return ("group", "(?:", ("seq", [("set", frozenset(q.encode()), re.escape(q)) for q in quoted]))
        if c.isalpha() or not c:
            raise CannotCarry(f"its pattern has \\{c}, which is not known")
        return ("set", frozenset(c.encode()), "\\" + c)

    def bracket(self):
        self.at += 1
        negated, members, last = self.peek() == "^", set(), None
        self.at += negated
        first = True
        while first or self.peek() != "]":
            if not self.peek():
                raise CannotCarry("its pattern has a class that is not closed")
            first = False
            if self.peek(2) == "[:":
                end = self.text.index(":]", self.at)
                name = self.text[self.at + 2 : end]
                members |= ALL - POSIX[name[1:]] if name[:1] == "^" else POSIX[name]
                self.at, last = end + 2, None
                continue
            if self.peek() == "[" or self.peek(2) in ("&&", "--", "~~"):
                if self.peek(2) != "--" and self.peek() != "[" or self.verbose and self.peek(2) == "&&":
                    raise CannotCarry("its pattern subtracts classes")
            one = self.escape() if self.peek() == "\\" else None
            if not one:
                c = self.peek()
                self.at += 1
                if self.verbose and c.isspace():
                    continue
                if not c.isascii():
                    raise CannotCarry("its pattern has a class of characters that are several bytes long")
                one = ("set", frozenset(c.encode()), c)
            if one[0] != "set":
                one = ("set", frozenset([8]), "\\b")
            if self.peek() == "-" and self.peek(2) not in ("-]", "-") and len(one[1]) == 1:
                self.at += 1
                to = self.escape() if self.peek() == "\\" else None
                if not to:
                    to = ("set", frozenset(self.peek().encode()), self.peek())
                    self.at += 1
                if len(to[1]) != 1 or not self.text[self.at - 1].isascii():
                    raise CannotCarry("its pattern has a range that ends in no single byte")
                members |= set(range(min(one[1]), min(to[1]) + 1))
            else:
                members |= one[1]
        self.at += 1
        members = ALL - members if negated else frozenset(members)
        return ("set", members, class_text(members))


def written(node, hyperscan=False):
    """A tree as text again, for PCRE2, or without what Hyperscan cannot do."""
    kind = node[0]
    if kind == "set":
        return class_text(node[1]) if hyperscan and node[2] in ("\\S", "\\W", "\\D") else node[2]
    if kind == "seq":
        return "".join(written(n, hyperscan) for n in node[1])
    if kind == "alt":
        return "|".join(written(n, hyperscan) for n in node[1])
    if kind == "group":
        return (node[1] if not hyperscan or node[1] != "(" else "(?:") + written(node[2], hyperscan) + ")"
    if kind == "repeat":
        _, inner, least, most, mark = node
        signs = {(0, None): "*", (1, None): "+", (0, 1): "?"}
        count = signs.get((least, most)) or ("{%d}" % least if least == most else "{%d,%s}" % (least, "" if most is None else most))
        inner = written(inner, hyperscan)
        return inner + count + ("" if hyperscan else mark)
    if hyperscan and kind == "back":
        raise CannotCarry("its pattern refers back to a group, which no search for many patterns at once can do")
    return "" if hyperscan and kind == "look" else node[1]


def least_length(node):
    kind = node[0]
    if kind == "set":
        return 1
    if kind == "seq":
        return sum(least_length(n) for n in node[1])
    if kind == "alt":
        return min(least_length(n) for n in node[1])
    if kind == "group":
        return least_length(node[2])
    return node[2] * least_length(node[1]) if kind == "repeat" else 0


def most_length(node):
    kind = node[0]
    if kind == "set":
        return 1
    if kind == "seq":
        return sum(most_length(n) for n in node[1])
    if kind == "alt":
        return max(most_length(n) for n in node[1])
    if kind == "group":
        return most_length(node[2])
    if kind == "repeat":
        return math.inf if node[3] is None else node[3] * most_length(node[1])
    return 0


def fixed(node):
    """The length of the longest run of fixed characters that every match has."""
    kind = node[0]
    if kind == "alt":
        return min(fixed(n) for n in node[1])
    if kind == "group":
        return fixed(node[2])
    if kind == "repeat":
        return fixed(node[1]) if node[2] else 0
    if kind == "seq":
        best = run = 0
        for n in node[1]:
            letters = {chr(b).lower() for b in n[1]} if n[0] == "set" else ()
            inner = n[2] if n[0] == "group" else None
            if len(letters) == 1:
                run += 1
            elif inner and inner[0] == "seq" and all(m[0] == "set" and len(m[1]) == 1 for m in inner[1]):
                run += len(inner[1])
            elif n[0] in ("at", "look"):
                continue
            else:
                best = max(best, fixed(n))
                run = 0
            best = max(best, run)
        return best
    return 1 if kind == "set" and len(node[1]) == 1 else 0


def shortened(node):
    """The same, but ending as early as it can: the search only says where to look."""
    if node[0] == "repeat":
        _, inner, least, most, _ = node
        return ("repeat", inner, min(least, PREFIX) if least_length(inner) == 1 and most_length(inner) == 1 else least, least, "") if least else None
    if node[0] == "group":
        inner = shortened(node[2])
        return ("group", node[1], inner) if inner else None
    if node[0] == "alt":
        inner = [shortened(n) for n in node[1]]
        return ("alt", inner) if all(inner) else None
    if node[0] != "seq":
        return node
    kept = list(node[1])
    for i in range(1, len(kept) + 1):
        if fixed(("seq", kept[:i])) >= LITERAL:
            reach = 0
            while i < len(kept) and reach < PREFIX:
                reach += least_length(kept[i])
                i += 1
            kept = kept[:i]
            break
    while kept:
        last = shortened(kept[-1])
        if last and last[0] == "repeat" and last[2] != last[3]:
            last = ("repeat", last[1], last[2], last[2], "")
        kept = kept[:-1] + ([last] if last else [])
        if last and least_length(last):
            break
        if not last:
            continue
        flags = kept.pop() if last[0] == "at" and not last[1].startswith("(?") or last[0] == "look" else None
        if flags is None:
            break
    return ("seq", kept) if kept else None


def patterns_of(text):
    """What to search for, what to confirm, how many groups, and how far back the confirmation may begin."""
    regex = Regex(text)
    confirm = written(regex.tree)
    short = shortened(regex.tree) or regex.tree
    pattern = written(short, hyperscan=True)
    if len(confirm.encode()) > PATTERN or len(pattern.encode()) > PATTERN:
        raise CannotCarry(f"its pattern is longer than {PATTERN} bytes")
    if least_length(regex.tree) == 0:
        raise CannotCarry("its pattern matches the empty text")
    length = most_length(short)
    window = WINDOW if length < WINDOW else min(65536, int(length) + 64) if length < math.inf else 4 * WINDOW
    return pattern, confirm, regex.groups, window, fixed(short) >= LITERAL


# --- YAML, as far as these rules use it -----------------------------------------------------------------------------------


class Yaml:
    """Block lists and maps, scalars of every style, flow lists of scalars. No anchors, no tags, one document."""

    def __init__(self, text):
        self.lines = text.replace("\t", "    ").splitlines()
        self.at = 0

    def indent(self):
        """Of the next line that says something; -1 at the end."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.strip() and not line.lstrip().startswith("#") and line.strip() not in ("---", "..."):
                return len(line) - len(line.lstrip())
            self.at += 1
        return -1

    def node(self, least):
        depth = self.indent()
        if depth < least:
            return None
        if re.match(r"-(\s|$)", self.lines[self.at].lstrip()):
            return self.list(depth)
        if self.key(self.lines[self.at].strip()):
            return self.map(depth)
        line = self.lines[self.at].strip()
        self.at += 1
        return self.scalar(line, depth)

    def list(self, depth):
        items = []
        while self.indent() == depth and re.match(r"-(\s|$)", self.lines[self.at].lstrip()):
            line = self.lines[self.at]
            rest = line[depth + 1 :].lstrip()
            inner = len(line) - len(rest) if rest else depth + 2
            if not rest or rest.startswith("#"):
                self.at += 1
                items.append(self.node(depth + 1))
            elif self.key(rest) or re.match(r"-\s", rest):
                self.lines[self.at] = " " * inner + rest
                items.append(self.node(inner))
            else:
                self.at += 1
                items.append(self.scalar(rest, depth))
        return items

    @staticmethod
    def key(text):
        return re.match(r"""("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'#\[\]{},&*!|>%@`-][^:#]*?|-?[\w.]+)\s*:(?=\s|$)""", text)

    def map(self, depth):
        entries = {}
        while self.indent() == depth:
            line = self.lines[self.at].strip()
            found = self.key(line)
            if not found:
                raise CannotCarry(f"line {self.at + 1} of its file is no YAML that is known here")
            name, rest = found.group(1).strip("\"'"), line[found.end() :].strip()
            self.at += 1
            if not rest or rest.startswith("#"):
                below = self.indent()
                is_list = below == depth and re.match(r"-(\s|$)", self.lines[self.at].lstrip())
                entries[name] = self.node(depth if is_list else depth + 1)
            else:
                entries[name] = self.scalar(rest, depth)
        return entries

    def scalar(self, text, depth):
        if text[0] in "|>":
            return self.block(text, depth)
        if text[0] in "\"'":
            return self.quoted(text)
        if text[0] == "[":
            while text.count("[") > text.count("]") and self.at < len(self.lines):
                text += " " + self.lines[self.at].strip()
                self.at += 1
            return [self.plain(p.strip()) for p in re.findall(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,\[\]]+)""", text[1 : text.rindex("]")])]
        while self.indent() > depth and not self.key(self.lines[self.at].strip()) and self.lines[self.at].strip()[0] not in "-#":
            text += " " + self.lines[self.at].strip()
            self.at += 1
        return self.plain(re.sub(r"\s+#.*$", "", text))

    def plain(self, text):
        return self.quoted(text) if text[:1] in ("'", '"') and text else text

    def quoted(self, text):
        sign = text[0]
        ended = re.compile(r'"(?:[^"\\]|\\.)*"' if sign == '"' else r"'(?:[^']|'')*'")
        while not ended.match(text):
            if self.at >= len(self.lines):
                raise CannotCarry("a quotation of its file is not closed")
            text += " " + self.lines[self.at].strip()
            self.at += 1
        text = ended.match(text).group(0)[1:-1]
        if sign == "'":
            return text.replace("''", "'")
        return re.sub(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", self.unescaped, text)

    @staticmethod
    def unescaped(found):
        c = found.group(1)
        return chr(int(c[1:], 16)) if c[0] in "xu" and len(c) > 1 else {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b"}.get(c, c)

    def block(self, head, depth):
        lines, inner = [], None
        while self.at < len(self.lines):
            line = self.lines[self.at]
            own = len(line) - len(line.lstrip())
            if line.strip() and own <= depth:
                break
            if inner is None and line.strip():
                inner = own
            lines.append(line[inner or 0 :] if line.strip() else "")
            self.at += 1
        text = "\n".join(lines)
        if head[0] == ">":
            text = re.sub(r"(?<=[^\n])\n(?=[^\n])", " ", text)
        return text.rstrip("\n") + ("" if "-" in head else "\n")


# --- the sources ----------------------------------------------------------------------------------------------------------


def as_list(value):
    return value if isinstance(value, list) else [value] if value else []


def rule_of(ident, title, text, secret=None):
    """The part of a rule that every source gives: what is searched, and how."""
    pattern, confirm, groups, window, narrow = patterns_of(text)
    rule = {"id": ident, "title": title, "family": "imported", "label": "credential", "pattern": pattern, "confirm": confirm}
    rule["secret"] = min(groups, 1) if secret is None else secret
    if rule["secret"] > groups:
        raise CannotCarry(f"it names group {secret} as its secret, and its pattern has {groups}")
    if window != WINDOW:
        rule["window"] = window
    rule["confidence"] = "medium"
    return rule, narrow


def gate(rule, narrow, keywords, note):
    """Words without which a slow pattern is not tried."""
    keywords = [k for k in keywords if len(k) >= LITERAL]
    if narrow:
        return
    if keywords:
        rule["keywords"] = keywords
    else:
        note("carried, but slow: its pattern has no three fixed characters in a row, and no keyword has three")


def allow_lists(rule, source, note):
    for entry in as_list(source.get("allowlists")) + as_list(source.get("allowlist")):
        rule["stop"] = rule.get("stop", []) + as_list(entry.get("stopwords"))
        for regex in as_list(entry.get("regexes")):
            bare = regex.removeprefix("^").removesuffix("$")
            if re.search(r"[\\^$.|?*+()\[\]{}]", bare):
                note(f"its allow-list is not carried: {regex[:60]}")
            elif regex.startswith("^") and regex.endswith("$"):
                rule["allow"] = rule.get("allow", []) + [bare]
            else:
                rule["stop"] = rule.get("stop", []) + [bare]
        for key in ("paths", "commits"):
            if entry.get(key):
                note(f"its allow-list of {key} is not carried: a post has none")
    if not rule.get("stop"):
        rule.pop("stop", None)


def gitleaks(text, prefix, note):
    """gitleaks and betterleaks."""
    document = tomllib.loads(text)
    for key in ("allowlist", "allowlists", "extend"):
        if document.get(key):
            note(prefix or "gitleaks", f"`{key}` of the whole file is not carried")
    for source in document.get("rules", []):
        ident = f"{prefix or 'gitleaks'}-{source.get('id', 'rule')}"
        say = lambda reason, ident=ident: note(ident, reason)
        try:
            if not source.get("regex"):
                raise CannotCarry("it looks at paths only, and a post has none" if source.get("path") else "it has no regex")
            rule, narrow = rule_of(ident, source.get("description") or source["id"], source["regex"], source.get("secretGroup") or None)
            if source.get("entropy"):
                rule["entropy"] = source["entropy"]
            gate(rule, narrow, as_list(source.get("keywords")), say)
            allow_lists(rule, source, say)
            for key in ("path", "filter", "validate", "required", "prefilter"):
                if source.get(key):
                    say(f"its `{key}` is not carried")
            yield rule
        except CannotCarry as reason:
            say(f"not carried: {reason}")


def noseyparker(text, prefix, note):
    """noseyparker and kingfisher."""
    document = Yaml(text).node(0)
    for source in as_list(document.get("rules") if isinstance(document, dict) else document):
        kind = "kingfisher" if str(source.get("id", "")).startswith("kingfisher") else "noseyparker"
        ident = f"{prefix or kind}-{str(source.get('id') or source.get('name')).removeprefix('kingfisher.').removeprefix('np.')}"
        say = lambda reason, ident=ident: note(ident, reason)
        try:
            if not source.get("pattern"):
                raise CannotCarry("it has no pattern")
            rule, narrow = rule_of(ident, str(source.get("name") or ident), source["pattern"].strip("\n"))
            if source.get("confidence") in ("low", "medium", "high"):
                rule["confidence"] = source["confidence"]
            if source.get("min_entropy"):
                rule["entropy"] = float(source["min_entropy"])
            if as_list(source.get("references")):
                rule["references"] = [str(r) for r in as_list(source["references"])]
            gate(rule, narrow, [], say)
            rule["examples"] = [str(e) for e in as_list(source.get("examples"))]
            rule["counter_examples"] = [str(e) for e in as_list(source.get("negative_examples"))]
            for key in ("depends_on_rule", "pattern_requirements"):
                if source.get(key):
                    say(f"its `{key}` is not carried")
            yield rule
        except CannotCarry as reason:
            say(f"not carried: {reason}")


YARA_RULE = re.compile(r"\brule\s+(\w+)[^{]*\{(.*?)\s*\}(?=\s*(?:(?:private|global)\s+)*(?:rule\b|import\b|include\b|/[/*]|$))", re.S)
YARA_STRING = re.compile(r'(\$\w*)\s*=\s*("(?:[^"\\\n]|\\.)*"|/(?:[^/\\\n]|\\.)+/[is]*|\{[^}]*\})((?:\s+(?:nocase|wide|ascii|fullword|private|xor(?:\([^)]*\))?|base64(?:wide)?(?:\([^)]*\))?))*)')


def yara_text(value, marks):
    if value[0] == "{":
        raise CannotCarry("it looks for bytes in hexadecimal, not for a text")
    if "xor" in marks or "base64" in marks:
        raise CannotCarry("it looks for a text that is encoded; what is encoded is opened here anyway")
    if "wide" in marks and "ascii" not in marks:
        raise CannotCarry("it looks for UTF-16 only; posts are UTF-8")
    if value[0] == "/":
        body, flags = value[1 : value.rindex("/")], value[value.rindex("/") + 1 :]
        body = body.replace("\\/", "/")
        flags = flags + ("i" if "nocase" in marks and "i" not in flags else "")
        body = f"(?{flags}){body}" if flags else body
    else:
        plain = re.sub(r'\\(x[0-9a-fA-F]{2}|.)', Yaml.unescaped, value[1:-1])
        body = ("(?i)" if "nocase" in marks else "") + re.escape(plain)
    flags = re.match(r"\(\?[is]+\)", body)
    head, rest = (flags.group(0), body[flags.end() :]) if flags else ("", body)
    return f"{head}(?<![A-Za-z0-9])(?:{rest})(?![A-Za-z0-9])" if "fullword" in marks else body


def yara_strings(body, names):
    """Of a condition: the strings of which each alone is enough, or those that must all be there."""
    condition = re.sub(r"//.*|/\*.*?\*/", "", body.split("condition:")[-1], flags=re.S)
    condition = " ".join(condition.replace("(", " ").replace(")", " ").split())
    if condition in ("any of them", "1 of them", "any of $*"):
        return names, False
    if condition == "all of them":
        return names, len(names) > 1
    used = re.findall(r"\$\w+", condition)
    words = set(re.sub(r"\$\w+", "", condition).split())
    if used and words <= {"or"}:
        return used, False
    if used and words <= {"and"}:
        return used, len(used) > 1
    raise CannotCarry(f"its condition is not carried: {condition[:60]}")


def yara(text, prefix, note):
    text = re.sub(r"(?m)^\s*//.*$", "", text)
    found = YARA_RULE.findall(text)
    for name in set(re.findall(r"(?m)^\s*(?:(?:private|global)\s+)*rule\s+(\w+)", text)) - {n for n, _ in found}:
        note(f"{prefix or 'yara'}-{name}", "not carried: where it ends was not found")
    for name, body in found:
        ident = f"{prefix or 'yara'}-{name}"
        say = lambda reason, ident=ident: note(ident, reason)
        try:
            strings = {n: (v, m) for n, v, m in YARA_STRING.findall(body.split("condition:")[0])}
            if not strings:
                raise CannotCarry("it has no strings")
            used, together = yara_strings(body, list(strings))
            if together and len(used) > 2:
                raise CannotCarry("it wants more than two texts at once")
            described = re.search(r'description\s*=\s*"([^"\n]*)"', body)
            for i, string in enumerate([max(used, key=lambda n: len(strings[n][0]))] if together else used):
                own = ident if together or len(used) == 1 else f"{ident}-{string.strip('$') or i}"
                try:
                    rule, narrow = rule_of(own, described.group(1) if described else name, yara_text(*strings[string]), -1)
                    if together:
                        other = next(n for n in used if n != string)
                        if strings[other][0][0] != '"':
                            raise CannotCarry("the second text that it wants is a pattern")
                        rule.update(context=[re.sub(r"\\(.)", r"\1", strings[other][0][1:-1])], needs_context=True, distance=65536)
                    gate(rule, narrow, [], say)
                    yield rule
                except CannotCarry as reason:
                    note(own, f"not carried: {reason}")
        except CannotCarry as reason:
            say(f"not carried: {reason}")


# --- the pack -------------------------------------------------------------------------------------------------------------


def kebab(ident):
    return re.sub(r"[^a-z0-9]+", "-", ident.lower()).strip("-")[:80]


def quoted(text):
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]", text):
        return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\{c}" if c in '"\\' else "\\n" if c == "\n" else f"\\u{ord(c):04x}" for c in text) + '"'
    return "'" + text.replace("'", "''") + "'"


def entropy(text):
    return -sum(text.count(c) / len(text) * math.log2(text.count(c) / len(text)) for c in set(text)) if text else 0


def holds(rule, example):
    """Would the example hit? Only what is sure is carried: the program refuses a pack whose examples do not."""
    try:
        found = re.compile(rule["confirm"], re.A).search(example)
        if not found:
            return False
        secret = found.group(max(rule["secret"], 0)) or ""
    except (re.error, IndexError, RecursionError):
        return False
    made_up = re.search(r"xxxxxx|\*{6}|#{6}|\$[{(]|\{\{|redacted", secret, re.I) or len(set(secret)) < 4 or secret[:1] == "<"
    return example.isascii() and not made_up and entropy(secret) >= rule.get("entropy", 0) + 0.05 and secret.lower() not in rule.get("stop", [])


def printed(rule, out):
    examples, counters = rule.pop("examples", []), rule.pop("counter_examples", [])
    if rule["pattern"] == rule["confirm"]:
        del rule["confirm"]
    for i, (key, value) in enumerate(rule.items()):
        lead = "  - " if i == 0 else "    "
        if isinstance(value, list):
            text = "[" + ", ".join(quoted(str(v)) for v in value) + "]"
        elif isinstance(value, bool):
            text = "true" if value else "false"
        else:
            text = str(value) if isinstance(value, (int, float)) or key in ("id", "confidence") else quoted(" ".join(str(value).split()) if key == "title" else str(value))
        print(f"{lead}{key}: {text}", file=out)
    for key, texts in (("examples", examples), ("counter_examples", counters)):
        if texts:
            print(f"    {key}:", file=out)
            for text in texts:
                print(f"      - {quoted(text)}", file=out)


def read(path, prefix, note):
    text = path.read_text(encoding="utf-8", errors="replace")
    reader = {".toml": gitleaks, ".yml": noseyparker, ".yaml": noseyparker, ".yar": yara, ".yara": yara}.get(path.suffix)
    if not reader:
        raise CannotCarry("expected a name that ends in .toml, .yml, .yaml, .yar or .yara")
    yield from reader(text, prefix, note)


def files_of(names):
    for name in map(pathlib.Path, names):
        yield from sorted(p for p in name.rglob("*") if p.suffix in (".toml", ".yml", ".yaml", ".yar", ".yara")) if name.is_dir() else [name]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="\n".join(__doc__.splitlines()[4:]))
    parser.add_argument("--name", help="what the ids begin with (default: the scanner's name)")
    parser.add_argument("files", nargs="+", metavar="FILE|FOLDER")
    args = parser.parse_args()
    seen, carried, failed = set(), 0, False

    def note(ident, reason):
        print(f"{kebab(ident)}: {reason}", file=sys.stderr)

    print("# Imported by import_rules.py. Their licence is that of their source.\nrules:")
    for path in files_of(args.files):
        try:
            for rule in read(path, args.name, note):
                rule["id"] = kebab(rule["id"])
                if rule["id"] in seen:
                    note(rule["id"], "not carried: there is one of this id already")
                    continue
                seen.add(rule["id"])
                examples = rule.get("examples", [])
                rule["examples"] = [e for e in examples if holds(rule, e)]
                rule["counter_examples"] = [e for e in rule.get("counter_examples", []) if e.isascii() and not holds({**rule, "entropy": 0}, e)]
                if len(rule["examples"]) < len(examples):
                    note(rule["id"], f"{len(examples) - len(rule['examples'])} of {len(examples)} examples are not carried: they look made up, or Python cannot tell")
                printed(rule, sys.stdout)
                carried += 1
        except (OSError, tomllib.TOMLDecodeError, CannotCarry, ValueError, KeyError, AttributeError, RecursionError) as reason:
            failed = True
            print(f"{path}: not read: {reason}", file=sys.stderr)
    print(f"{carried} rules carried", file=sys.stderr)
    if not carried:
        print("nothing was carried: the pack is not one", file=sys.stderr)
    return 1 if failed or not carried else 0


if __name__ == "__main__":
    sys.exit(main())
