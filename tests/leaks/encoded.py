"""encoded - leaks inside base64, hexadecimal, percent signs, \\u escapes, quoted-printable and compressed streams, nested too"""

import base64
import bz2
import gzip
import json
import quopri
import urllib.parse
import zlib

import coins
import credentials
import money
import words

PAYLOADS = {
    "credential_dump": lambda rng: credentials.lines(rng, lambda: words.mail(rng) + ":" + credentials.secret(rng, ":"), 6),
    "stealer_log": lambda rng: "".join(credentials.record(rng, credentials.RECORDS["redline"]) for _ in range(3)),
    "credit_card": lambda rng: "".join("%s|%s|2027|%s\n" % (c, money.month(rng), words.digits(rng, 3)) for c in (money.card(rng) for _ in range(3))),
    "crypto_wallet": lambda rng: "Pay 0.5 BTC to %s within three days.\n" % coins.COINS["bitcoin-p2pkh"](rng.randbytes),
    "onion": lambda rng: "The files are at http://%s/ from tomorrow on.\n" % coins.onion(rng.randbytes(32)),
    "private_key": lambda rng: "-----BEGIN EC PRIVATE KEY-----\n" + base64.b64encode(bytes.fromhex("30770201010420") + rng.randbytes(32) + bytes.fromhex("a00a06082a8648ce3d030107a14403420004") + rng.randbytes(64)).decode() + "\n-----END EC PRIVATE KEY-----\n",
}


def wrapped(text, width):
    return "\n".join(text[i:i + width] for i in range(0, len(text), width)) + "\n"


def b64(data):
    return base64.b64encode(data).decode()


LAYERS = {
    "base64": lambda d: b64(d), "base64-unpadded": lambda d: b64(d).rstrip("="), "base64-url": lambda d: base64.urlsafe_b64encode(d).decode(), "base64-64": lambda d: wrapped(b64(d), 64), "base64-76": lambda d: wrapped(b64(d), 76),
    "base64-37": lambda d: wrapped(b64(d), 37), "base64-crlf": lambda d: wrapped(b64(d), 76).replace("\n", "\r\n"), "hex": lambda d: d.hex(), "hex-upper": lambda d: d.hex().upper(), "hex-wrapped": lambda d: wrapped(d.hex(), 60),
    "hex-spaced": lambda d: d.hex(" "), "hex-escaped": lambda d: "".join("\\x%02x" % b for b in d), "percent": lambda d: urllib.parse.quote(d, safe=""), "percent-all": lambda d: "".join("%%%02X" % b for b in d),
    "u-escaped": lambda d: "".join("\\u%04x" % b for b in d), "quoted-printable": lambda d: quopri.encodestring(d.replace(b":", b"=3A"), quotetabs=True).decode(),
    "gzip-base64": lambda d: b64(gzip.compress(d, mtime=0)), "zlib-base64": lambda d: b64(zlib.compress(d)), "bzip2-base64": lambda d: b64(bz2.compress(d)), "gzip-hex": lambda d: gzip.compress(d, mtime=0).hex(),
    "utf-16-base64": lambda d: b64(d.decode().encode("utf-16-le")), "base64-twice": lambda d: b64(b64(d).encode()), "base64-three-times": lambda d: b64(b64(b64(d).encode()).encode()),
    "gzip-base64-in-base64": lambda d: b64(b64(gzip.compress(d, mtime=0)).encode()), "base64-in-percent": lambda d: urllib.parse.quote(b64(d), safe=""), "hex-of-base64": lambda d: b64(d).encode().hex(),
}
AROUND = (lambda rng, t: t, lambda rng, t: "data: " + t.strip() + "\n", lambda rng, t: words.prose(rng) + "\n\n" + t.strip() + "\n\n" + words.prose(rng) + "\n", lambda rng, t: json.dumps({"file": "a.txt", "content": t}),
          lambda rng, t: "echo '" + t.strip() + "' | decode\n")


def quoted_printable(data):
    return quopri.encodestring(data.replace(b"@", b"\0")).decode().replace("=00", "=40")


def rows(rng, n):
    share = max(1, n // 4)
    for name, layer in LAYERS.items():
        for family, make in PAYLOADS.items():
            if n < 5 and rng.random() < 0.5:
                continue
            for i in range(share):
                payload = make(rng).encode()
                text = quoted_printable(payload) if name == "quoted-printable" else layer(payload)
                yield "encoded", name + "-" + family, rng.choice(AROUND)(rng, text), True, 1
        for i in range(share):
            harmless = (words.prose(rng, 6) + "\n").encode("ascii", "ignore")
            yield "encoded", name + "-prose", rng.choice(AROUND)(rng, layer(harmless)), False, 0
    for i in range(n):
        yield "encoded", "random-base64", "blob: " + b64(rng.randbytes(300)) + "\n", False, 0
        yield "encoded", "picture", '<img src="data:image/png;base64,%s">' % b64(bytes.fromhex("89504e470d0a1a0a0000000d49484452") + rng.randbytes(500)), False, 0
        yield "encoded", "random-hex", rng.randbytes(200).hex() + "\n", False, 0
        yield "encoded", "random-gzip", b64(gzip.compress(rng.randbytes(300), mtime=0)) + "\n", False, 0
        yield "encoded", "source-map", "//# sourceMappingURL=data:application/json;base64," + b64(json.dumps({"version": 3, "sources": [words.word(rng) + ".js"], "names": [], "mappings": "AAAA" + words.base62(rng, 200)}).encode()) + "\n", False, 0
