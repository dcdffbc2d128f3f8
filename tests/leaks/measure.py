#!/usr/bin/python3
"""measure.py - hold what `watchdesk stage scan` says of labelled rows against what is expected

usage: measure.py [--program FILE] [--floors FILE] [--kinds] [--misses FAMILY|all] FILE...

FILE holds rows of generate.py, or rows with "rule" and "origin" of another corpus; .gz is opened, - is standard input.

recall: the share of expect:true rows with a hit; false: the share of expect:false rows with one. Each in four strengths:
  any          any hit, however weak
  flagged      a hit of medium or high confidence, or a leak score of 0.5 or more
  family       a hit of the row's own family, however weak
  family-firm  a hit of the row's own family of medium or high confidence; this is what floors hold for generated rows
Of other corpora `flagged` is what floors hold, as the mean over their (origin, rule).

A line of the floors: `recall FAMILY LEAST`, `false FAMILY MOST`; FAMILY is all for everything generated, corpus for the other.
Exit code: 0 all floors hold, 1 not, 2 bad usage.
"""

import argparse
import collections
import gzip
import json
import re
import subprocess
import sys
import tempfile

# Words of a hit's rule, label and title that say of which family it is; a word may go on ("crypt" stands for "cryptography").
CREDENTIAL = ("credential", "login", "htpasswd", "combo", "stealer", "ulp", "password", "passwd", "browser export", "user hash", "mail hash")
FAMILIES = {
    "credential_dump": CREDENTIAL + ("hash",), "stealer_log": CREDENTIAL, "credit_card": ("card", "payment card", "credit card", "track", "magnetic"), "iban": ("iban",),
    "national_id": ("national", "social", "ssn", "itin", "tax", "id", "personal number", "vat", "nino", "nhs", "utr", "bsn", "pesel", "nip", "cpf", "cnpj", "curp", "cuit", "rut", "personnummer", "cpr", "hetu", "codice", "dni", "nie",
                    "nir", "npi", "dea", "mbi", "aadhaar", "pan", "snils", "inn", "egn", "cnp", "amka", "oib", "pps", "kennitala", "sin", "tfn", "medicare", "nric", "my number", "taj", "isikukood", "citizen", "insurance"),
    "bank_account": ("bank", "routing", "aba", "clabe", "sort code", "bsb", "ifsc", "swift", "bic"), "dox": ("dox", "personal"), "passport": ("passport", "mrz", "machine readable"),
    "crypto_wallet": ("wallet", "crypto", "bitcoin", "btc", "ethereum", "eth", "litecoin", "monero", "xmr", "tron", "dogecoin", "dash", "zcash", "ripple", "xrp", "cardano", "cosmos", "bech32", "solana", "ton"),
    "onion": ("onion",), "doc_marker": ("marking", "marker", "classif", "confidential", "proprietary", "document"),
    "private_key": ("private", "secret key", "seed", "mnemonic", "keystore", "jwk", "wireguard", "openvpn", "pkcs12", "jks", "wif", "xprv", "bip39", "gcp service account", "age secret"),
    "pgp": ("pgp private", "pgp secret"), "sql_dump": ("dump", "table", "records", "sql", "mysql", "mssql", "postgres", "sqlite", "oracle", "mongo", "ldif", "credential", "insert", "copy", "personal"),
    "password_hash": ("hash", "shadow", "htpasswd", "crypt", "bcrypt", "yescrypt", "argon2", "kerberos", "krb5", "ntlm", "netntlm", "pwdump", "pbkdf2", "phpass", "cisco", "password", "credential"),
}
ENCODED = tuple(w for family in ("credential_dump", "stealer_log", "credit_card", "crypto_wallet", "onion", "private_key") for w in FAMILIES[family])
STRENGTHS = ("any", "flagged", "family", "family-firm")
APART = ("aws", "gcp", "azure", "github", "gitlab", "slack", "stripe", "private_key", "jwt")


def stop(why):
    print("measure.py: %s" % why, file=sys.stderr)
    sys.exit(2)


def words_of(row):
    if row["family"] == "encoded":
        tail = row["kind"].rsplit("-", 1)[-1]
        return FAMILIES.get(tail, ENCODED) + ("password",)
    return FAMILIES.get(row["family"], ())


def judge(row, answer):
    """Which strengths hold."""
    hits = answer.get("hits", [])
    firm = [h for h in hits if h["confidence"] != "low"]
    words = words_of(row)

    def own(hit):
        text = " " + re.sub(r"[^a-z0-9]+", " ", " ".join(str(hit.get(k, "")) for k in ("rule", "label", "title")).lower())
        return any(" " + w in text for w in words)

    leak = answer.get("categories", {}).get("leak", 0)
    if row["family"] == "dox":  # a category of its own, which needs no rule
        is_dox = answer.get("categories", {}).get("dox", 0) >= 0.5
        return {"any": bool(hits) or is_dox, "flagged": bool(firm) or leak >= 0.5 or is_dox, "family": is_dox or any(map(own, hits)), "family-firm": is_dox}
    return {"any": bool(hits), "flagged": bool(firm) or leak >= 0.5, "family": any(map(own, hits)), "family-firm": any(map(own, firm))}


def read(names):
    for name in names:
        with sys.stdin if name == "-" else gzip.open(name, "rt") if name.endswith(".gz") else open(name) as file:
            for line in file:
                yield json.loads(line)


def answers(program, rows):
    with tempfile.TemporaryFile("w+") as asked, tempfile.TemporaryFile("w+") as said:
        for row in rows:
            asked.write(json.dumps({"id": row["id"], "text": row["text"]}) + "\n")
        asked.seek(0)
        code = subprocess.run([program, "stage", "scan"], stdin=asked, stdout=said).returncode
        said.seek(0)
        got = [json.loads(line) for line in said]
    if len(got) != len(rows):
        stop("%s answered %d of %d rows and ended with code %d" % (program, len(got), len(rows), code))
    errors = [a for a in got if "error" in a]
    if errors:
        print("%d rows were not answered, the first with: %s" % (len(errors), errors[0]["error"]))
    return got


class Share:
    def __init__(self):
        self.rows, self.held = 0, collections.Counter()

    def add(self, verdict):
        self.rows += 1
        self.held.update(k for k in STRENGTHS if verdict[k])

    def of(self, strength):
        return self.held[strength] / self.rows if self.rows else None

    def show(self, strengths):
        return "%6d " % self.rows + " ".join("%11s" % ("-" if not self.rows else "%.3f" % self.of(s)) for s in strengths)


def table(title, judged, key, strengths=STRENGTHS):
    shares = collections.defaultdict(Share)
    for row, verdict, _ in judged:
        shares[key(row)].add(verdict)
    print("\n%-44s %6s " % (title, "rows") + " ".join("%11s" % s for s in strengths))
    for name in sorted(shares):
        print("%-44s %s" % (name, shares[name].show(strengths)))
    return shares


def shape(text):
    """The first line or two of a text with all letters and digits made equal."""
    return re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "x", text[:120])).replace("\n", "\\n").replace("\r", "\\r")


def show_misses(judged, family, strength):
    print("\nid, what is wrong, rules that hit, shape")
    for row, verdict, answer in judged:
        if family in ("all", row["family"]) and verdict[strength] != row["expect"]:
            print("%s\t%s\t%s\t%s" % (row["id"], "missed" if row["expect"] else "false alarm", ",".join(sorted({h["rule"] for h in answer.get("hits", [])})) or "-", shape(row["text"])))


def generated(judged, options):
    """Tables of generated rows; the figures that floors may name."""
    figures = {}
    for word, expect in (("recall", True), ("false", False)):
        part = [j for j in judged if j[0]["expect"] == expect]
        if options.kinds:
            table(word + " by kind", part, lambda r: r["family"] + " " + r["kind"])
            table(word + " by way of posting", part, lambda r: r["mutation"])
        shares = table(word + " by family", part, lambda r: r["family"])
        shares["all"] = table(word + ", all", part, lambda r: "all")["all"]
        figures.update({(word, family): share.of("family-firm") for family, share in shares.items() if share.rows})
    return figures


def corpus(judged, options):
    figures = {}
    for word, expect in (("recall", True), ("false", False)):
        part = [j for j in judged if j[0]["expect"] == expect]
        if options.kinds:
            table("corpus: %s by origin and rule" % word, part, lambda r: r["origin"] + " " + r["rule"], STRENGTHS[:2])
        shares = table("corpus: %s by family" % word, part, lambda r: r["family"], STRENGTHS[:2])
        figures.update({(word, "corpus-" + f): shares[f].of("flagged") for f in APART if shares[f].rows})
        total = Share()
        groups = collections.defaultdict(Share)
        for row, verdict, _ in part:
            total.add(verdict)
            groups[row["origin"], row["rule"]].add(verdict)
        mean = {s: sum(g.of(s) for g in groups.values()) / len(groups) if groups else 0 for s in ("any", "flagged")}
        print("corpus: %s of all rows: any %.3f, flagged %.3f; mean over %d (origin, rule): any %.3f, flagged %.3f" % (word, total.of("any") or 0, total.of("flagged") or 0, len(groups), mean["any"], mean["flagged"]))
        figures[word, "corpus"] = mean["flagged"] if expect else total.of("flagged")
    return figures


def hold(figures, name):
    broken = 0
    with open(name) as file:
        for number, line in enumerate(file, 1):
            fields = line.split("#")[0].split()
            if not fields:
                continue
            if len(fields) != 3 or fields[0] not in ("recall", "false"):
                stop("%s:%d: expected `recall FAMILY LEAST` or `false FAMILY MOST`" % (name, number))
            got = figures.get((fields[0], fields[1]))
            if got is None:
                print("%s:%d: nothing was measured of %s" % (name, number, fields[1]))
            elif (got < float(fields[2])) if fields[0] == "recall" else (got > float(fields[2])):
                print("%s:%d: %s of %s is %.3f, where at %s %s is to be held" % (name, number, fields[0], fields[1], got, "least" if fields[0] == "recall" else "most", fields[2]))
                broken += 1
    return broken


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default="./watchdesk")
    parser.add_argument("--floors")
    parser.add_argument("--kinds", action="store_true", help="also by kind")
    parser.add_argument("--misses", metavar="FAMILY", help="list the rows that are wrong, all for all families")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    rows = list(read(options.files))
    judged = [(row, judge(row, answer), answer) for row, answer in zip(rows, answers(options.program, rows))]
    made = [j for j in judged if "origin" not in j[0]]
    other = [j for j in judged if "origin" in j[0]]
    figures = {}
    if made:
        figures.update(generated(made, options))
    if other:
        figures.update(corpus(other, options))
    if options.misses:
        show_misses(made, options.misses, "family-firm")
        show_misses(other, options.misses, "flagged")
    sys.exit(1 if options.floors and hold(figures, options.floors) else 0)


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError) as problem:
        stop(problem)
