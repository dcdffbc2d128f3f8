"""records - dumps of databases, password hashes, shadow files"""

import base64
import hashlib
import json
import os
import subprocess
import time
import warnings

import tools
from tools import Absent, run
from words import account, address, base62, company, date, digits, draw, hexa, mail, password, person, phone, prose, uuid, word

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    try:
        import crypt
    except ImportError:
        crypt = None

COLUMNS = "id INTEGER PRIMARY KEY, username TEXT, email TEXT, password_hash TEXT, phone TEXT, created_at TEXT"


def person_row(rng, number):
    return (number, account(rng), mail(rng), rng.choice((hexa(rng, 32), "$2y$10$" + base62(rng, 53))), phone(rng), date(rng))


def quoted(row):
    return ", ".join(str(f) if isinstance(f, int) else "'%s'" % f for f in row)


def inserts(rng, table, count):
    return "".join("INSERT INTO %s VALUES(%s);\n" % (table, quoted(person_row(rng, i))) for i in range(1, count + 1))


def mysql(rng, count):
    tuples = ",".join("(%s)" % quoted(person_row(rng, i)) for i in range(1, count + 1))
    return ("-- MySQL dump 10.13  Distrib 8.0.34, for Linux (x86_64)\n--\n-- Host: localhost    Database: shop\n-- ------------------------------------------------------\n/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;\n\n"
            "DROP TABLE IF EXISTS `users`;\nCREATE TABLE `users` (\n  `id` int NOT NULL AUTO_INCREMENT,\n  `username` varchar(64) DEFAULT NULL,\n  `email` varchar(128) DEFAULT NULL,\n  `password_hash` varchar(128) DEFAULT NULL,\n"
            "  `phone` varchar(32) DEFAULT NULL,\n  `created_at` date DEFAULT NULL,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n\nLOCK TABLES `users` WRITE;\nINSERT INTO `users` VALUES %s;\nUNLOCK TABLES;\n\n-- Dump completed on 2024-02-11 10:11:12\n") % tuples


def templates(rng, n):
    for i in range(n):
        yield "mysqldump-shape", mysql(rng, 8), 8
        yield "mysql-inserts-only", "".join("INSERT INTO `members` (`id`, `username`, `email`, `password`, `phone`, `created_at`) VALUES (%s);\n" % quoted(person_row(rng, k)) for k in range(1, 7)), 6
        yield "mysql-tail-of-tuples", "INSERT INTO `users` VALUES " + ",\n".join("(%s)" % quoted(person_row(rng, k)) for k in range(1, 7)) + ";\n", 6
        yield "phpmyadmin", "-- phpMyAdmin SQL Dump\n-- version 5.2.1\n-- https://www.phpmyadmin.net/\n\nCREATE TABLE `customers` (`id` int(11), `name` varchar(99), `email` varchar(99), `password` char(32), `phone` text, `d` date);\n\nINSERT INTO `customers` (`id`, `name`, `email`, `password`, `phone`, `d`) VALUES\n" + \
            ",\n".join("(%s)" % quoted(person_row(rng, k)) for k in range(1, 7)) + ";\n", 6
        yield "mssql", "SET IDENTITY_INSERT [dbo].[Users] ON\nGO\n" + "".join("INSERT [dbo].[Users] ([Id], [UserName], [Email], [PasswordHash], [Phone], [Created]) VALUES (%d, N'%s', N'%s', N'%s', N'%s', N'%s')\nGO\n" % person_row(rng, k) for k in range(1, 6)) + "SET IDENTITY_INSERT [dbo].[Users] OFF\n", 5
        yield "oracle", "INSERT ALL\n" + "".join("  INTO customers (id, login, email, pass, phone, created) VALUES (%s)\n" % quoted(person_row(rng, k)) for k in range(1, 6)) + "SELECT * FROM dual;\n", 5
        yield "postgres-copy-only", "COPY public.users (id, username, email, password_hash, phone, created_at) FROM stdin;\n" + "".join("\t".join(map(str, person_row(rng, k))) + "\n" for k in range(1, 7)) + "\\.\n", 6
        yield "mongoexport", "".join(json.dumps({"_id": {"$oid": hexa(rng, 24)}, "name": person(rng), "email": mail(rng), "password": hexa(rng, 40), "createdAt": {"$date": "2023-01-02T03:04:05Z"}}) + "\n" for _ in range(5)), 5
        yield "ldif", "".join("dn: uid=%s,ou=people,dc=%s,dc=net\nobjectClass: inetOrgPerson\nuid: %s\ncn: %s\nmail: %s\nuserPassword:: %s\n\n" % (word(rng), word(rng), word(rng), person(rng), mail(rng), base64.b64encode(("{SSHA}" + base62(rng, 38)).encode()).decode()) for _ in range(4)), 4
        table = ["+----+----------+----------------------+----------------------------------+", "| id | username | email                | password                         |"]
        yield "mysql-console", "\n".join([table[0], table[1], table[0]] + ["| %2d | %-8s | %-20s | %s |" % (k, word(rng), mail(rng), hexa(rng, 32)) for k in range(1, 7)] + [table[0]]) + "\n6 rows in set (0.00 sec)\n", 6
        yield "sqlmap", "Database: shop\nTable: users\n[5 entries]\n+----+----------------------+----------------------------------+\n| id | email | password |\n+----+----------------------+----------------------------------+\n" + "".join("| %d | %s | %s |\n" % (k, mail(rng), hexa(rng, 32)) for k in range(1, 6)), 5
        yield "csv-of-people", "id,first_name,last_name,email,phone,address,date_of_birth\n" + "".join('%d,%s,%s,%s,"%s",%s\n' % (k, person(rng).replace(" ", ","), mail(rng), phone(rng), address(rng), date(rng)) for k in range(1, 9)), 8


def sqlite(rng, n):
    for i in range(min(n, 4)):
        yield "sqlite-dump", run("sqlite3", ":memory:", stdin="CREATE TABLE users(%s);\n%s\n.dump\n" % (COLUMNS, inserts(rng, "users", 6))), 6


def postgres(rng, n):
    server = os.environ.get("POSTGRES")
    own = None
    here = os.path.dirname(os.path.abspath(__file__))
    if not server:
        if tools.quick:
            tools.missing.add("pg_dump (no server was handed over in POSTGRES)")
            return
        own = server = subprocess.run([here + "/../postgres", "start"], capture_output=True, text=True).stdout.strip()
    if not server:
        tools.missing.add("pg_dump (PostgreSQL is not installed)")
        return
    base = "leaks_" + word(rng)
    address = server.replace("/postgres?", "/%s?" % base)
    try:
        run("psql", "-q", server, "-c", "CREATE DATABASE " + base)
        run("psql", "-q", address, stdin="CREATE TABLE users(%s);\n%s" % (COLUMNS, inserts(rng, "users", 6)))
        for i in range(min(n, 2)):
            yield "pg_dump", run("pg_dump", address), 6
            yield "pg_dump-inserts", run("pg_dump", "--column-inserts", address), 6
            yield "pg_dump-data", run("pg_dump", "--data-only", address), 6
    finally:
        try:
            run("psql", "-q", server, "-c", "DROP DATABASE IF EXISTS " + base)
        except Absent:
            pass
        if own:
            subprocess.run([here + "/../postgres", "stop", own])


def mariadb(rng, n):
    """A server without network in a folder that is thrown away."""
    with tools.folder() as folder:
        install, server, dump = tools.find("mariadb-install-db"), tools.find("mariadbd"), tools.find("mariadb-dump")
        user = ["--user=root"] if os.geteuid() == 0 else []
        subprocess.run([install, "--no-defaults", "--datadir=" + folder + "/data", "--auth-root-authentication-method=normal", "--skip-test-db", *user], capture_output=True, check=True)
        socket = folder + "/socket"
        running = subprocess.Popen([server, "--no-defaults", "--datadir=" + folder + "/data", "--socket=" + socket, "--skip-networking", *user], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            client = [tools.find("mariadb"), "--no-defaults", "--socket=" + socket, "--user=root"]
            for _ in range(100):  # until it answers
                if subprocess.run([*client, "-e", "SELECT 1"], capture_output=True).returncode == 0:
                    break
                time.sleep(0.2)
            script = "CREATE DATABASE shop; USE shop; CREATE TABLE users(id INT PRIMARY KEY, username TEXT, email TEXT, password_hash TEXT, phone TEXT, created_at TEXT);\n" + inserts(rng, "users", 6)
            run("mariadb", *client[1:], stdin=script)
            for arguments in ((), ("--skip-extended-insert",), ("--complete-insert", "--compact")):
                yield "mariadb-dump", subprocess.run([dump, "--no-defaults", "--socket=" + socket, "--user=root", *arguments, "shop"], capture_output=True, text=True, check=True).stdout, 6
        finally:
            running.terminate()
            running.wait()


def sql_look_alikes(rng, n):
    for i in range(n):
        yield "schema", "CREATE TABLE articles (\n  id serial PRIMARY KEY,\n  title text NOT NULL,\n  body text\n);\nCREATE INDEX %s ON articles (title);\n" % word(rng)
        yield "query", "SELECT u.id, count(*) FROM users u JOIN orders o ON o.user_id = u.id WHERE o.total > %s GROUP BY u.id;\n" % digits(rng, 2)
        yield "one-insert-in-a-lesson", "To add a row, write\n\n    INSERT INTO fruit (name, colour) VALUES ('%s', 'red');\n\nand then look at the table." % word(rng)
        yield "about-mysqldump", "Use mysqldump --single-transaction shop > shop.sql to make a copy; pg_dump does the same for the other one. " + prose(rng)
        yield "migration", "ALTER TABLE users ADD COLUMN email text;\nUPDATE users SET email = lower(email);\n-- %s\n" % word(rng)
        yield "json-config", json.dumps({"name": word(rng), "version": "1.2.3", "scripts": {"test": "make test"}, "author": person(rng)}, indent=2)
        yield "csv-of-measures", "time,temperature,pressure\n" + "".join("2023-01-%02d,%s.%s,10%s\n" % (k, digits(rng, 1), digits(rng, 1), digits(rng, 2)) for k in range(1, 15))


def b64(rng, length):
    return draw(rng, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", length)


def itoa(rng, length):
    return draw(rng, "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", length)


HASHES = {
    "argon2": lambda rng: "$argon2id$v=19$m=65536,t=3,p=4$" + b64(rng, 22) + "$" + b64(rng, 43),
    "django": lambda rng: "pbkdf2_sha256$600000$" + base62(rng, 22) + "$" + base64.b64encode(hashlib.pbkdf2_hmac("sha256", b"x" + rng.randbytes(8), b"salt", 1)).decode(),
    "phpass": lambda rng: "$P$B" + itoa(rng, 30), "phpbb": lambda rng: "$H$9" + itoa(rng, 30), "drupal": lambda rng: "$S$D" + itoa(rng, 51), "yescrypt": lambda rng: "$y$j9T$" + itoa(rng, 22) + "$" + itoa(rng, 43),
    "ssha": lambda rng: "{SSHA}" + base64.b64encode(rng.randbytes(28)).decode(), "mysql41": lambda rng: "*" + hexa(rng, 40).upper(), "mssql-2012": lambda rng: "0x0200" + hexa(rng, 8 + 128).upper(),
    "oracle-11g": lambda rng: "S:" + hexa(rng, 60).upper(), "krb5tgs": lambda rng: "$krb5tgs$23$*%s$%s$%s*$%s$%s" % (word(rng), word(rng).upper() + ".LOCAL", word(rng), hexa(rng, 32), hexa(rng, 600)),
    "krb5asrep": lambda rng: "$krb5asrep$23$%s@%s.LOCAL:%s$%s" % (word(rng), word(rng).upper(), hexa(rng, 32), hexa(rng, 400)), "dcc2": lambda rng: "$DCC2$10240#%s#%s" % (word(rng), hexa(rng, 32)),
    "netntlmv2": lambda rng: "%s::%s:%s:%s:0101000000000000%s" % (word(rng), word(rng).upper(), hexa(rng, 16), hexa(rng, 32), hexa(rng, 160)), "cisco-8": lambda rng: "username %s secret 8 $8$%s$%s" % (word(rng), itoa(rng, 14), itoa(rng, 43)),
    "cisco-5": lambda rng: "enable secret 5 $1$%s$%s" % (itoa(rng, 4), itoa(rng, 22)), "grub": lambda rng: "grub.pbkdf2.sha512.10000.%s.%s" % (hexa(rng, 128).upper(), hexa(rng, 128).upper()),
}


def hashes(rng, n):
    for name, make in HASHES.items():
        for i in range(n):
            yield name, make(rng) + "\n", 1
    for i in range(n):
        count = rng.choice((1, 4))
        yield "pwdump", "".join("%s:%d:aad3b435b51404eeaad3b435b51404ee:%s:::\n" % (word(rng), 1000 + k, hexa(rng, 32)) for k in range(count)), count
        yield "ntds", "%s.local\\%s:%d:aad3b435b51404eeaad3b435b51404ee:%s:::\n" % (word(rng), word(rng), rng.randrange(1100, 9999), hexa(rng, 32)), 1
        yield "shadow-shape", "%s:$6$%s$%s:19%s:0:99999:7:::\n" % (word(rng), itoa(rng, 16), itoa(rng, 86), digits(rng, 3)), 1
        yield "raw-list", "".join(hashlib.md5(password(rng).encode()).hexdigest() + "\n" for _ in range(12)), 12
        yield "cracked-list", "".join(hashlib.sha1(p.encode()).hexdigest() + ":" + p + "\n" for p in (password(rng, True) for _ in range(6))), 6


def made_by_tools(rng, n):
    for i in range(min(n, 3)):
        for flag, name in (("-1", "md5crypt"), ("-5", "sha256crypt"), ("-6", "sha512crypt"), ("-apr1", "apr1")):
            made = run("openssl", "passwd", flag, password(rng)).strip()
            yield name, made + "\n", 1
            yield "shadow-" + name, "%s:%s:19%s:0:99999:7:::\n" % (word(rng), made, digits(rng, 3)), 1
    if crypt:
        for i in range(min(n, 3)):
            for method in ("$2b$05$" + itoa(rng, 21) + "u", "$y$j75$" + itoa(rng, 22), "$7$9U..../...." + itoa(rng, 22)):
                made = crypt.crypt(password(rng), method)
                if made and not made.startswith("*"):
                    yield "crypt-" + method.split("$")[1], made + "\n", 1


def hash_look_alikes(rng, n):
    for i in range(n):
        yield "sha256sum", "".join("%s  %s-%s.tar.gz\n" % (hexa(rng, 64), word(rng), digits(rng, 1)) for _ in range(6))
        yield "md5sums", "".join("%s  usr/share/doc/%s/copyright\n" % (hexa(rng, 32), word(rng)) for _ in range(8))
        yield "git-log", "".join("%s %s\n" % (hexa(rng, 40), prose(rng, 1)) for _ in range(6))
        yield "integrity", json.dumps({"node_modules/" + word(rng): {"version": "1.0.0", "integrity": "sha512-" + base64.b64encode(rng.randbytes(64)).decode()}}, indent=2)
        yield "image-digests", "".join("FROM %s@sha256:%s\n" % (word(rng), hexa(rng, 64)) for _ in range(5))
        yield "pip-hashes", "%s==1.2 \\\n    --hash=sha256:%s \\\n    --hash=sha256:%s\n" % (word(rng), hexa(rng, 64), hexa(rng, 64))
        yield "etags", "".join('ETag: "%s"\n' % hexa(rng, 32) for _ in range(6))
        yield "passwd-file", "".join("%s:x:%d:%d::/home/%s:/bin/bash\n" % (word(rng), 1000 + k, 1000 + k, word(rng)) for k in range(5))
        yield "locked-shadow", "".join("%s:%s:19%s:0:99999:7:::\n" % (word(rng), rng.choice("!*"), digits(rng, 3)) for _ in range(5))
        yield "lock-file", "".join('[[package]]\nname = "%s"\nversion = "1.2.3"\nchecksum = "%s"\n\n' % (word(rng), hexa(rng, 64)) for _ in range(4))
        yield "package-index", "".join("Package: %s\nSize: %s\nMD5sum: %s\nSHA256: %s\n\n" % (word(rng), digits(rng, 6), hexa(rng, 32), hexa(rng, 64)) for _ in range(3))
        yield "uuids", "".join(uuid(rng) + "\n" for _ in range(8))
        yield "dpkg-checksums", "Checksums-Sha1:\n " + "\n ".join("%s %s %s_1.0.orig.tar.xz" % (hexa(rng, 40), digits(rng, 5), word(rng)) for _ in range(4)) + "\n"
        yield "colours-and-ids", "".join("#%s trace_id=%s\n" % (hexa(rng, 6), hexa(rng, 32)) for _ in range(6))


def rows(rng, n):
    for part in (templates, sqlite, postgres, mariadb if not tools.quick else lambda rng, n: ()):
        for kind, text, count in tools.available(part(rng, n)):
            yield "sql_dump", kind, text, True, count
    for kind, text in sql_look_alikes(rng, n):
        yield "sql_dump", kind, text, False, 0
    for part in (hashes, made_by_tools):
        for kind, text, count in tools.available(part(rng, n)):
            yield "password_hash", kind, text, True, count
    for kind, text in hash_look_alikes(rng, n):
        yield "password_hash", kind, text, False, 0
