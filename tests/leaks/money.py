"""money - payment cards (ISO/IEC 7812) and IBANs (ISO 13616, the registry through python-stdnum)"""

import string

from words import address, digits, hexa, mail, person, prose, uuid, word

try:
    from stdnum import iban as registry
except ImportError:
    registry = None

# issuer, first digits, lengths
ISSUERS = [
    ("visa", ["4"], [16]), ("visa-13", ["4"], [13]), ("visa-19", ["4"], [19]), ("mastercard", [str(n) for n in range(51, 56)], [16]), ("mastercard-2", [str(n) for n in range(2221, 2721)], [16]),
    ("amex", ["34", "37"], [15]), ("discover", ["6011", "644", "65"], [16]), ("jcb", [str(n) for n in range(3528, 3590)], [16]), ("diners", ["300", "305", "36", "38"], [14]),
    ("unionpay", ["62"], [16, 17, 18, 19]), ("maestro", ["5018", "5020", "5038", "6304", "6759", "6761"], [16, 18]), ("mir", ["2200", "2201", "2202", "2203", "2204"], [16]),
    ("rupay", ["6521", "6522", "60"], [16]),
]


def luhn_digit(body):
    total = 0
    for i, c in enumerate(reversed(body)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return str(-total % 10)


def luhn(number):
    return luhn_digit(number[:-1]) == number[-1]


def card(rng, issuer=None):
    _, prefixes, lengths = issuer or rng.choice(ISSUERS[:8])
    while True:
        prefix = rng.choice(prefixes)
        body = prefix + digits(rng, rng.choice(lengths) - len(prefix) - 1)
        if len(set(body[4:])) > 3:
            return body + luhn_digit(body)


def failing(rng):
    number = card(rng)
    return number[:-1] + str((int(number[-1]) + rng.randrange(1, 10)) % 10)


def grouped(number, sep):
    if len(number) in (14, 15):
        return sep.join((number[:4], number[4:10], number[10:]))
    return sep.join(number[i:i + 4] for i in range(0, len(number), 4))


def month(rng):
    return "%02d" % rng.randrange(1, 13)


def cvv(rng, number):
    return digits(rng, 4 if len(number) == 15 else 3)


def cards(rng, n):
    for issuer in ISSUERS:
        for i in range(n):
            number = card(rng, issuer)
            yield issuer[0], rng.choice((number, grouped(number, " "), grouped(number, "-"))), 1
            number = card(rng, issuer)
            yield issuer[0] + "-in-sentence", rng.choice((
                "Please charge my card %s, it is valid until %s/27.", "the card number is %s (exp %s/2028)", "Meine Kreditkarte: %s, gültig bis %s/29", "numéro de carte : %s, expire %s/27",
                "Tarjeta %s caduca %s/26")) % (rng.choice((number, grouped(number, " "), grouped(number, "-"))), month(rng)), 1
    for i in range(n):
        number = card(rng)
        for name, sep in (("pipe", "|"), ("colon", ":"), ("semicolon", ";"), ("comma", ","), ("slash", "/"), ("tab", "\t")):
            count = rng.choice((1, 1, 10))
            yield "dump-line-" + name, "".join(sep.join((c, month(rng), rng.choice(("27", "2028")), cvv(rng, c))) + "\n" for c in (card(rng) for _ in range(count))), count
        yield "dump-line-full", "".join("|".join((c, month(rng), "2027", cvv(rng, c), person(rng), address(rng), mail(rng), "US")) + "\n" for c in (card(rng) for _ in range(5))), 5
        yield "dump-line-expiry", "%s %s/27 %s\n" % (number, month(rng), cvv(rng, number)), 1
        name = person(rng).upper().replace(" ", "/")
        yield "track1", "%%B%s^%s^27%s101%s00000000?\n" % (number, name, month(rng), digits(rng, 8)), 1
        yield "track2", ";%s=27%s101%s?\n" % (number, month(rng), digits(rng, 10)), 1
        yield "track2-bare", "%s=27%s101%s\n" % (number, month(rng), digits(rng, 11)), 1
        yield "json", '{"card_number": "%s", "exp_month": %d, "exp_year": 2027, "cvc": "%s"}' % (number, rng.randrange(1, 13), cvv(rng, number)), 1
        yield "csv", "name,card,expiry,cvv\n" + "".join("%s,%s,%s/27,%s\n" % (person(rng), c, month(rng), cvv(rng, c)) for c in (card(rng) for _ in range(4))), 4
        yield "labelled", "Card Holder: %s\nCard Number: %s\nExpires: %s/27\nCVV: %s\n" % (person(rng), grouped(number, " "), month(rng), cvv(rng, number)), 1


def card_look_alikes(rng, n):
    for i in range(n):
        number = card(rng)
        bad = failing(rng)
        yield "luhn-fails", rng.choice(("Card: %s", "%s", "my card number is %s, thanks")) % rng.choice((bad, grouped(bad, " "), grouped(bad, "-")))
        yield "luhn-fails-dump-line", "%s|%s|2027|%s\n" % (bad, month(rng), digits(rng, 3))
        yield "inside-longer-digits", "ref " + digits(rng, 4) + number + digits(rng, 5)
        yield "float", "loss = 0.%s, rate = %s.%s" % (number, digits(rng, 1), card(rng))
        yield "float-after", "x = %s.25" % number
        yield "order-id", "order ORD%sX and invoice INV-%sB" % (number, number)
        yield "microseconds", "\n".join("17%s" % digits(rng, 14) for _ in range(5))
        yield "milliseconds", "\n".join('{"t": 16%s, "v": %s}' % (digits(rng, 11), digits(rng, 2)) for _ in range(20))
        yield "uuid", "\n".join(uuid(rng) for _ in range(8))
        yield "hex", "commit %s%s%s" % (hexa(rng, 8), number, hexa(rng, 8) + "ab")
        yield "phones", "call +49 30 %s or 0044 20 %s, fax (0%s) %s" % (digits(rng, 8), digits(rng, 8), digits(rng, 3), digits(rng, 7))
        yield "repeated-digits", rng.choice(("0000 0000 0000 0000", "1111111111111111", "9999-9999-9999-9999", "4444 4444 4444 4444", "5555555555555555"))
        body = rng.choice("0178") + digits(rng, 14)
        yield "no-issuer", "parcel " + body + luhn_digit(body)
        yield "url-path", "https://media.example.net/photos/%s/original.jpg" % number
        serial = "8949" + digits(rng, 14)
        yield "sim-serial", "ICCID: " + serial + luhn_digit(serial)
        device = rng.choice(("35", "86", "01")) + digits(rng, 12)
        yield "imei", "IMEI: " + device + luhn_digit(device)
        yield "book-numbers", "\n".join("ISBN 978-3-%s-%s-%s" % (digits(rng, 3), digits(rng, 5), digits(rng, 1)) for _ in range(6))
        yield "post-ids", "\n".join('{"id": 1%s, "user": 1000%s}' % (digits(rng, 18), digits(rng, 11)) for _ in range(10))
        yield "dates-in-a-row", "\n".join("2023 %s %s 2024 %s" % (digits(rng, 4), digits(rng, 4), digits(rng, 4)) for _ in range(6))
        yield "mixed-separators", "%s %s-%s.%s" % (number[:4], number[4:8], number[8:12], number[12:])
        yield "number-table", "\n".join(" ".join(digits(rng, 4) for _ in range(8)) for _ in range(4))
        yield "masked", "Card **** **** **** %s, also 4%sXXXXXXXXXX" % (number[-4:], digits(rng, 5))


def structures():
    """Country and BBAN structure of all countries of the registry, such as ("DE", "18!n")."""
    found = []
    for a in string.ascii_uppercase:
        for b in string.ascii_uppercase:
            info = registry._ibandb.info(a + b)
            if info and "bban" in info[0][1]:
                found.append((a + b, info[0][1]["bban"]))
    return found


def bban(rng, structure):
    import re

    made = ""
    for length, kind in re.findall(r"(\d+)!?([nac])", structure):
        made += {"n": lambda k: digits(rng, k), "a": lambda k: "".join(rng.choice(string.ascii_uppercase) for _ in range(k)),
                 "c": lambda k: "".join(rng.choice(string.ascii_uppercase + string.digits * 4) for _ in range(k))}[kind](int(length))
    return made


def with_check(country, account):
    value = int("".join(str(int(c, 36)) for c in account + country + "00"))
    return "%s%02d%s" % (country, 98 - value % 97, account)


def iban(rng, country):
    for _ in range(20000):
        number = with_check(country[0], bban(rng, country[1]))
        if registry.is_valid(number):
            return number
    return None


def spaced(number):
    return " ".join(number[i:i + 4] for i in range(0, len(number), 4))


def ibans(rng, n):
    for country in structures():
        number = iban(rng, country)
        if not number:
            continue
        forms = [("plain", number), ("spaced", spaced(number)), ("dashes", spaced(number).replace(" ", "-")), ("lower", rng.choice((number, spaced(number))).lower()),
                 ("in-sentence", rng.choice(("Please transfer it to %s by Friday.", "Bitte auf das Konto %s überweisen.", "virement sur le compte %s, merci", "IBAN:%s")) % rng.choice((number, spaced(number))))]
        for name, text in forms if n > 4 else rng.sample(forms, 2):
            yield name + "-" + country[0], text, 1
    for i in range(n):
        known = [c for c in structures() if c[0] in ("DE", "FR", "GB", "NL", "ES", "IT", "PL", "AT", "CH", "BE")]
        rows = [(person(rng), iban(rng, rng.choice(known))) for _ in range(5)]
        yield "csv", "name;iban;bic\n" + "".join("%s;%s;%sDEFF\n" % (p, b, word(rng, 3)[:4].upper()) for p, b in rows if b), 5
        yield "json", '{"holder": "%s", "iban": "%s"}' % rows[0], 1


def iban_look_alikes(rng, n):
    countries = structures()
    for i in range(n * 2):
        country = rng.choice(countries)
        number = iban(rng, country)
        if not number:
            continue
        wrong = "%s%02d%s" % (number[:2], (int(number[2:4]) - 2 + rng.randrange(1, 96)) % 97 + 2, number[4:])
        yield "wrong-check-digits", rng.choice(("%s", "IBAN: %s", "pay to %s")) % rng.choice((wrong, spaced(wrong)))
        short = with_check(country[0], number[4:-1] if i % 2 else number[4:] + digits(rng, 1))
        yield "wrong-length", rng.choice(("IBAN: %s", "%s")) % short
        yield "unknown-country", "IBAN: " + with_check(rng.choice(("ZZ", "XX", "QQ", "US", "CN", "JP")), digits(rng, 18))
        yield "inside-word", "id=" + word(rng).upper() + number + word(rng).upper()
        yield "product-keys", "\n".join("-".join("".join(rng.choice("ABCDEFGHJKLMNP23456789") for _ in range(5)) for _ in range(5)) for _ in range(3))
        yield "license-plates-and-parts", "%s%s part %s%s-%s, %s" % (word(rng)[:2].upper(), digits(rng, 4), word(rng)[:2].upper(), digits(rng, 8), digits(rng, 6), prose(rng, 1))


def routing(rng):
    """ABA: 3-7-1 modulo 10, of a Federal Reserve district."""
    while True:
        number = rng.choice(("01", "02", "03", "04", "06", "07", "11", "12", "25", "32")) + digits(rng, 7)
        if sum(int(d) * w for d, w in zip(number, (3, 7, 1) * 3)) % 10 == 0:
            return number


def clabe(rng):
    """Mexico: 3-7-1 on each digit modulo 10, then the complement."""
    body = rng.choice(("002", "012", "014", "021", "072")) + "180" + digits(rng, 11)
    return body + str(-sum(int(d) * w % 10 for d, w in zip(body, (3, 7, 1) * 6)) % 10)


def off_by(rng, number):
    return number[:-1] + str((int(number[-1]) + rng.randrange(1, 10)) % 10)


def accounts(rng, n):
    for i in range(n):
        yield "us-routing", rng.choice(("Routing number: %s\nAccount number: %s\n", "ABA %s acct %s\n", "routing %s, account %s, checking\n")) % (routing(rng), digits(rng, 10)), True
        yield "us-routing-wrong-check", "Routing number: %s\n" % off_by(rng, routing(rng)), False
        yield "mx-clabe", rng.choice(("CLABE: %s\n", "CLABE interbancaria %s a mi nombre\n", "mi clabe es %s\n")) % clabe(rng), True
        yield "mx-clabe-wrong-check", "CLABE: %s\n" % off_by(rng, clabe(rng)), False
        yield "gb-sort-code", "Sort code: %s-%s-%s\nAccount number: %s\n" % (digits(rng, 2), digits(rng, 2), digits(rng, 2), digits(rng, 8)), True
        yield "au-bsb", "BSB: %s-%s\nAccount number: %s\n" % ("0" + digits(rng, 2), digits(rng, 3), digits(rng, 9)), True
        yield "in-ifsc", "IFSC: %s0%s\nAccount No: %s\n" % (rng.choice(("HDFC", "ICIC", "SBIN", "UTIB")), digits(rng, 6), digits(rng, 12)), True
        yield "bic-with-context", "SWIFT/BIC: %s%s%s\nBeneficiary: %s\n" % (word(rng, 3).upper()[:4], rng.choice(("DE", "FR", "GB", "NL")), rng.choice(("FF", "PP", "2L")), person(rng)), True
        yield "dates-like-sort-codes", "Released %s-%s-%s, build %s\n" % ("12", digits(rng, 1) + "1", digits(rng, 2), digits(rng, 8)), False
        yield "nine-digits", "ticket %s was closed, see %s\n" % (routing(rng), digits(rng, 18)), False


def rows(rng, n):
    for kind, text, expect in accounts(rng, n):
        yield "bank_account", kind, text, expect, int(expect)
    for kind, text, count in cards(rng, n):
        yield "credit_card", kind, text, True, count
    for kind, text in card_look_alikes(rng, n):
        yield "credit_card", kind, text, False, 0
    if registry is None:
        yield "skipped", "IBAN: python3-stdnum is not installed", "", False, 0
        return
    for kind, text, count in ibans(rng, n):
        yield "iban", kind, text, True, count
    for kind, text in iban_look_alikes(rng, n):
        yield "iban", kind, text, False, 0
