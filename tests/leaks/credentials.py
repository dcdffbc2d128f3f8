"""credentials - credential dumps and the records of information stealers"""

import hashlib
import json

from tools import available, run
from words import (account, base62, company, date, digits, domain, hexa, host, ipv4, mail, password, person, prose, url, uuid, word)

SEPARATORS = {"colon": ":", "semicolon": ";", "pipe": "|", "comma": ",", "tab": "\t", "blank": " "}


def secret(rng, sep, strong=False):
    """A password that does not hold the separator, as a line with it could not be read back."""
    return password(rng, strong).replace(sep, "9")


def lines(rng, make, count):
    return "\n".join(make() for _ in range(count)) + "\n"


def combos(rng, n):
    for name, sep in SEPARATORS.items():
        strong = name in ("comma", "blank", "tab")
        for i in range(n):
            one = lambda: mail(rng) + sep + secret(rng, sep, strong)
            yield "one-line-" + name, lines(rng, one, 1), 1
            count = rng.choice((3, 12, 40))
            yield "combo-" + name, lines(rng, one, count), count
    for i in range(n):
        yield "combo-spaced-separator", lines(rng, lambda: mail(rng) + rng.choice((" : ", " | ")) + secret(rng, ":", True), 8), 8
        yield "combo-user", lines(rng, lambda: account(rng) + ":" + secret(rng, ":", True), 15), 15
        yield "combo-pass-mail-tail", lines(rng, lambda: ":".join((mail(rng), secret(rng, ":"), rng.choice(("FR", "US", "DE")), digits(rng, 5))), 10), 10
        yield "combo-capture", lines(rng, lambda: mail(rng) + ":" + secret(rng, ":") + " | Plan = Premium | Expires = " + date(rng), 6), 6
        yield "combo-labelled", lines(rng, lambda: "Email: " + mail(rng) + " Password: " + secret(rng, ":", True), 4), 4
        yield "combo-defanged", lines(rng, lambda: mail(rng).replace(".", "[.]") + ":" + secret(rng, ":", True), 3), 3
        yield "ulp-defanged", lines(rng, lambda: url(rng).replace("http", "hxxp").replace(".", "[.]", 1) + ":" + mail(rng) + ":" + secret(rng, ":"), 3), 3
        head = rng.choice(("[+] %s COMBO LIST HQ [+]\n========================\n", "#### %s leaked, enjoy ####\n\n", "-- fresh %s db, 2 lines sample --\n")) % domain(rng)
        body = [mail(rng) + ":" + secret(rng, ":") for _ in range(20)]
        for at in (3, 9, 15):
            body.insert(at, rng.choice(("", "------", "more below", "t.me/" + word(rng, 3))))
        yield "combo-noise", head + "\n".join(body) + "\n", 20
        yield "combo-in-paragraph", prose(rng) + "\n\n" + mail(rng) + ":" + secret(rng, ":", True) + "\n\n" + prose(rng), 1


def hashed(rng, n):
    kinds = {
        "md5": lambda: hashlib.md5(password(rng).encode()).hexdigest(), "sha1": lambda: hashlib.sha1(password(rng).encode()).hexdigest(),
        "sha256": lambda: hashlib.sha256(password(rng).encode()).hexdigest(), "sha512": lambda: hashlib.sha512(password(rng).encode()).hexdigest(),
        "bcrypt": lambda: "$2y$10$" + base62(rng, 53), "ntlm": lambda: hexa(rng, 32).upper(),
    }
    for name, make in kinds.items():
        for i in range(n):
            count = rng.choice((1, 5, 20))
            yield "mail-" + name, lines(rng, lambda: mail(rng) + ":" + make(), count), count
    for i in range(n):
        yield "mail-hash-salt", lines(rng, lambda: mail(rng) + ":" + hexa(rng, 32) + ":" + base62(rng, rng.choice((5, 8, 30))), 6), 6
        yield "user-hash", lines(rng, lambda: account(rng) + ":" + hexa(rng, 32), 6), 6
        yield "id-user-mail-hash", lines(rng, lambda: ":".join((digits(rng, 5), account(rng), mail(rng), hexa(rng, 40))), 6), 6


def url_login_password(rng, n):
    shapes = {
        "colon": lambda: url(rng) + ":" + mail(rng) + ":" + secret(rng, ":"), "user": lambda: url(rng) + ":" + account(rng) + ":" + secret(rng, ":"),
        "pipe": lambda: url(rng) + "|" + mail(rng) + "|" + secret(rng, "|"), "no-scheme": lambda: host(rng) + "/login:" + mail(rng) + ":" + secret(rng, ":"),
        "android": lambda: "android://" + base62(rng, 60) + "==@com." + word(rng) + "." + word(rng) + "/:" + mail(rng) + ":" + secret(rng, ":"),
        "url-last": lambda: mail(rng) + ":" + secret(rng, ":") + ":" + url(rng), "blank": lambda: url(rng) + " " + mail(rng) + " " + secret(rng, " ", True),
        "semicolon": lambda: url(rng) + ";" + mail(rng) + ";" + secret(rng, ";"),
    }
    for name, make in shapes.items():
        for i in range(n):
            count = rng.choice((1, 1, 4, 25))
            yield "ulp-" + name, lines(rng, make, count), count


def columns(rng, n):
    for i in range(n):
        rows = [{"id": rng.randrange(10 ** 6), "username": account(rng), "email": mail(rng), "password": password(rng), "created_at": date(rng)} for _ in range(6)]
        yield "json-array", json.dumps(rows, indent=rng.choice((None, 2))), 6
        yield "json-lines", "".join(json.dumps(r) + "\n" for r in rows), 6
        yield "json-one", json.dumps({"user": {"email": rows[0]["email"], "password_hash": hexa(rng, 40), "name": person(rng)}}), 1
        for name, sep in (("csv", ","), ("csv-semicolon", ";"), ("tsv", "\t")):
            quote = rng.choice(('"', "")) if sep != "\t" else ""
            table = [rng.choice((["email", "password", "name"], ["E-mail", "Passwort", "Name"], ["user_email", "user_pass", "display_name"]))]
            table += [[mail(rng), secret(rng, sep), person(rng)] for _ in range(8)]
            yield name, "".join(sep.join(quote + f + quote for f in row) + "\n" for row in table), 8
        yield "browser-export", "name,url,username,password,note\n" + lines(rng, lambda: "%s,%s,%s,%s," % (host(rng), url(rng), mail(rng), secret(rng, ",")), 5), 5
        yield "xml", "<users>\n" + lines(rng, lambda: "  <user><email>%s</email><password>%s</password></user>" % (mail(rng), base62(rng, 10)), 4) + "</users>", 4


def htpasswd(rng, n):
    for flag, name in (("-m", "apr1"), ("-s", "sha"), ("-B", "bcrypt"), ("-5", "sha512")):
        for i in range(min(n, 4)):
            text = "".join(run("htpasswd", "-nb", flag, account(rng), password(rng)).strip() + "\n" for _ in range(rng.choice((1, 3))))
            yield "htpasswd-" + name, text, text.count("\n")


def look_alikes(rng, n):
    for i in range(n):
        a = [mail(rng) for _ in range(6)]
        yield "prose-after-colon", a[0] + ": thanks for your answer, we will look into it next week"
        yield "mail-headers", "From: %s <%s>\nTo: %s\nCc: %s, %s\nSubject: meeting on Tuesday\n\n%s\n" % (person(rng), a[0], a[1], a[2], a[3], prose(rng))
        yield "scp-and-git", "scp report.txt %s@%s:/srv/www/\ngit clone git@%s:%s/%s.git\n%s@%s:~/src$ make\n" % (
            word(rng), host(rng), host(rng), word(rng), word(rng), word(rng), word(rng))
        yield "package-versions", "".join("%s@%d.%d.%d: resolved from cache\n" % (word(rng), *(rng.randrange(20) for _ in "abc")) for _ in range(6))
        yield "authors", "".join("%s <%s>\n" % (person(rng), m) for m in a)
        yield "changelog", " -- %s <%s>  Tue, 14 Mar 2023 10:%02d:00 +0100\n" % (person(rng), a[0], rng.randrange(60))
        yield "maven", "".join("%s.%s:%s:%d.%d.%d\n" % (word(rng), word(rng), word(rng), *(rng.randrange(20) for _ in "abc")) for _ in range(6))
        yield "csv-without-password", "name,email,city\n" + "".join("%s,%s,%s\n" % (person(rng), m, word(rng).capitalize()) for m in a)
        yield "log-lines", "".join("2023-05-%02d 10:%02d:31 INFO mail: delivered to %s: 250 OK queued as %s\n" % (i % 28 + 1, rng.randrange(60), m, hexa(rng, 10)) for m in a)
        yield "yaml", "".join("%s: %s\n" % (word(rng), word(rng)) for _ in range(12))
        yield "urls-with-ports", "".join("%s http://%s:%d/%s\n" % (word(rng), host(rng), rng.randrange(1024, 65535), word(rng)) for _ in range(6))
        yield "password-form", "Email: your e-mail address\nPassword: at least eight characters\nRepeat password: the same again\n"
        yield "placeholders", "user@example.com:password\nDB_USER=changeme\nhttps://user:password@host.example.com/\n"
        yield "times", "".join("%s:%02d:%02d %s\n" % (word(rng), rng.randrange(24), rng.randrange(60), prose(rng, 1)) for _ in range(5))
        yield "contacts", "Press: %s, phone on request\nSales: %s, Mon-Fri\nJobs: %s; please no attachments\n" % (a[0], a[1], a[2])
        yield "proxies", "".join("%s:%d\n" % (ipv4(rng), rng.randrange(1024, 65535)) for _ in range(10))
        yield "owners-and-modes", "".join("chown %s:%s /srv/%s\nchmod 0640 /srv/%s\n" % (word(rng), word(rng), word(rng), word(rng)) for _ in range(4))
        yield "compose", "services:\n  %s:\n    image: %s:%d.%d\n    ports:\n      - \"%d:80\"\n    volumes:\n      - ./data:/var/lib/%s:ro\n" % (word(rng), word(rng), rng.randrange(9), rng.randrange(20), rng.randrange(1024, 9999), word(rng))
        yield "shortlog", "".join("%6d\t%s <%s>\n" % (rng.randrange(500), person(rng), m) for m in a)
        yield "vcard", "BEGIN:VCARD\nVERSION:3.0\nFN:%s\nEMAIL;TYPE=work:%s\nNOTE:%s\nEND:VCARD\n" % (person(rng), a[0], prose(rng, 1))
        yield "mail-and-uuid", "".join("%s,%s,%s\n" % (m, uuid(rng), date(rng)) for m in a)
        yield "mail-and-number", "".join("%s: %d messages\n" % (m, rng.randrange(500)) for m in a)
        yield "masked", "".join("%s:%s\n" % (m, "*" * rng.randrange(6, 12)) for m in a)
        yield "grep-output", "".join("src/%s.c:%d:%s(%s);\n" % (word(rng), rng.randrange(900), word(rng), word(rng)) for _ in range(8))
        yield "traceback", "".join('  File "/usr/lib/python3/%s.py", line %d, in %s\n    return %s(%s)\n' % (word(rng), rng.randrange(900), word(rng), word(rng), word(rng)) for _ in range(4)) + "ValueError: %s\n" % word(rng)
        yield "signed-off", "%s\n\nSigned-off-by: %s <%s>\nReviewed-by: %s <%s>\n" % (prose(rng), person(rng), a[0], person(rng), a[1])


def record(rng, style):
    fields = {"url": url(rng), "login": rng.choice((mail(rng), account(rng))), "pass": password(rng), "browser": rng.choice(("Google_[Chrome]_Default", "Mozilla Firefox", "Microsoft Edge (Default)", "Opera GX"))}
    return style.format(**fields)


RECORDS = {
    "redline": "URL: {url}\nUsername: {login}\nPassword: {pass}\nApplication: {browser}\n===============\n",
    "meta": "URL: {url}\nUsername: {login}\nPassword: {pass}\nApplication: {browser}\n----------------\n",
    "lumma": "Browser: {browser}\nURL: {url}\nLOGIN: {login}\nPASSWORD: {pass}\n\n",
    "vidar": "Soft: {browser}\nHost: {url}\nLogin: {login}\nPassword: {pass}\n\n",
    "raccoon": "URL: {url}\nUSR: {login}\nPASS: {pass}\n\n",
    "stealc": "browser: {browser}\nprofile: Default\nurl: {url}\nlogin: {login}\npassword: {pass}\n\n",
    "risepro": "Browser: {browser}\nUrl: {url}\nUsername: {login}\nPassword: {pass}\nProfile: Default\n\n",
    "soft": "SOFT:\t{browser}\nURL:\t{url}\nUSER:\t{login}\nPASS:\t{pass}\n\n",
    "hostname": "Hostname: {url}\nUsername: {login}\nPassword: {pass}\n\n",
}

SYSTEMS = {
    "redline": "Build ID: {word}\nIP: {ip}\nFileLocation: C:\\Users\\{user}\\AppData\\Local\\Temp\\{word}.exe\nUserName: {user}\nMachineName: DESKTOP-{id}\nCountry: FR\nZip Code: 75001\n"
               "Location: Paris\nHWID: {hex}\nCurrent Language: French (France)\nScreenSize: {{Width=1920, Height=1080}}\nTimeZone: (UTC+01:00)\nOperation System: Windows 10 Pro x64\n"
               "UAC: AllowAll\nProcess Elevation: False\nLog date: {date} 10:11:12\n\nAvailable KeyboardLayouts:\nFrench (France)\n\nHardwares:\nName: Intel(R) Core(TM) i5, 4 Cores\n\nAnti-Viruses:\nWindows Defender\n",
    "lumma": "- LummaC2 Build: Jan 12 2024\n- LID: {word}--{id}\n- Configuration: {uuid}\n- Path: C:\\Users\\{user}\\Downloads\\setup.exe\n\n- OS Version: Windows 11 (22631)\n- Local Date: {date}\n- Time Zone: UTC+1\n"
             "- Computer: DESKTOP-{id}\n- User: {user}\n- HWID: {hex}\n- Screen Resoluton: 1920x1080\n- Language: fr-FR\n- CPU Name: Intel(R) Core(TM) i5\n- Physical Installed Memory: 16384MB\n",
    "vidar": "Version: 4.1\n\nDate: {date} 1:2:3\nMachineID: {uuid}\nGUID: {{{uuid}}}\nHWID: {uuid}-{hex}\n\nPath: C:\\Users\\{user}\\AppData\\Local\\Temp\\{word}.exe\nWork Dir: In memory\n\nWindows: Windows 10 Home [x64]\n"
             "Install Date: {date}\nAV: Windows Defender\nComputer Name: DESKTOP-{id}\nUser Name: {user}\nDisplay Resolution: 1920x1080\nKeyboard Languages: French (France)\nLocal Time: {date} 1:2:3\nTimeZone: 1\n\n[Hardware]\nProcessor: Intel\n",
    "raccoon": "System Information: \n\t- Locale: French\n\t- Time zone: - local time\n\t- OS: Windows 10 Pro\n\t- Architecture: x64\n\t- CPU: Intel(R) Core(TM) i5 (4 cores)\n\t- RAM: 8065 MB\n\t- Display size: 1920x1080\n"
               "\t- Display Devices:\n\t\t0) Intel(R) HD Graphics\n\nInstalled Apps: \n\t- 7-Zip 19.00\n\nUser: {user}\nMachineGuid: {uuid}\n",
    "stealc": "Network Info:\n\t- IP: {ip}\n\t- Country: FR\n\nSystem Summary:\n\t- HWID: {hex}\n\t- OS: Windows 10 Pro\n\t- Architecture: x64\n\t- UserName: {user}\n\t- Computer Name: DESKTOP-{id}\n\t- Local Time: {date} 1:2:3\n"
              "\t- UTC: 1\n\t- Language: fr-FR\n\t- Keyboards: French\n\t- Laptop: FALSE\n\t- Running Path: C:\\Users\\{user}\\{word}.exe\n\t- CPU: Intel\n\t- Cores: 4\n\t- RAM: 8065 MB\n\t- Display Resolution: 1920x1080\n",
    "meta": "Build ID: {word}\nIP: {ip}\nFileLocation: C:\\Users\\{user}\\{word}.exe\nUserName: {user}\nCountry: DE\nHWID: {hex}\nCurrent Language: German (Germany)\nScreenSize: {{Width=1536, Height=864}}\n"
            "Operation System: Windows 11 Home x64\nLog date: {date} 1:2:3\n",
    "risepro": "Build: {word}\nVersion: 2.0\n\nDate: {date} 1:2:3\nMachineID: {uuid}\nGUID: {{{uuid}}}\nHWID: {hex}\n\nIP: {ip}\nLocation: FR, Paris\n\nPath: C:\\Users\\{user}\\{word}.exe\nWork Dir: C:\\Users\\{user}\\Temp\n"
               "Windows: Windows 10 Pro [x64]\nComputer Name: DESKTOP-{id}\nUser Name: {user}\nDisplay Resolution: 1920x1080\n",
}


def stealers(rng, n):
    for name, style in RECORDS.items():
        for i in range(n):
            count = rng.choice((1, 1, 3, 15))
            yield "record-" + name, "".join(record(rng, style) for _ in range(count)), count
    for name, style in SYSTEMS.items():
        for i in range(n):
            yield "system-" + name, style.format(word=word(rng, 3), ip=ipv4(rng), user=word(rng), id=base62(rng, 7).upper(), hex=hexa(rng, 32).upper(), uuid=uuid(rng), date="%d/%d/2024" % (rng.randrange(1, 13), rng.randrange(1, 29))), 1


def stealer_look_alikes(rng, n):
    for i in range(n):
        yield "form", "URL: the address of the page\nUsername: your name on it\nPassword: (kept in your keyring)\n"
        yield "systeminfo", ("Host Name:                 PC%s\nOS Name:                   Microsoft Windows 10 Pro\nOS Version:                10.0.19045 N/A Build 19045\nSystem Manufacturer:       %s\n"
                             "Time Zone:                 (UTC+01:00)\nTotal Physical Memory:     16,201 MB\n" % (digits(rng, 3), company(rng)))
        yield "article", "The stealer collects passwords, cookies and a HWID, and writes a file with the build id and the log date. " + prose(rng)
        yield "bug-report", "Version: 2.%d\nOS: Windows 10 x64\nScreen: 1920x1080\nLanguage: French\nSteps: open the menu, press the button\nURL: https://%s/issues\n" % (rng.randrange(9), host(rng))
        yield "masked-records", "URL: %s\nUsername: %s\nPassword: ********\n" % (url(rng), account(rng))
        yield "ci-log", "Login to registry\nUsername: %s-bot\nPassword: \nLogin Succeeded\n%s: Pulling from library/%s\n" % (word(rng), word(rng), word(rng))
        yield "docs-options", "URL       where the server is\nUSER      who logs in\nPASS      read from the terminal if it is empty\n"
        yield "machine-inventory", "Computer: server-%s\nCPU: 8 cores\nRAM: 32768 MB\nDisk: 512 GB\nRoom: %s\n" % (digits(rng, 2), digits(rng, 3))


def rows(rng, n):
    for part in (combos, hashed, url_login_password, columns, htpasswd):
        for kind, text, count in available(part(rng, n)):
            yield "credential_dump", kind, text, True, count
    for kind, text in look_alikes(rng, n):
        yield "credential_dump", kind, text, False, 0
    for kind, text, count in stealers(rng, n):
        yield "stealer_log", kind, text, True, count
    for kind, text in stealer_look_alikes(rng, n):
        yield "stealer_log", kind, text, False, 0
