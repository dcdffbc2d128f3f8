"""words - invents what a leak is made of: accounts, domains, passwords, and the prose around it

Everything is made of syllables and chance, so no row names a person or a company that exists.
"""

import string

ONSETS = "b br c ch d dr f fl g gr h j k kl l m n p pr r s sch sh st t tr v w z".split()
VOWELS = "a e i o u ai au ei ie oa".split()
CODAS = ["", "", "", "l", "n", "r", "s", "t", "x", "nd", "rt", "ck"]
TLDS = "com com com net org de fr es it nl pl ru co.uk com.br io info ch at cz se jp in biz email online museum cloud".split()
PROVIDERS = "gmail.com yahoo.com hotmail.com outlook.com gmx.de web.de mail.ru orange.fr libero.it proton.me".split()
SEASONS = "Summer Winter Dragon Monkey Shadow Falcon Tiger Hunter Silver Garden Soccer Coffee Purple Welcome".split()

PROSE = {
    "en": ["We met at the station and walked along the river until it was dark.", "The new release fixes a few bugs and adds a dark theme.",
           "Can somebody tell me how to set up the printer on this machine?", "It rained all weekend, so the match was put off.",
           "I have been reading about old lighthouses on the northern coast.", "Please restart the service after you have changed the file.",
           "The recipe needs two eggs, flour and a little butter.", "Here is what I found so far, more to come next week.",
           "My bicycle has a flat tyre again and the shop is closed.", "Thanks for the answer, that was it."],
    "de": ["Der Zug hatte wieder einmal zwanzig Minuten Verspätung.", "Kann mir jemand sagen, wie man das Gerät zurücksetzt?",
           "Am Wochenende fahren wir ans Meer.", "Die Sitzung ist auf Dienstag verschoben."],
    "fr": ["Le marché ouvre tous les samedis matin près de la gare.", "Je cherche une bonne recette de tarte aux pommes.",
           "La réunion est reportée à mardi.", "Merci pour votre réponse rapide."],
    "es": ["El autobús llegó tarde otra vez esta mañana.", "Busco un libro sobre la historia del puerto.", "La reunión pasa al martes.",
           "Gracias por la respuesta."],
}


def word(rng, syllables=2):
    return "".join(rng.choice(ONSETS) + rng.choice(VOWELS) + (rng.choice(CODAS) if i == syllables - 1 else "") for i in range(syllables))


def domain(rng):
    return rng.choice(PROVIDERS) if rng.random() < 0.4 else word(rng, rng.choice((2, 3))) + rng.choice(("", "", "-" + word(rng, 1))) + "." + rng.choice(TLDS)


def company(rng):
    return word(rng, 3).capitalize() + " " + rng.choice(("GmbH", "Ltd", "Inc.", "S.A.", "AG", "LLC", "Pictures"))


def account(rng):
    first, last = word(rng), word(rng)
    return rng.choice((first + "." + last, first + last, first[0] + last, first + "_" + last, first + str(rng.randrange(1, 2010)), last + "-" + first))


def person(rng):
    return word(rng).capitalize() + " " + word(rng).capitalize()


def mail(rng):
    return account(rng) + "@" + domain(rng)


def host(rng):
    return rng.choice(("www.", "login.", "accounts.", "mail.", "", "shop.")) + word(rng, 3) + "." + rng.choice(TLDS)


def url(rng):
    return rng.choice(("https://", "https://", "http://")) + host(rng) + rng.choice(("/", "/login", "/wp-login.php", "/signin?next=/home", ":8443/auth", ""))


def draw(rng, alphabet, length):
    return "".join(rng.choice(alphabet) for _ in range(length))


def digits(rng, length):
    return draw(rng, string.digits, length)


def hexa(rng, length):
    return draw(rng, "0123456789abcdef", length)


def base62(rng, length):
    return draw(rng, string.ascii_letters + string.digits, length)


def password(rng, strong=False):
    """A password as people choose them; strong: one that no reader takes for a word of a sentence."""
    shapes = [
        lambda: rng.choice(SEASONS) + rng.choice(("", "!", "#", "@")) + digits(rng, rng.choice((2, 4))) + rng.choice(("", "!", "$")),
        lambda: word(rng, 3) + digits(rng, rng.choice((1, 2, 3, 4))),
        lambda: base62(rng, rng.choice((8, 10, 12, 16))) + digits(rng, 1),
        lambda: draw(rng, string.ascii_letters + string.digits + "!#$%&*+-=?^_~", rng.choice((9, 12, 15))) + "7x",
        lambda: word(rng).capitalize() + rng.choice("!@#$*") + digits(rng, 3),
    ]
    weak = [lambda: word(rng, 3), lambda: digits(rng, rng.choice((6, 8, 9))), lambda: word(rng) + word(rng), lambda: rng.choice(SEASONS).lower()]
    return rng.choice(shapes if strong or rng.random() < 0.75 else weak)()


def prose(rng, sentences=2, lang=None):
    return " ".join(rng.choice(PROSE[lang or rng.choice(("en", "en", "en", "de", "fr", "es"))]) for _ in range(sentences))


def phone(rng):
    return rng.choice(("+1 555 01" + digits(rng, 2), "+49 30 " + digits(rng, 7), "+33 1 " + " ".join(digits(rng, 2) for _ in range(4)), "(0" + digits(rng, 3) + ") " + digits(rng, 6)))


def address(rng):
    return "%d %s Street, %s %s" % (rng.randrange(1, 300), word(rng).capitalize(), digits(rng, 5), word(rng, 3).capitalize())


def ipv4(rng):
    return rng.choice(("192.0.2.", "198.51.100.", "203.0.113.")) + str(rng.randrange(1, 255))


def uuid(rng):
    h = hexa(rng, 32)
    return "-".join((h[:8], h[8:12], "4" + h[13:16], "a" + h[17:20], h[20:]))


def date(rng, form="%d-%02d-%02d"):
    return form % (rng.randrange(1950, 2024), rng.randrange(1, 13), rng.randrange(1, 29))
