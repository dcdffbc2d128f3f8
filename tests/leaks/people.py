"""people - national identifiers of 60 kinds, passports (ICAO 9303) and personal records

The check digits are those of python-stdnum; of kinds that it does not know they are computed here as the issuing office describes them.
"""

import importlib
import string

from money import luhn
from words import address, company, date, digits, draw, mail, person, phone, prose, word

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


def summed(number, weights, modulus=10):
    return sum(int(d) * w for d, w in zip(number, weights)) % modulus


def npi(number):
    return luhn("80840" + number)


def dea(number):
    d = [int(c) for c in number[2:]]
    return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]


def nino(number):
    return not set(number[:2]) & set("DFIQUV") and number[1] != "O" and number[:2] not in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ") and number[-1] in "ABCD"


def nric(number):
    rest = (summed(number[1:8], (2, 7, 6, 5, 4, 3, 2), 11) + (4 if number[0] in "TG" else 0)) % 11
    return number[8] == ("JZIHGFEDCBA" if number[0] in "ST" else "XWUTRQPNMLK")[rest]


def my_number(number):
    rest = summed(number[:11], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2), 11)
    return int(number[11]) == (0 if rest < 2 else 11 - rest)


def medicare(number):
    return number[0] in "23456" and summed(number[:8], (1, 3, 7, 9, 1, 3, 7, 9)) == int(number[8])


def snils(number):
    plain = [c for c in number if c.isdigit()]
    return sum(int(d) * (9 - i) for i, d in enumerate(plain[:9])) % 101 % 100 == int("".join(plain[9:]))


def insurance(number):
    """German Rentenversicherungsnummer: the letter counts as two digits, and of each product the digits are added."""
    spread = number[:8] + "%02d" % (UPPER.index(number[8]) + 1) + number[9:11]
    products = [int(d) * w for d, w in zip(spread, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1))]
    return sum(p // 10 + p % 10 for p in products) % 10 == int(number[11])


def identity_card(number):
    return not set(number) & set("ABDEIOQSU") and number[0] in "LMNPRTVWXY" and weights(number[:9]) == number[9]


def taj(number):
    plain = number.replace(" ", "")
    return summed(plain[:8], (3, 7) * 4) == int(plain[8])


def mbi(number):
    return number[0] in "123456789" and not set(number) & set("SLOIBZ")


# Of these the check is ours; the last column says whether there is a check digit that can be wrong.
OWN = {
    "us-npi": (npi, True), "us-dea": (dea, True), "gb-nino": (nino, False), "sg-nric": (nric, True), "jp-my-number": (my_number, True), "au-medicare": (medicare, True), "ru-snils": (snils, True), "de-rvnr": (insurance, True),
    "de-ausweis": (identity_card, True), "hu-taj": (taj, True), "us-mbi": (mbi, False),
}
KINDS += [
    ("us-npi", None, ["1999999999"], ["NPI", "national provider identifier"]), ("us-dea", None, ["B~9999999", "A~9999999"], ["DEA number", "DEA"]),
    ("gb-nino", None, ["~~999999~", "~~ 99 99 99 ~"], ["NINO", "National Insurance number", "NI number"]), ("sg-nric", None, ["S9999999~", "T9999999~", "G9999999~"], ["NRIC", "NRIC/FIN"]),
    ("jp-my-number", None, ["999999999999"], ["マイナンバー", "個人番号", "My Number"]), ("au-medicare", None, ["9999999999"], ["Medicare number", "Medicare card"]), ("ru-snils", None, ["999-999-999 99", "99999999999"], ["СНИЛС", "SNILS"]),
    ("de-rvnr", None, ["99" + DDMMYY + "~999"], ["Rentenversicherungsnummer", "Sozialversicherungsnummer", "RVNR"]), ("de-ausweis", None, ["~99~99~999", "L~~99~9999"], ["Personalausweis", "Ausweisnummer", "German identity card"]),
    ("hu-taj", None, ["999999999", "999 999 999"], ["TAJ szám", "TAJ"]), ("us-mbi", None, ["9~~9~~9~~99", "9~99~99~~99"], ["MBI", "Medicare beneficiary identifier"]),
]


def valid(kind, number):
    own = OWN.get(kind[0])
    return own[0](number) if own else importlib.import_module("stdnum." + kind[1]).is_valid(number)


# Shapes that say what they are: there a number without words beside it is a find all the same.
SELF_EVIDENT = ("it-codice-fiscale", "mx-curp", "in-pan", "fr-nir", "cn-ric", "ch-ahv", "br-cpf", "br-cnpj", "fi-hetu", "se-personnummer", "kr-rrn", "us-ssn", "us-itin", "es-dni", "es-nie", "ar-cuit", "cl-rut",
                "lv-personas-kods", "ie-pps", "th-pin", "co-nit", "my-nric", "ro-cnp", "is-kennitala", "dk-cpr", "cz-rodne-cislo", "pe-cui", "gb-nino", "sg-nric", "ru-snils", "us-mbi", "us-dea", "de-rvnr")


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
    module = importlib.import_module("stdnum." + path) if path else None
    for _ in range(4000):
        text = rng.choice(patterns)
        made = SPECIAL[name](rng, text, module) if name in SPECIAL else pattern(rng, text)
        if valid(kind, made) and len(set(made)) > 4:
            return made
    return None


def invalid(rng, kind, number):
    for _ in range(200):
        at = rng.randrange(len(number) // 3, len(number))
        if number[at].isdigit():
            made = number[:at] + digits(rng, 1) + number[at + 1:]
            if not valid(kind, made):
                return made
    return None


def beside(rng, kind, made):
    context = rng.choice(kind[3])
    return rng.choice(("%s: %s\n" % (context, made), "%s %s\n" % (context, made), "Name: %s\n%s: %s\nTel: %s\n" % (person(rng), context, made, phone(rng)), '{"name": "%s", "%s": "%s"}\n' % (person(rng), context, made),
                       "%s, %s %s, %s\n" % (person(rng), context, made, mail(rng)), "name;%s;mail\n%s;%s;%s\n" % (context, person(rng), made, mail(rng))))


def identifiers(rng, n):
    for kind in KINDS:
        checked = kind[0] not in ("us-ssn", "us-itin", "in-pan", "dk-cpr", "my-nric") and OWN.get(kind[0], (None, True))[1]
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


DOX = [("Full name", person), ("DOB", lambda rng: day(rng, "{d:02d}/{m:02d}/{y}")), ("Phone", phone), ("Email", mail), ("Address", address), ("Employer", company), ("School", lambda rng: word(rng).capitalize() + " High School"),
       ("IP", lambda rng: "192.0.2." + digits(rng, 1)), ("Facebook", lambda rng: "https://facebook.example/" + word(rng, 3)), ("Mother", person), ("Car plate", lambda rng: word(rng, 1).upper() + " " + digits(rng, 4)),
       ("SSN", lambda rng: "5" + digits(rng, 2) + "-4" + digits(rng, 1) + "-8" + digits(rng, 3))]


def doxes(rng, n):
    for i in range(n):
        fields = [DOX[0], *sorted(rng.sample(DOX[1:], rng.randrange(5, 10)), key=DOX.index)]
        style = rng.choice(("%s: %s\n", "[+] %s: %s\n", "- %s - %s\n", "%s ........ %s\n", "**%s:** %s\n"))
        yield "labelled", "".join(style % (name, make(rng)) for name, make in fields)
        yield "labelled-with-head", "=== DOX OF %s ===\n\n" % person(rng).upper() + "".join("%s: %s\n" % (name, make(rng)) for name, make in fields)
        yield "german", "Name: %s\nGeburtsdatum: %s\nAnschrift: %sstr. %d, 10115 %s\nTelefon: %s\nE-Mail: %s\nArbeitgeber: %s\n" % (
            person(rng), day(rng, "{d:02d}.{m:02d}.{y}"), word(rng).capitalize(), rng.randrange(1, 99), word(rng).capitalize(), phone(rng), mail(rng), company(rng))
        yield "french", "Nom: %s\nDate de naissance: %s\nAdresse: %d rue %s, 75011 Paris\nTéléphone: %s\nMail: %s\nTravaille chez: %s\n" % (
            person(rng), day(rng, "{d:02d}/{m:02d}/{y}"), rng.randrange(1, 99), word(rng).capitalize(), phone(rng), mail(rng), company(rng))


def dox_look_alikes(rng, n):
    for i in range(n):
        yield "empty-form", "Full name:\nDate of birth:\nPhone:\nEmail:\nAddress:\nEmployer:\n"
        yield "imprint", "%s\n%s\nPhone: %s\nE-mail: %s\nManaging director: %s\nVAT ID on request\n" % (company(rng), address(rng), phone(rng), mail(rng), person(rng))
        yield "event", "Speaker: %s\nDate: %s\nPlace: %s Hall\nTopic: %s\nEntry: free\n" % (person(rng), date(rng), word(rng).capitalize(), prose(rng, 1))
        yield "package", "Name: %s\nVersion: 1.%s\nSummary: %s\nAuthor: %s\nAuthor-email: %s\nLicense: MIT\nHome-page: https://%s.example/\n" % (word(rng), digits(rng, 1), prose(rng, 1), person(rng), mail(rng), word(rng))
        yield "character-sheet", "Name: %s the Bold\nClass: wizard\nLevel: %s\nHome: castle of %s\nWeapon: staff\nHobby: chess\n" % (word(rng).capitalize(), digits(rng, 1), word(rng).capitalize())


def rows(rng, n):
    for kind, text in doxes(rng, n):
        yield "dox", kind, text, True, 1
    for kind, text in dox_look_alikes(rng, n):
        yield "dox", kind, text, False, 0
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
