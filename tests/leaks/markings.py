"""markings - documents with a marking at head or foot, company and national, and sentences that only speak of such"""

from words import company, date, digits, person, prose, word

COMPANY = {
    "en": ["CONFIDENTIAL", "STRICTLY CONFIDENTIAL", "COMPANY CONFIDENTIAL", "INTERNAL USE ONLY", "FOR INTERNAL USE ONLY", "PROPRIETARY AND CONFIDENTIAL", "Confidential - Do Not Distribute", "ATTORNEY-CLIENT PRIVILEGED",
           "TRADE SECRET", "RESTRICTED - INTERNAL", "NOT FOR PUBLIC RELEASE"],
    "de": ["VERTRAULICH", "STRENG VERTRAULICH", "NUR FÜR DEN INTERNEN GEBRAUCH", "NUR FÜR DEN DIENSTGEBRAUCH", "Firmengeheimnis - nicht weitergeben", "GEHEIM"],
    "fr": ["CONFIDENTIEL", "STRICTEMENT CONFIDENTIEL", "USAGE INTERNE UNIQUEMENT", "DIFFUSION RESTREINTE", "NE PAS DIFFUSER", "SECRET DÉFENSE"],
    "es": ["CONFIDENCIAL", "ESTRICTAMENTE CONFIDENCIAL", "USO INTERNO", "RESERVADO", "DIFUSIÓN LIMITADA"], "it": ["RISERVATO", "STRETTAMENTE CONFIDENZIALE", "SOLO PER USO INTERNO", "RISERVATISSIMO"],
    "pt": ["CONFIDENCIAL", "USO INTERNO", "ESTRITAMENTE CONFIDENCIAL"], "nl": ["VERTROUWELIJK", "STRIKT VERTROUWELIJK", "ALLEEN VOOR INTERN GEBRUIK", "DEPARTEMENTAAL VERTROUWELIJK"],
    "pl": ["POUFNE", "ŚCIŚLE TAJNE", "DO UŻYTKU WEWNĘTRZNEGO", "ZASTRZEŻONE"], "sv": ["KONFIDENTIELLT", "ENDAST FÖR INTERNT BRUK"], "ru": ["СОВЕРШЕННО СЕКРЕТНО", "КОНФИДЕНЦИАЛЬНО", "ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ", "СЕКРЕТНО", "КОММЕРЧЕСКАЯ ТАЙНА"],
    "uk": ["ДЛЯ СЛУЖБОВОГО КОРИСТУВАННЯ", "ЦІЛКОМ ТАЄМНО"], "zh": ["机密", "绝密", "内部资料 严禁外传"], "ja": ["社外秘", "極秘"], "tr": ["GİZLİ", "ÇOK GİZLİ", "HİZMETE ÖZEL"],
}
BANNERS = ["TOP SECRET//SI//NOFORN", "SECRET//NOFORN", "SECRET//REL TO USA, GBR", "CONFIDENTIAL//NOFORN", "TOP SECRET//HCS/TK//ORCON/NOFORN", "NATO CONFIDENTIAL", "NATO RESTRICTED", "COSMIC TOP SECRET", "CONFIDENTIEL UE / EU CONFIDENTIAL",
           "RESTREINT UE / EU RESTRICTED", "OFFICIAL-SENSITIVE", "UK SECRET", "CUI//SP-PRVCY", "UNCLASSIFIED//FOUO"]
TLP = ["TLP:RED", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP: RED"]
NOTICES = ["This document contains proprietary and confidential information of %s and may not be reproduced or disclosed without written permission.",
           "The information contained herein is confidential to %s. Unauthorized distribution is prohibited.", "Dieses Dokument ist Eigentum der %s und vertraulich zu behandeln. Weitergabe untersagt.",
           "Ce document est la propriété de %s et strictement confidentiel. Toute reproduction est interdite.", "Este documento es propiedad de %s y contiene información confidencial. Prohibida su difusión."]


def body(rng, lang):
    lang = lang if lang in ("de", "fr", "es") else "en"
    return "\n\n".join(prose(rng, 3, lang) for _ in range(3))


def document(rng, marking, lang):
    head = "%s\n%s\n\nProject %s, %s\nAuthor: %s\n\n" % (marking, company(rng), word(rng).capitalize(), date(rng), person(rng))
    shapes = (lambda: head + body(rng, lang) + "\n", lambda: body(rng, lang) + "\n\n" + marking + "\n", lambda: marking + " - Page 1 of %d\n\n" % rng.randrange(2, 40) + body(rng, lang) + "\n\n" + marking + "\n",
              lambda: "%s | %s | %s\n\n%s" % (company(rng), date(rng), marking, body(rng, lang)), lambda: "*** " + marking + " ***\n\n" + body(rng, lang), lambda: "[" + marking + "]\n" + body(rng, lang))
    return rng.choice(shapes)()


SENTENCES = ["The minister said the report had been marked confidential by mistake.", "Your data is kept strictly confidential and never sold.", "She whispered that it was top secret, and everybody laughed.",
             "The museum shows a page of a file that was once classified as secret.", "This setting is for internal use only and may change; see the header.", "Trade secrets are protected by law in most countries.",
             "All applications are treated in confidence.", "Ihre Angaben werden vertraulich behandelt.", "Der Bericht war lange als vertraulich eingestuft.", "Vos données restent confidentielles.",
             "Les documents classés secret défense sont rares dans ce livre.", "Los datos se tratan de forma confidencial.", "I dati sono trattati in modo riservato.", "Het gesprek is vertrouwelijk.",
             "Dane są poufne i nie będą udostępniane.", "Все ваши данные останутся конфиденциальными.", "The protocol has four colours: red is for the persons in the room, amber for their organisation.",
             "The proprietary driver is slower than the free one.", "The movie Top Secret! is from 1984.", "He asked for a restricted parking permit.", "Reservado el derecho de admisión.", "Mesa reservada para cuatro.",
             "The function is internal and must not be called by users.", "In the exam we learnt how NATO documents are classified.", "Confidential computing protects data in use.", "Private and confidential are two different words."]
CODE = ["/* Internal use only: do not call this function. */\nint %s_init(void);\n", "Copyright (c) 2019 %s\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software.\n",
        "# confidential: true means that the issue is not shown\nconfidential: false\nname: %s\n", "class %s(ConfidentialClientApplication):\n    pass\n", "- [x] secret santa list\n- [ ] internal use meter\n- [ ] buy %s\n"]


def rows(rng, n):
    share = max(1, n // 4)
    for lang, markings in COMPANY.items():
        for marking in markings if n > 4 else rng.sample(markings, min(2, len(markings))):
            for i in range(share):
                yield "doc_marker", "company-" + lang, document(rng, marking, lang), True, 1
    for marking in BANNERS:
        for i in range(share):
            yield "doc_marker", "national-banner", document(rng, marking, "en"), True, 1
    for marking in TLP:
        for i in range(share):
            yield "doc_marker", "tlp", document(rng, marking, "en"), True, 1
    for i in range(n):
        yield "doc_marker", "notice", body(rng, "en") + "\n\n" + rng.choice(NOTICES) % company(rng) + "\n", True, 1
        yield "doc_marker", "two-markings", "%s\n\n%s\n\nDo not distribute outside %s. Internal use only.\n" % (rng.choice(COMPANY["en"]), body(rng, "en"), company(rng)), True, 1
        yield "doc_marker", "source-header", "/*\n * Copyright (c) 20%s %s. All rights reserved.\n * This software is proprietary and confidential. Unauthorized copying is prohibited.\n */\nint %s(void);\n" % (digits(rng, 2), company(rng), word(rng)), True, 1
        yield "doc_marker", "sentence", prose(rng) + " " + rng.choice(SENTENCES) + " " + prose(rng, 1), False, 0
        yield "doc_marker", "sentence-alone", rng.choice(SENTENCES), False, 0
        yield "doc_marker", "code", rng.choice(CODE) % word(rng), False, 0
        yield "doc_marker", "mail-footer", prose(rng) + "\n\n-- \nThis e-mail may contain confidential information. If you are not the intended recipient, please delete it.\n", False, 0
        yield "doc_marker", "headline", "MINISTER DENIES SECRET TALKS\n\n" + prose(rng, 3), False, 0
