"""people - national identifiers with the check digits of 40 and more kinds (the oracle is python-stdnum), and passports (ICAO 9303)"""

import importlib
import string

from words import digits, draw, mail, password, person, phone, prose, word

UPPER = string.ascii_uppercase


def day(rng, form):
    y, m, d = rng.randrange(1940, 2005), rng.randrange(1, 13), rng.randrange(1, 29)
    return form.format(y=y, yy=y % 100, m=m, d=d)


def pattern(rng, text):
    """9 a digit, A a letter, {..} a date, everything else itself."""
    text = day(rng, text) if "{" in text else text
    return "".join(digits(rng, 1) if c == "9" else rng.choice(UPPER) if c == "~" else c for c in text)


YYMMDD = "{yy:02d}{m:02d}{d:02d}"
DDMMYY = "{d:02d}{m:02d}{yy:02d}"
YYYYMMDD = "{y}{m:02d}{d:02d}"

# kind, module of stdnum, patterns (the first is usual, the others the same number written with separators), words beside it
KINDS = [
    ("us-ssn", "us.ssn", ["999-99-9999"], ["SSN", "social security number"]),
    ("us-itin", "us.itin", ["999-99-9999"], ["ITIN", "taxpayer identification number"]),
    ("gb-nhs", "gb.nhs", ["9999999999", "999 999 9999"], ["NHS number", "NHS no"]),
    ("gb-utr", "gb.utr", ["9999999999"], ["UTR", "unique taxpayer reference"]),
    ("de-idnr", "de.idnr", ["99999999999", "99 999 999 999"], ["Steuer-ID", "Steueridentifikationsnummer", "IdNr", "German tax ID"]),
    ("fr-nir", "fr.nir", ["1{yy:02d}{m:02d}75999999.."], ["numéro de sécurité sociale", "NIR", "n° sécu", "French social security number"]),
    ("es-dni", "es.dni", ["99999999~"], ["DNI", "NIF", "documento nacional de identidad", "Spanish ID"]),
    ("es-nie", "es.nie", ["X9999999~", "Y9999999~"], ["NIE", "número de extranjero"]),
    ("it-codice-fiscale", "it.codicefiscale", ["it"], ["codice fiscale", "C.F.", "Italian tax code"]),
    ("nl-bsn", "nl.bsn", ["999999999"], ["BSN", "burgerservicenummer", "sofinummer"]),
    ("be-nn", "be.nn", [YYMMDD + "999.."], ["rijksregisternummer", "numéro national", "numéro de registre national", "Belgian national number"]),
    ("pl-pesel", "pl.pesel", [YYMMDD + "99999"], ["PESEL", "numer PESEL"]),
    ("pl-nip", "pl.nip", ["9999999999", "999-999-99-99"], ["NIP"]),
    ("se-personnummer", "se.personnummer", [YYMMDD + "-9999", YYYYMMDD + "-9999", YYYYMMDD + "9999"], ["personnummer", "Swedish personal number"]),
    ("dk-cpr", "dk.cpr", [DDMMYY + "-9999", DDMMYY + "9999"], ["CPR", "CPR-nummer", "personnummer"]),
    ("fi-hetu", "fi.hetu", [DDMMYY + "-999~", DDMMYY + "-9999"], ["henkilötunnus", "hetu", "Finnish personal identity code"]),
    ("no-fodselsnummer", "no.fodselsnummer", [DDMMYY + "99999", DDMMYY + " 99999"], ["fødselsnummer", "personnummer", "Norwegian national ID"]),
    ("pt-nif", "pt.nif", ["999999999"], ["NIF", "contribuinte", "número de identificação fiscal"]),
    ("cz-rodne-cislo", "cz.rc", [YYMMDD + "/9999", YYMMDD + "9999"], ["rodné číslo", "r.č.", "birth number"]),
    ("ro-cnp", "ro.cnp", ["1" + YYMMDD + "129999", "2" + YYMMDD + "409999"], ["CNP", "cod numeric personal"]),
    ("bg-egn", "bg.egn", [YYMMDD + "9999"], ["ЕГН", "EGN", "единен граждански номер"]),
    ("gr-amka", "gr.amka", [DDMMYY + "99999"], ["ΑΜΚΑ", "AMKA"]),
    ("hr-oib", "hr.oib", ["99999999999"], ["OIB", "osobni identifikacijski broj"]),
    ("ie-pps", "ie.pps", ["9999999~", "9999999~A"], ["PPS number", "PPSN"]),
    ("at-svnr", "at.vnr", ["9999" + DDMMYY], ["Sozialversicherungsnummer", "SVNR", "Austrian social insurance number"]),
    ("ch-ahv", "ch.ssn", ["756.9999.9999.99", "7569999999999"], ["AHV-Nummer", "AHV", "numéro AVS", "Swiss social security number"]),
    ("lt-asmens-kodas", "lt.asmens", ["3" + YYMMDD + "9999", "4" + YYMMDD + "9999"], ["asmens kodas", "Lithuanian personal code"]),
    ("lv-personas-kods", "lv.pvn", [DDMMYY + "-19999", DDMMYY + "19999"], ["personas kods", "Latvian personal code"]),
    ("ee-isikukood", "ee.ik", ["3" + YYMMDD + "9999", "4" + YYMMDD + "9999"], ["isikukood", "Estonian personal code"]),
    ("is-kennitala", "is_.kennitala", [DDMMYY + "-9999"], ["kennitala"]),
    ("ca-sin", "ca.sin", ["999 999 999", "999-999-999", "999999999"], ["SIN", "social insurance number", "numéro d'assurance sociale"]),
    ("au-tfn", "au.tfn", ["999 999 999", "999999999"], ["TFN", "tax file number"]),
    ("nz-ird", "nz.ird", ["99-999-999", "99999999"], ["IRD number", "IRD"]),
    ("za-id", "za.idnr", [YYMMDD + "9999089"], ["South African ID", "ID number", "identiteitsnommer"]),
    ("in-aadhaar", "in_.aadhaar", ["9999 9999 9999", "999999999999"], ["Aadhaar", "आधार", "UIDAI"]),
    ("in-pan", "in_.pan", ["~~~P~9999~"], ["PAN", "permanent account number"]),
    ("br-cpf", "br.cpf", ["999.999.999-99", "99999999999"], ["CPF", "cadastro de pessoas físicas"]),
    ("br-cnpj", "br.cnpj", ["99.999.999/0001-99"], ["CNPJ"]),
    ("mx-curp", "mx.curp", ["~O~~" + YYMMDD + "HDFBCD09", "~A~~" + YYMMDD + "MJCLNR09"], ["CURP", "clave única de registro de población"]),
    ("ar-cuit", "ar.cuit", ["20-99999999-9", "27999999999"], ["CUIT", "CUIL"]),
    ("cl-rut", "cl.rut", ["99.999.999-9", "99999999-K", "99999999-9"], ["RUT", "RUN", "rol único tributario"]),
    ("co-nit", "co.nit", ["999.999.999-9", "999999999-9"], ["NIT", "número de identificación tributaria"]),
    ("cn-ric", "cn.ric", ["110101" + YYYYMMDD + "9999", "310101" + YYYYMMDD + "999X"], ["身份证", "身份证号码", "Chinese ID card"]),
    ("kr-rrn", "kr.rrn", [YYMMDD + "-1999999", YYMMDD + "-2999999"], ["주민등록번호", "resident registration number"]),
    ("th-pin", "th.pin", ["9-9999-99999-99-9", "9999999999999"], ["เลขประจำตัวประชาชน", "Thai national ID"]),
    ("tr-tckn", "tr.tckimlik", ["99999999999"], ["TC kimlik no", "T.C. Kimlik Numarası", "TCKN"]),
    ("il-id", "il.idnr", ["999999999"], ["תעודת זהות", "teudat zehut", "Israeli ID"]),
    ("ru-inn", "ru.inn", ["999999999999", "9999999999"], ["ИНН", "INN"]),
    ("ua-rnokpp", "ua.rntrc", ["9999999999"], ["РНОКПП", "ІПН", "ідентифікаційний код"]),
    ("my-nric", "my.nric", [YYMMDD + "-14-9999"], ["NRIC", "MyKad", "kad pengenalan"]),
    ("pe-cui", "pe.cui", ["99999999-9"], ["DNI", "CUI"]),
]
# Shapes that say what they are: there a number without words beside it is a find all the same.
SELF_EVIDENT = ("it-codice-fiscale", "mx-curp", "in-pan", "fr-nir", "cn-ric", "ch-ahv", "br-cpf", "br-cnpj", "fi-hetu", "se-personnummer", "kr-rrn", "us-ssn", "us-itin", "es-dni", "es-nie", "ar-cuit", "cl-rut",
                "lv-personas-kods", "ie-pps", "th-pin", "co-nit", "my-nric", "ro-cnp", "is-kennitala", "dk-cpr", "cz-rodne-cislo", "pe-cui")


def french(rng, text, module):
    body = pattern(rng, text).replace("..", "")
    return body + "%02d" % (97 - int(body) % 97)


def belgian(rng, text, module):
    body = pattern(rng, text).replace("..", "")
    return body + "%02d" % (97 - int(body) % 97)


def italian(rng, text, module):
    consonants = "BCDFGLMNPRSTVZ"
    body = draw(rng, consonants, 6) + "%02d" % rng.randrange(40, 100) + rng.choice("ABCDEHLMPRST") + "%02d" % rng.randrange(1, 29) + rng.choice("FHL") + "%03d" % rng.randrange(100, 900)
    return body + module.calc_check_digit(body)


SPECIAL = {"fr-nir": french, "be-nn": belgian, "it-codice-fiscale": italian}


def number(rng, kind):
    """A valid one, or None after so many tries."""
    name, path, patterns, _ = kind
    module = importlib.import_module("stdnum." + path)
    for _ in range(4000):
        text = rng.choice(patterns)
        made = SPECIAL[name](rng, text, module) if name in SPECIAL else pattern(rng, text)
        if module.is_valid(made) and len(set(made)) > 4:
            return made
    return None


def invalid(rng, kind, valid):
    module = importlib.import_module("stdnum." + kind[1])
    for _ in range(200):
        at = rng.randrange(len(valid))
        if valid[at].isdigit():
            made = valid[:at] + digits(rng, 1) + valid[at + 1:]
            if not module.is_valid(made):
                return made
    return None


def beside(rng, kind, made):
    context = rng.choice(kind[3])
    return rng.choice(("%s: %s\n" % (context, made), "%s %s\n" % (context, made), "Name: %s\n%s: %s\nTel: %s\n" % (person(rng), context, made, phone(rng)), '{"name": "%s", "%s": "%s"}\n' % (person(rng), context, made),
                       "%s, %s %s, %s\n" % (person(rng), context, made, mail(rng)), "name;%s;mail\n%s;%s;%s\n" % (context, person(rng), made, mail(rng))))


def identifiers(rng, n):
    for kind in KINDS:
        checked = kind[0] not in ("us-ssn", "us-itin", "in-pan", "dk-cpr", "my-nric")
        for i in range(n):
            made = number(rng, kind)
            if not made:
                yield "skipped", kind[0] + ": no valid number was found", "", False
                break
            yield "national_id", kind[0], beside(rng, kind, made), True
            wrong = invalid(rng, kind, made) if checked else None
            if wrong:
                yield "national_id", kind[0] + "-wrong-check", "%s: %s\n" % (rng.choice(kind[3]), wrong), False
            if kind[0] not in SELF_EVIDENT:
                yield "national_id", kind[0] + "-no-context", rng.choice(("The part %s was replaced last week.\n", "Artikel %s ist wieder lieferbar.\n", "ref. %s\n", "build %s finished\n")) % made, False


def weights(text):
    values = {c: i for i, c in enumerate(string.digits + UPPER)}
    return str(sum(values.get(c, 0) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)


def field(text):
    return text + weights(text)


def passport(rng, wrong=False):
    """TD3: two lines of 44."""
    country = rng.choice(("UTO", "D<<", "FRA", "GBR", "USA", "ESP"))
    first = ("P<%s%s<<%s" % (country, word(rng, 3).upper(), word(rng).upper())).ljust(44, "<")[:44]
    book, birth, until, personal = draw(rng, UPPER + string.digits, 9), day(rng, YYMMDD), "%02d0512" % rng.randrange(25, 34), "<" * 14
    parts = [field(book), country, field(birth), rng.choice("MF<"), field(until), personal, "<"]
    composite = parts[0] + parts[2] + parts[4] + personal + "<"
    second = "".join(parts) + weights(composite)
    if wrong:
        second = second[:9] + str((int(second[9]) + 3) % 10) + second[10:43] + str((int(second[43]) + 4) % 10)
    return first + "\n" + second + "\n"


def card(rng):
    """TD1: three lines of 30."""
    country = rng.choice(("UTO", "D<<", "FRA", "ESP"))
    first = ("I<" + country + field(draw(rng, UPPER + string.digits, 9))).ljust(30, "<")
    second = (field(day(rng, YYMMDD)) + rng.choice("MF") + field("%02d0512" % rng.randrange(25, 34)) + country).ljust(29, "<")
    second += weights(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    return first + "\n" + second + "\n" + (word(rng, 3).upper() + "<<" + word(rng).upper()).ljust(30, "<") + "\n"


def dox(rng):
    return ("Full name: %s\nDOB: %s\nPhone: %s\nEmail: %s\nAddress: 12 %s Road, %s\nEmployer: %s\nFacebook: https://facebook.example/%s\nIP: 192.0.2.7\n" % (
        person(rng), day(rng, "{d:02d}/{m:02d}/{y}"), phone(rng), mail(rng), word(rng).capitalize(), word(rng).capitalize(), word(rng), word(rng)))


def rows(rng, n):
    for i in range(n):
        yield "passport", "td3", passport(rng), True, 1
        yield "passport", "td1", card(rng), True, 1
        yield "passport", "td3-wrong-check", passport(rng, True), False, 0
        yield "passport", "fill", "%s<<<<<<<<<<<<<<<<<<<<<<<<<<%s\n" % (word(rng).upper(), prose(rng, 1)), False, 0
    try:
        import stdnum  # Debian: python3-stdnum
    except ImportError:
        yield "skipped", "national identifiers: python3-stdnum is not installed", "", False, 0
        return
    for family, kind, text, expect in identifiers(rng, n):
        yield family, kind, text, expect, 1 if expect else 0
