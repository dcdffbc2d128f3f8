"""coins - addresses of wallets with their checksums, keys of wallets, and onion services of version 3

The checksums are computed here, from the documents that define them (base58check, BIP 173, BIP 350, EIP-55, CryptoNote, TEP-2, rend-spec-v3).
"""

import base64
import binascii
import hashlib

from words import prose, word

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def sha256d(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def base58(data, alphabet=BASE58):
    value = int.from_bytes(data, "big")
    made = ""
    while value:
        value, rest = divmod(value, 58)
        made = alphabet[rest] + made
    return alphabet[0] * (len(data) - len(data.lstrip(b"\0"))) + made


def base58check(data, alphabet=BASE58):
    return base58(data + sha256d(data)[:4], alphabet)


def rotate(value, by):
    return ((value << by) | (value >> (64 - by))) & (2 ** 64 - 1)


def keccak256(data):
    """Keccak as it was before FIPS 202 changed its padding: 24 rounds, rate 136, pad 0x01."""
    lanes = [0] * 25
    padded = bytearray(data + b"\1" + b"\0" * (-(len(data) + 1) % 136))
    padded[-1] |= 0x80
    for at in range(0, len(padded), 136):
        for i in range(17):
            lanes[i] ^= int.from_bytes(padded[at + 8 * i:at + 8 * i + 8], "little")
        state = 1
        for _ in range(24):
            parity = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
            for i in range(25):
                lanes[i] ^= parity[(i + 4) % 5] ^ rotate(parity[(i + 1) % 5], 1)
            x, y, carried = 1, 0, lanes[1]
            for t in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                carried, lanes[x + 5 * y] = lanes[x + 5 * y], rotate(carried, (t + 1) * (t + 2) // 2 % 64)
            for row in range(0, 25, 5):
                old = lanes[row:row + 5]
                for x in range(5):
                    lanes[row + x] = old[x] ^ (~old[(x + 1) % 5] & old[(x + 2) % 5])
            for j in range(7):
                state = (state << 1) ^ ((state >> 7) * 0x171)
                if state & 2:
                    lanes[0] ^= 1 << ((1 << j) - 1)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


assert keccak256(b"").hex().startswith("c5d2460186f7233c"), "keccak256 of nothing"


def polymod(values):
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1ffffff) << 5 ^ value
        for i, generator in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
            check ^= generator if top >> i & 1 else 0
    return check


def five_bits(data):
    bits = "".join("{:08b}".format(b) for b in data)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[i:i + 5], 2) for i in range(0, len(bits), 5)]


def bech32(prefix, values, constant=1):
    head = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = polymod(head + values + [0] * 6) ^ constant
    return prefix + "1" + "".join(BECH32[v] for v in values + [check >> 5 * (5 - i) & 31 for i in range(6)])


def cash(data):
    """CashAddr: a 40-bit BCH code over the prefix and the payload."""
    values = five_bits(b"\0" + data)
    check = 1
    for value in [ord(c) & 31 for c in "bitcoincash"] + [0] + values + [0] * 8:
        top = check >> 35
        check = (check & 0x07ffffffff) << 5 ^ value
        for i, generator in enumerate((0x98f2bc8e61, 0x79b76d99e2, 0xf33e5fb3c4, 0xae2eabe2a8, 0x1e4f43e470)):
            check ^= generator if top >> i & 1 else 0
    check ^= 1
    return "bitcoincash:" + "".join(BECH32[v] for v in values + [check >> 5 * (7 - i) & 31 for i in range(8)])


def ethereum(data):
    plain = data.hex()
    marks = keccak256(plain.encode()).hex()
    return "0x" + "".join(c.upper() if int(m, 16) > 7 else c for c, m in zip(plain, marks))


def monero(data, version):
    body = bytes([version]) + data
    body += keccak256(body)[:4]
    blocks = [body[i:i + 8] for i in range(0, len(body), 8)]
    width = {8: 11, 5: 7}
    return "".join(base58(b.lstrip(b"\0") or b"").rjust(width[len(b)], "1") for b in blocks)


def ton(data):
    body = b"\x11\0" + data
    return base64.urlsafe_b64encode(body + binascii.crc_hqx(body, 0).to_bytes(2, "big")).decode()


def onion(key):
    check = hashlib.sha3_256(b".onion checksum" + key + b"\3").digest()[:2]
    return base64.b32encode(key + check + b"\3").decode().lower() + ".onion"


def segwit(prefix, version, data):
    return bech32(prefix, [version] + five_bits(data), 0x2bc830a3 if version else 1)


# name -> how it is made of random bytes, and whether the shape has a checksum that can be broken
COINS = {
    "bitcoin-p2pkh": lambda r: base58check(b"\0" + r(20)), "bitcoin-p2sh": lambda r: base58check(b"\5" + r(20)),
    "bitcoin-segwit": lambda r: segwit("bc", 0, r(20)), "bitcoin-segwit-script": lambda r: segwit("bc", 0, r(32)), "bitcoin-taproot": lambda r: segwit("bc", 1, r(32)),
    "ethereum": lambda r: ethereum(r(20)), "litecoin": lambda r: base58check(b"\x30" + r(20)), "litecoin-p2sh": lambda r: base58check(b"\x32" + r(20)),
    "litecoin-segwit": lambda r: segwit("ltc", 0, r(20)), "monero": lambda r: monero(r(64), 18), "monero-subaddress": lambda r: monero(r(64), 42),
    "tron": lambda r: base58check(b"\x41" + r(20)), "dogecoin": lambda r: base58check(b"\x1e" + r(20)), "dash": lambda r: base58check(b"\x4c" + r(20)),
    "zcash": lambda r: base58check(b"\x1c\xb8" + r(20)), "zcash-p2sh": lambda r: base58check(b"\x1c\xbd" + r(20)), "ripple": lambda r: base58check(b"\0" + r(20), RIPPLE),
    "cardano": lambda r: bech32("addr", five_bits(b"\1" + r(56))), "cosmos": lambda r: bech32("cosmos", five_bits(r(20))), "bitcoin-cash": lambda r: cash(r(20)), "ton": lambda r: ton(r(32)),
}
KEYS = {
    "wif": lambda r: base58check(b"\x80" + r(32)), "wif-compressed": lambda r: base58check(b"\x80" + r(32) + b"\1"),
    "xprv": lambda r: base58check(bytes.fromhex("0488ade4") + b"\0" * 9 + r(32) + b"\0" + r(32)),
}
SENTENCES = ("Send it to %s please", "%s", "donations: %s, thank you", "wallet: %s", "Adresse : %s\n", "My address is %s.", "(%s)", '{"address": "%s"}')


def broken(rng, address):
    """Another character of the same kind, somewhere behind the prefix, so that the checksum fails."""
    at = rng.randrange(len(address) // 2, len(address))
    alphabet = {c for c in address[len(address) // 3:] if c.isalnum() and c.isupper() == address[at].isupper() and c.isdigit() == address[at].isdigit()} - {address[at]}
    if not alphabet:
        return None
    return address[:at] + rng.choice(sorted(alphabet)) + address[at + 1:]


def broken_case(address):
    return "0x" + address[2:].swapcase()


def mnemonic(rng):
    from mnemonic import Mnemonic  # Debian: python3-mnemonic

    return Mnemonic("english").to_mnemonic(rng.randbytes(rng.choice((16, 32))))


def rows(rng, n):
    for name, make in COINS.items():
        for i in range(n):
            yield "crypto_wallet", name, rng.choice(SENTENCES) % make(rng.randbytes), True, 1
            address = make(rng.randbytes)
            wrong = broken_case(address) if name == "ethereum" else broken(rng, address)
            if wrong and wrong != address:
                yield "crypto_wallet", name + "-wrong-checksum", rng.choice(SENTENCES[:3] + SENTENCES[5:7]) % wrong, False, 0
    for i in range(n):
        yield "crypto_wallet", "bitcoin-segwit-upper", "PAY TO " + segwit("bc", 0, rng.randbytes(20)).upper(), True, 1
        yield "crypto_wallet", "ethereum-lower-in-context", "my ethereum wallet: 0x" + rng.randbytes(20).hex(), True, 1
        yield "crypto_wallet", "solana-in-context", "my Solana (SOL) wallet address: " + base58(rng.randbytes(32)), True, 1
        yield "crypto_wallet", "base58-words", "ids: " + " ".join(base58(rng.randbytes(rng.choice((16, 24, 25)))) for _ in range(4)), False, 0
        yield "crypto_wallet", "git-hashes", "index %s..%s\ncommit %s\n" % (rng.randbytes(4).hex(), rng.randbytes(4).hex(), rng.randbytes(20).hex()), False, 0
        yield "crypto_wallet", "hex-literals", "const a = 0x%s, b = 0x%s;" % (rng.randbytes(4).hex(), rng.randbytes(8).hex()), False, 0
        yield "crypto_wallet", "video-ids", "https://www.example.net/watch?v=%s&list=%s" % (base58(rng.randbytes(8)), base58(rng.randbytes(25))), False, 0
        for name, make in KEYS.items():
            yield "private_key", name, rng.choice(("%s", "key: %s", "sweep this one: %s\n")) % make(rng.randbytes), True, 1
            wrong = broken(rng, make(rng.randbytes))
            if wrong:
                yield "private_key", name + "-wrong-checksum", "key: " + wrong, False, 0
        yield "private_key", "ethereum-key", '{"address": "%s", "private_key": "0x%s"}' % (ethereum(rng.randbytes(20)), rng.randbytes(32).hex()), True, 1
        service = onion(rng.randbytes(32))
        yield "onion", "plain", rng.choice(SENTENCES[:4]) % service, True, 1
        yield "onion", "url", "mirror: http://%s/%s?id=7" % (service, word(rng)), True, 1
        yield "onion", "subdomain", "https://www.%s/login" % service, True, 1
        yield "onion", "defanged", "hxxp://%s/ is down" % service.replace(".onion", "[.]onion"), True, 1
        yield "onion", "upper", "SEE " + service.upper(), True, 1
        wrong = broken(rng, service[:56])
        if wrong:
            yield "onion", "wrong-checksum", "mirror: http://%s.onion/" % wrong, False, 0
        yield "onion", "wrong-version", "http://%s.onion/" % (service[:55] + rng.choice("abcefgh")), False, 0
        yield "onion", "too-long", "http://%s/" % (word(rng, 1)[0] + service), False, 0
        yield "onion", "about-onions", "Chop an onion, add the .onion suffix joke here. " + prose(rng, 1), False, 0
    try:
        for i in range(n):
            yield "private_key", "bip39", rng.choice(("seed phrase: %s\n", "%s", "backup words\n%s\n")) % mnemonic(rng), True, 1
    except ImportError:
        yield "skipped", "seed phrases: python3-mnemonic is not installed", "", False, 0
