"""keys - private keys of every armour, made by the programs that people make them with, and what only looks like one"""

import base64
import json
import os
import re

import tools
from tools import Absent, available, run
from words import base62, company, hexa, host, mail, prose, uuid, word


def openssl(rng, n):
    for i in range(1 if tools.quick else 3):
        rsa = run("openssl", "genrsa", "2048")
        yield "openssl-genrsa", rsa
        yield "openssl-rsa-traditional", run("openssl", "rsa", "-traditional", stdin=rsa)
        yield "openssl-rsa-traditional-encrypted", run("openssl", "rsa", "-traditional", "-aes256", "-passout", "pass:x1", stdin=rsa)
        yield "openssl-pkcs8-encrypted", run("openssl", "pkcs8", "-topk8", "-passout", "pass:x1", stdin=rsa)
        for curve in ("prime256v1", "secp384r1", "secp256k1"):
            ec = run("openssl", "ecparam", "-genkey", "-name", curve)
            yield "openssl-ecparam", ec
            yield "openssl-ecparam-noparams", run("openssl", "ecparam", "-genkey", "-noout", "-name", curve)
        for algorithm in ("ED25519", "X25519", "ED448"):
            yield "openssl-genpkey", run("openssl", "genpkey", "-algorithm", algorithm)
        yield "one-line", " ".join(rsa.split("\n"))
        yield "escaped-in-json", json.dumps({"type": "service_account", "project_id": word(rng), "private_key_id": hexa(rng, 40), "private_key": rsa, "client_email": "x@%s.iam.example.net" % word(rng)})
        yield "escaped-in-env", 'SSL_KEY="%s"\n' % rsa.replace("\n", "\\n")
        yield "base64-of-pem", "tls.key: %s\n" % base64.b64encode(rsa.encode()).decode()
        yield "indented-yaml", "key: |\n" + "".join("  %s\n" % l for l in rsa.strip().split("\n"))
        yield "with-certificate", "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n%s" % (base64.encodebytes(rng.randbytes(700)).decode().strip(), rsa)
        with tools.folder() as folder:
            path = folder + "/key.pem"
            with open(path, "w") as file:
                file.write(rsa)
            run("openssl", "req", "-x509", "-key", path, "-subj", "/CN=" + word(rng), "-out", folder + "/cert.pem")
            run("openssl", "pkcs12", "-export", "-inkey", path, "-in", folder + "/cert.pem", "-passout", "pass:x1", "-out", folder + "/all.p12")
            with open(folder + "/all.p12", "rb") as file:
                yield "pkcs12-base64", "keystore: " + base64.b64encode(file.read()).decode() + "\n"


def ssh(rng, n):
    with tools.folder() as folder:
        for kind, extra in (("ed25519", ()), ("ecdsa", ()), ("rsa", ("-b", "2048")), ("dsa", ()), ("rsa", ("-b", "2048", "-m", "PEM")), ("ecdsa", ("-m", "PKCS8")), ("ed25519", ("-N", "locked away"))):
            path = "%s/%s" % (folder, base62(rng, 9))
            try:
                run("ssh-keygen", "-q", "-t", kind, "-f", path, "-C", mail(rng), *(() if "-N" in extra else ("-N", "")), *extra)
            except Absent:
                continue
            with open(path) as file:
                yield "ssh-keygen-%s%s" % (kind, "-" + extra[-1].split()[0].lower() if extra else ""), file.read()


def putty(rng, n):
    with tools.folder() as folder:
        for kind in ("ed25519", "ecdsa", "rsa"):
            run("puttygen", "-q", "-t", kind, "-o", folder + "/key.ppk", "--new-passphrase", "/dev/null", "--random-device", "/dev/urandom")
            with open(folder + "/key.ppk") as file:
                yield "puttygen-" + kind, file.read()


def pgp(rng, n):
    with tools.folder() as home:
        environment = dict(os.environ, GNUPGHOME=home)
        batch = ("gpg", "--batch", "--quiet", "--armor", "--pinentry-mode", "loopback", "--passphrase")
        try:
            for algorithm, phrase in (("ed25519", ""),) if tools.quick else (("ed25519", ""), ("rsa2048", ""), ("ed25519", "locked away"), ("nistp256", ""), ("brainpoolP256r1", "")):
                address = mail(rng)
                run(*batch, phrase, "--quick-gen-key", "%s <%s>" % (word(rng), address), algorithm, "default", "never", env=environment)
                yield "gpg-secret-key-" + algorithm, run(*batch, phrase, "--export-secret-keys", address, env=environment)
            yield "gpg-secret-keys", run(*batch, "", "--comment", "kept by " + word(rng), "--export-secret-subkeys", address, env=environment)
        finally:
            run("gpgconf", "--kill", "gpg-agent", env=environment)


def age(rng, n):
    for i in range(min(n, 4)):
        yield "age-keygen", run("age-keygen")


def wireguard(rng, n):
    for i in range(min(n, 4)):
        key = run("wg", "genkey").strip()
        yield "wireguard", "[Interface]\nPrivateKey = %s\nAddress = 10.7.0.2/32\n\n[Peer]\nPublicKey = %s\nEndpoint = %s:51820\nAllowedIPs = 0.0.0.0/0\n" % (key, run("wg", "pubkey", stdin=key).strip(), host(rng))


def library(rng, n):
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519

    keys = [("ec", ec.generate_private_key(ec.SECP256R1())), ("ed25519", ed25519.Ed25519PrivateKey.generate())] + ([] if tools.quick else [("dsa", dsa.generate_private_key(2048))])
    for name, key in keys:
        for form in (serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.OpenSSH, serialization.PrivateFormat.TraditionalOpenSSL):
            for lock in (serialization.NoEncryption(), serialization.BestAvailableEncryption(b"locked away")):
                try:
                    yield "library-" + name, key.private_bytes(serialization.Encoding.PEM, form, lock).decode()
                except (ValueError, TypeError, UnsupportedAlgorithm):  # not every form can hold every key, or lock it
                    continue


def integer(rng, size):
    return base64.urlsafe_b64encode(rng.randbytes(size)).decode().rstrip("=")


def shapes(rng, n):
    for i in range(n):
        yield "openvpn-static", "#\n# 2048 bit OpenVPN static key\n#\n-----BEGIN OpenVPN Static key V1-----\n" + "".join(hexa(rng, 32) + "\n" for _ in range(16)) + "-----END OpenVPN Static key V1-----\n"
        yield "ssh2-encrypted", '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "rsa-key-20230101"\n' + base64.encodebytes(bytes.fromhex("3f6ff9eb") + rng.randbytes(500)).decode() + "---- END SSH2 ENCRYPTED PRIVATE KEY ----\n"
        yield "jwk-ec", json.dumps({"kty": "EC", "crv": "P-256", "x": integer(rng, 32), "y": integer(rng, 32), "d": integer(rng, 32), "kid": word(rng)})
        yield "jwk-rsa", json.dumps({"kty": "RSA", "n": integer(rng, 256), "e": "AQAB", "d": integer(rng, 256), "p": integer(rng, 128), "q": integer(rng, 128)}, indent=1)
        yield "ethereum-keystore", json.dumps({"version": 3, "id": uuid(rng), "address": hexa(rng, 40), "crypto": {"ciphertext": hexa(rng, 64), "cipherparams": {"iv": hexa(rng, 32)}, "cipher": "aes-128-ctr", "kdf": "scrypt",
                                                  "kdfparams": {"dklen": 32, "salt": hexa(rng, 64), "n": 262144, "r": 8, "p": 1}, "mac": hexa(rng, 64)}})
        yield "jks-base64", "keystore=" + base64.b64encode(bytes.fromhex("feedfeed00000002000000010000000100") + rng.randbytes(900)).decode() + "\n"
        yield "putty-shape", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: eddsa-key\nPublic-Lines: 2\n%s\n%s\nPrivate-Lines: 1\n%s\nPrivate-MAC: %s\n" % (
            base64.b64encode(b"\0\0\0\x0bssh-ed25519" + rng.randbytes(33)).decode(), base62(rng, 16), base64.b64encode(rng.randbytes(36)).decode(), hexa(rng, 64))


def public(rng):
    return base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0 " + rng.randbytes(32)).decode()


def look_alikes(rng, n):
    for i in range(n):
        body = base64.encodebytes(rng.randbytes(290)).decode()
        yield "public-key", "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" + body + "-----END PUBLIC KEY-----\n"
        yield "certificate", "-----BEGIN CERTIFICATE-----\nMIID" + base64.encodebytes(rng.randbytes(700)).decode() + "-----END CERTIFICATE-----\n"
        yield "request", "-----BEGIN CERTIFICATE REQUEST-----\nMIIC" + body + "-----END CERTIFICATE REQUEST-----\n"
        yield "parameters", "-----BEGIN DH PARAMETERS-----\nMIIB" + body + "-----END DH PARAMETERS-----\n"
        yield "authorized-keys", "ssh-ed25519 %s %s\n" % (public(rng), mail(rng))
        yield "in-code", 'if (line == "-----BEGIN RSA PRIVATE KEY-----" || line == "-----BEGIN OPENSSH PRIVATE KEY-----")\n\treturn parse(%s);\n' % word(rng)
        yield "elided", "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n"
        yield "placeholder", 'private_key = "-----BEGIN PRIVATE KEY-----\\nYOUR KEY HERE\\n-----END PRIVATE KEY-----\\n"\n'
        yield "about-keys", "A file that begins with -----BEGIN RSA PRIVATE KEY----- is in the traditional form; never post one. " + prose(rng)
        yield "pgp-signature", "-----BEGIN PGP SIGNATURE-----\n\niQEz" + body + "=aB3d\n-----END PGP SIGNATURE-----\n"
        yield "wireguard-peer", "[Peer]\nPublicKey = %s\nEndpoint = %s:51820\n" % (base64.b64encode(rng.randbytes(32)).decode(), host(rng))
        yield "jwk-public", json.dumps({"kty": "EC", "crv": "P-256", "x": integer(rng, 32), "y": integer(rng, 32), "use": "sig"})
        yield "age-recipient", "age1" + re.sub("[^ac-hj-np-z02-9]", "q", base62(rng, 58).lower()) + "\n"
        yield "known-hosts", "%s ssh-ed25519 %s\n" % (host(rng), public(rng))


def public_of_tools(rng, n):
    """What the same programs print for the public half."""
    for i in range(min(n, 3)):
        key = run("openssl", "ecparam", "-genkey", "-noout", "-name", "prime256v1")
        yield "openssl-public", run("openssl", "ec", "-pubout", stdin=key)
        yield "openssl-parameters", run("openssl", "ecparam", "-name", "prime256v1")
        yield "openssl-request", run("openssl", "req", "-new", "-key", "/dev/stdin", "-subj", "/CN=" + word(rng), stdin=key)
        with tools.folder() as folder:
            run("ssh-keygen", "-q", "-t", "ed25519", "-f", folder + "/key", "-N", "", "-C", mail(rng))
            with open(folder + "/key.pub") as file:
                yield "ssh-public", file.read()
            yield "ssh-public-rfc4716", run("ssh-keygen", "-e", "-f", folder + "/key.pub")


def rows(rng, n):
    for part in (openssl, ssh, putty, age, wireguard, shapes):
        for kind, text in available(part(rng, n)):
            yield "private_key", kind, text, True, 1
    for kind, text in available(pgp(rng, n)):
        yield "pgp", kind, text, True, 1
    try:
        for kind, text in library(rng, n):
            yield "private_key", kind, text, True, 1
    except ImportError:
        yield "skipped", "keys of the library: python3-cryptography is not installed", "", False, 0
    for kind, text in available(public_of_tools(rng, n)):
        yield "private_key", kind, text, False, 0
    for kind, text in look_alikes(rng, n):
        yield "pgp" if kind.startswith("pgp") else "private_key", kind, text, False, 0
