/* fields.c - what a field of a record says of a person */
#include "classify/fields.h"

#include <string.h>

#include "classify/validate.h"

enum { LABEL = 48, WORDS = 5, OLDEST = 1925, YOUNGEST = 2016 };

/* Words of labels, in byte order; capitals are made small, other scripts stand as they are mostly written. */
static const struct {
	const char *word;
	enum field field;
} words[] = {
	{ "aadhaar", FIELD_NATIONAL },
	{ "account", FIELD_ID },
	{ "addr", FIELD_ADDRESS },
	{ "address", FIELD_ADDRESS },
	{ "addresse", FIELD_ADDRESS },
	{ "adres", FIELD_ADDRESS },
	{ "adresse", FIELD_ADDRESS },
	{ "age", FIELD_AGE },
	{ "aka", FIELD_ALIAS },
	{ "alias", FIELD_ALIAS },
	{ "aliases", FIELD_ALIAS },
	{ "alignment", FIELD_PUBLIC },
	{ "allergies", FIELD_HEALTH },
	{ "alter", FIELD_AGE },
	{ "anschrift", FIELD_ADDRESS },
	{ "apellido", FIELD_NAME },
	{ "apellidos", FIELD_NAME },
	{ "arbeitgeber", FIELD_WORK },
	{ "auto", FIELD_CAR },
	{ "bank", FIELD_BANK },
	{ "bic", FIELD_BANK },
	{ "birth", FIELD_BIRTH },
	{ "birthdate", FIELD_BIRTH },
	{ "birthday", FIELD_BIRTH },
	{ "birthyear", FIELD_BIRTH },
	{ "blood", FIELD_HEALTH },
	{ "bonus", FIELD_PAY },
	{ "born", FIELD_BIRTH },
	{ "boyfriend", FIELD_FAMILY },
	{ "brother", FIELD_FAMILY },
	{ "brutto", FIELD_PAY },
	{ "bsn", FIELD_NATIONAL },
	{ "car", FIELD_CAR },
	{ "cardnumber", FIELD_BANK },
	{ "ccnumber", FIELD_BANK },
	{ "cell", FIELD_PHONE },
	{ "cellphone", FIELD_PHONE },
	{ "celular", FIELD_PHONE },
	{ "children", FIELD_FAMILY },
	{ "clabe", FIELD_BANK },
	{ "class", FIELD_PUBLIC },
	{ "client", FIELD_ID },
	{ "cognome", FIELD_NAME },
	{ "compensation", FIELD_PAY },
	{ "contrase\xc3\xb1"
	  "a",
	  FIELD_SECRET },
	{ "correo", FIELD_MAIL },
	{ "courriel", FIELD_MAIL },
	{ "cpf", FIELD_NATIONAL },
	{ "creditcard", FIELD_BANK },
	{ "curp", FIELD_NATIONAL },
	{ "cust", FIELD_ID },
	{ "customer", FIELD_ID },
	{ "cvc", FIELD_BANK },
	{ "cvv", FIELD_BANK },
	{ "dateofbirth", FIELD_BIRTH },
	{ "datore", FIELD_WORK },
	{ "daughter", FIELD_FAMILY },
	{ "diagnose", FIELD_HEALTH },
	{ "diagnosis", FIELD_HEALTH },
	{ "direccion", FIELD_ADDRESS },
	{ "direcci\xc3\xb3n", FIELD_ADDRESS },
	{ "discord", FIELD_SOCIAL },
	{ "displayname", FIELD_NAME },
	{ "dni", FIELD_NATIONAL },
	{ "dob", FIELD_BIRTH },
	{ "domicile", FIELD_ADDRESS },
	{ "domicilio", FIELD_ADDRESS },
	{ "ecole", FIELD_SCHOOL },
	{ "education", FIELD_PUBLIC },
	{ "email", FIELD_MAIL },
	{ "emailaddr", FIELD_MAIL },
	{ "emailaddress", FIELD_MAIL },
	{ "emails", FIELD_MAIL },
	{ "emp", FIELD_ID },
	{ "emploi", FIELD_WORK },
	{ "employee", FIELD_ID },
	{ "employer", FIELD_WORK },
	{ "employeur", FIELD_WORK },
	{ "empresa", FIELD_WORK },
	{ "endere\xc3\xa7o", FIELD_ADDRESS },
	{ "escuela", FIELD_SCHOOL },
	{ "experience", FIELD_PUBLIC },
	{ "facebook", FIELD_SOCIAL },
	{ "familie", FIELD_FAMILY },
	{ "family", FIELD_FAMILY },
	{ "father", FIELD_FAMILY },
	{ "fax", FIELD_PUBLIC },
	{ "fdn", FIELD_BIRTH },
	{ "fecha", FIELD_BIRTH },
	{ "firstname", FIELD_NAME },
	{ "flat", FIELD_ADDRESS },
	{ "forename", FIELD_NAME },
	{ "frau", FIELD_FAMILY },
	{ "fullname", FIELD_NAME },
	{ "geboren", FIELD_BIRTH },
	{ "geburtsdatum", FIELD_BIRTH },
	{ "geburtstag", FIELD_BIRTH },
	{ "gehalt", FIELD_PAY },
	{ "girlfriend", FIELD_FAMILY },
	{ "givenname", FIELD_NAME },
	{ "handle", FIELD_ALIAS },
	{ "handles", FIELD_ALIAS },
	{ "handy", FIELD_PHONE },
	{ "hash", FIELD_SECRET },
	{ "hashed", FIELD_SECRET },
	{ "haslo", FIELD_SECRET },
	{ "home", FIELD_ADDRESS },
	{ "homeaddress", FIELD_ADDRESS },
	{ "homephone", FIELD_PHONE },
	{ "hours", FIELD_PUBLIC },
	{ "house", FIELD_ADDRESS },
	{ "husband", FIELD_FAMILY },
	{ "iban", FIELD_BANK },
	{ "icd", FIELD_HEALTH },
	{ "ig", FIELD_SOCIAL },
	{ "imie", FIELD_NAME },
	{ "indirizzo", FIELD_ADDRESS },
	{ "insta", FIELD_SOCIAL },
	{ "instagram", FIELD_SOCIAL },
	{ "insulin", FIELD_HEALTH },
	{ "insurance", FIELD_NATIONAL },
	{ "invoice", FIELD_PUBLIC },
	{ "ip", FIELD_IP },
	{ "ipaddr", FIELD_IP },
	{ "ipaddress", FIELD_IP },
	{ "ips", FIELD_IP },
	{ "isp", FIELD_ISP },
	{ "job", FIELD_WORK },
	{ "kennwort", FIELD_SECRET },
	{ "kennzeichen", FIELD_CAR },
	{ "kids", FIELD_FAMILY },
	{ "kinder", FIELD_FAMILY },
	{ "konto", FIELD_BANK },
	{ "kontonummer", FIELD_BANK },
	{ "krankheit", FIELD_HEALTH },
	{ "kundennummer", FIELD_ID },
	{ "landline", FIELD_PHONE },
	{ "languages", FIELD_PUBLIC },
	{ "lastname", FIELD_NAME },
	{ "lavora", FIELD_WORK },
	{ "level", FIELD_PUBLIC },
	{ "licence", FIELD_NATIONAL },
	{ "license", FIELD_NATIONAL },
	{ "lives", FIELD_ADDRESS },
	{ "location", FIELD_ADDRESS },
	{ "login", FIELD_ALIAS },
	{ "lohn", FIELD_PAY },
	{ "mail", FIELD_MAIL },
	{ "mails", FIELD_MAIL },
	{ "matricule", FIELD_ID },
	{ "matr\xc3\xad"
	  "cula",
	  FIELD_CAR },
	{ "mdp", FIELD_SECRET },
	{ "medical", FIELD_HEALTH },
	{ "medication", FIELD_HEALTH },
	{ "member", FIELD_ID },
	{ "mobil", FIELD_PHONE },
	{ "mobile", FIELD_PHONE },
	{ "mobilephone", FIELD_PHONE },
	{ "mom", FIELD_FAMILY },
	{ "mother", FIELD_FAMILY },
	{ "mrn", FIELD_ID },
	{ "msisdn", FIELD_PHONE },
	{ "mum", FIELD_FAMILY },
	{ "m\xc3\xb3vil", FIELD_PHONE },
	{ "naam", FIELD_NAME },
	{ "nachname", FIELD_NAME },
	{ "nacimiento", FIELD_BIRTH },
	{ "naissance", FIELD_BIRTH },
	{ "name", FIELD_NAME },
	{ "nascita", FIELD_BIRTH },
	{ "nationalid", FIELD_NATIONAL },
	{ "nazwisko", FIELD_NAME },
	{ "nhs", FIELD_NATIONAL },
	{ "nick", FIELD_ALIAS },
	{ "nickname", FIELD_ALIAS },
	{ "nicks", FIELD_ALIAS },
	{ "nie", FIELD_NATIONAL },
	{ "nif", FIELD_NATIONAL },
	{ "nino", FIELD_NATIONAL },
	{ "nir", FIELD_NATIONAL },
	{ "nom", FIELD_NAME },
	{ "nombre", FIELD_NAME },
	{ "nome", FIELD_NAME },
	{ "occupation", FIELD_WORK },
	{ "parents", FIELD_FAMILY },
	{ "partner", FIELD_FAMILY },
	{ "pass", FIELD_SECRET },
	{ "passhash", FIELD_SECRET },
	{ "passphrase", FIELD_SECRET },
	{ "passport", FIELD_NATIONAL },
	{ "passportnumber", FIELD_NATIONAL },
	{ "passwd", FIELD_SECRET },
	{ "password", FIELD_SECRET },
	{ "passwort", FIELD_SECRET },
	{ "patient", FIELD_ID },
	{ "pay", FIELD_PAY },
	{ "payroll", FIELD_PAY },
	{ "personalnummer", FIELD_ID },
	{ "personnel", FIELD_ID },
	{ "personnummer", FIELD_NATIONAL },
	{ "pesel", FIELD_NATIONAL },
	{ "phone", FIELD_PHONE },
	{ "phonenumber", FIELD_PHONE },
	{ "phones", FIELD_PHONE },
	{ "plaque", FIELD_CAR },
	{ "plate", FIELD_CAR },
	{ "portable", FIELD_PHONE },
	{ "postaladdress", FIELD_ADDRESS },
	{ "pracodawca", FIELD_WORK },
	{ "prenom", FIELD_NAME },
	{ "prescription", FIELD_HEALTH },
	{ "press", FIELD_PUBLIC },
	{ "pw", FIELD_SECRET },
	{ "pwd", FIELD_SECRET },
	{ "pwhash", FIELD_SECRET },
	{ "quest", FIELD_PUBLIC },
	{ "race", FIELD_PUBLIC },
	{ "references", FIELD_PUBLIC },
	{ "relatives", FIELD_FAMILY },
	{ "rent", FIELD_PUBLIC },
	{ "residence", FIELD_ADDRESS },
	{ "rut", FIELD_NATIONAL },
	{ "salaire", FIELD_PAY },
	{ "salario", FIELD_PAY },
	{ "salary", FIELD_PAY },
	{ "salt", FIELD_SECRET },
	{ "samaccountname", FIELD_ALIAS },
	{ "school", FIELD_SCHOOL },
	{ "schule", FIELD_SCHOOL },
	{ "scuola", FIELD_SCHOOL },
	{ "senha", FIELD_SECRET },
	{ "siblings", FIELD_FAMILY },
	{ "sister", FIELD_FAMILY },
	{ "skills", FIELD_PUBLIC },
	{ "skype", FIELD_SOCIAL },
	{ "snapchat", FIELD_SOCIAL },
	{ "son", FIELD_FAMILY },
	{ "spouse", FIELD_FAMILY },
	{ "ssn", FIELD_NATIONAL },
	{ "ssnum", FIELD_NATIONAL },
	{ "staff", FIELD_ID },
	{ "steam", FIELD_SOCIAL },
	{ "steuernummer", FIELD_NATIONAL },
	{ "strasse", FIELD_ADDRESS },
	{ "stra\xc3\x9f"
	  "e",
	  FIELD_ADDRESS },
	{ "street", FIELD_ADDRESS },
	{ "streetaddress", FIELD_ADDRESS },
	{ "subscriber", FIELD_ID },
	{ "sueldo", FIELD_PAY },
	{ "surname", FIELD_NAME },
	{ "sv", FIELD_NATIONAL },
	{ "swift", FIELD_BANK },
	{ "targa", FIELD_CAR },
	{ "tax", FIELD_NATIONAL },
	{ "tel", FIELD_PHONE },
	{ "telefon", FIELD_PHONE },
	{ "telefono", FIELD_PHONE },
	{ "telefoon", FIELD_PHONE },
	{ "telegram", FIELD_SOCIAL },
	{ "telemovel", FIELD_PHONE },
	{ "telephone", FIELD_PHONE },
	{ "telephonenumber", FIELD_PHONE },
	{ "tel\xc3\xa9"
	  "fono",
	  FIELD_PHONE },
	{ "tiktok", FIELD_SOCIAL },
	{ "trabaja", FIELD_WORK },
	{ "travaille", FIELD_WORK },
	{ "twitter", FIELD_SOCIAL },
	{ "t\xc3\xa9l\xc3\xa9phone", FIELD_PHONE },
	{ "uid", FIELD_ALIAS },
	{ "uname", FIELD_ALIAS },
	{ "university", FIELD_SCHOOL },
	{ "universit\xc3\xa4t", FIELD_SCHOOL },
	{ "user", FIELD_ID },
	{ "useremail", FIELD_MAIL },
	{ "username", FIELD_ALIAS },
	{ "usernames", FIELD_ALIAS },
	{ "userpass", FIELD_SECRET },
	{ "userpassword", FIELD_SECRET },
	{ "vehicle", FIELD_CAR },
	{ "versichertennummer", FIELD_NATIONAL },
	{ "viewings", FIELD_PUBLIC },
	{ "voiture", FIELD_CAR },
	{ "vorname", FIELD_NAME },
	{ "wachtwoord", FIELD_SECRET },
	{ "wage", FIELD_PAY },
	{ "weapon", FIELD_PUBLIC },
	{ "wife", FIELD_FAMILY },
	{ "wohnort", FIELD_ADDRESS },
	{ "work", FIELD_WORK },
	{ "worker", FIELD_ID },
	{ "workplace", FIELD_WORK },
	{ "works", FIELD_WORK },
	{ "\xc3\xa9"
	  "cole",
	  FIELD_SCHOOL },
	{ "\xd0\xb0\xd0\xb2\xd1\x82\xd0\xbe", FIELD_CAR },
	{ "\xd0\xb0\xd0\xb4\xd1\x80\xd0\xb5\xd1\x81", FIELD_ADDRESS },
	{ "\xd0\xb4\xd0\xbe\xd0\xbc\xd0\xb0\xd1\x88\xd0\xbd\xd0\xb8\xd0\xb9", FIELD_ADDRESS },
	{ "\xd0\xb8\xd0\xbc\xd1\x8f", FIELD_NAME },
	{ "\xd0\xb8\xd0\xbd\xd0\xbd", FIELD_NATIONAL },
	{ "\xd0\xbd\xd0\xb8\xd0\xba", FIELD_ALIAS },
	{ "\xd0\xbf\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c", FIELD_SECRET },
	{ "\xd0\xbf\xd0\xb0\xd1\x81\xd0\xbf\xd0\xbe\xd1\x80\xd1\x82", FIELD_NATIONAL },
	{ "\xd0\xbf\xd0\xbe\xd1\x87\xd1\x82\xd0\xb0", FIELD_MAIL },
	{ "\xd1\x80\xd0\xb0\xd0\xb1\xd0\xbe\xd1\x82\xd0\xb0", FIELD_WORK },
	{ "\xd1\x80\xd0\xbe\xd0\xb6\xd0\xb4\xd0\xb5\xd0\xbd\xd0\xb8\xd1\x8f", FIELD_BIRTH },
	{ "\xd1\x81\xd0\xbd\xd0\xb8\xd0\xbb\xd1\x81", FIELD_NATIONAL },
	{ "\xd1\x82\xd0\xb5\xd0\xbb\xd0\xb5\xd1\x84\xd0\xbe\xd0\xbd", FIELD_PHONE },
	{ "\xd1\x84\xd0\xb0\xd0\xbc\xd0\xb8\xd0\xbb\xd0\xb8\xd1\x8f", FIELD_NAME },
	{ "\xd1\x84\xd0\xb8\xd0\xbe", FIELD_NAME },
	{ "\xd1\x88\xd0\xba\xd0\xbe\xd0\xbb\xd0\xb0", FIELD_SCHOOL },
};
enum { N_WORDS = sizeof(words) / sizeof(*words) };

/* How long words are that begin with each letter, as bits: most words of a text are told by it. */
static const uint32_t word_lengths[26] = { 0xbb8,  0x3f8,  0x1ff8, 0xfc8,   0x17e8, 0x3f8, 0x16c0, 0xaf0, 0x2fc,
					   0x8,	   0x1b70, 0x3f0,  0xef8,   0x7f8,  0x400, 0x7ffc, 0x20,  0x618,
					   0x75fc, 0x8be8, 0x1738, 0x40180, 0x6f0,  0x0,   0x0,	   0x0 };

static enum field field_of_word(const char *word, size_t n)
{
	size_t low = 0, high = N_WORDS;

	if (ascii_is_alpha(word[0]) && !(word_lengths[word[0] - 'a'] >> (n < 31 ? n : 31) & 1))
		return FIELD_NONE;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = (unsigned char)word[0] - (unsigned char)words[middle].word[0];

		if (order == 0)
			order = strcmp(word, words[middle].word);

		if (order == 0)
			return words[middle].field;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return FIELD_NONE;
}

static bool is_word_byte(char c)
{
	return ascii_is_alpha(c) || (c & 0x80);
}

enum field field_of_label(struct str label)
{
	enum field best = FIELD_NONE;
	char word[LABEL + 1];
	size_t n = 0, count = 0;

	if (label.n > LABEL)
		return FIELD_NONE;
	for (size_t i = 0; i <= label.n; i++) {
		/* "passwordHash": a capital behind a small letter begins a word */
		bool hump = i > 0 && i < label.n && label.p[i] >= 'A' && label.p[i] <= 'Z' && label.p[i - 1] >= 'a' &&
			    label.p[i - 1] <= 'z';

		if (!hump && i < label.n && (is_word_byte(label.p[i]) || (label.p[i] == '-' && n == 1))) {
			if (label.p[i] != '-') /* E-Mail */
				word[n++] = ascii_lower(label.p[i]);
			continue;
		}
		word[n] = '\0';
		if (n > 0) {
			enum field field = field_of_word(word, n);

			best = field > best ? field : best;
			count += n > 1;
		}
		n = 0;
		if (hump)
			word[n++] = ascii_lower(label.p[i]);
	}
	return count <= WORDS ? best : FIELD_NONE;
}

static size_t count_digits(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ascii_is_digit(s.p[i]);
	return n;
}

static size_t count_letters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += is_word_byte(s.p[i]);
	return n;
}

static bool is_mail(struct str s)
{
	const char *at = s.n ? memchr(s.p, '@', s.n) : NULL;
	size_t left = at ? (size_t)(at - s.p) : 0;

	return at && left > 0 && left < 65 && memchr(at, '.', s.n - left) && s.p[s.n - 1] != '@';
}

/* Numbers without any sign between are everywhere, and few of them are dialled. */
static bool is_phone(struct str s)
{
	size_t digits = count_digits(s);

	if (digits < 7 || digits > 16 || s.n > 24 || !(ascii_is_digit(s.p[0]) || s.p[0] == '+' || s.p[0] == '('))
		return false;
	if (s.p[0] != '+' && !memchr(s.p, '-', s.n) && !memchr(s.p, ' ', s.n))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]) && !strchr(" -+()./x", s.p[i]))
			return false;
	return true;
}

/* The runs of digits of a text, as numbers: how many there are, at most `room` kept. */
static size_t numbers_of(struct str s, unsigned *numbers, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned value = 0;

		if (!ascii_is_digit(s.p[i]))
			continue;
		for (; i < s.n && ascii_is_digit(s.p[i]); i++)
			value = value > 100000 ? value : value * 10 + (unsigned)(s.p[i] - '0');
		if (n < room)
			numbers[n] = value;
		n++;
	}
	return n;
}

static bool is_birth_year(unsigned year)
{
	return year >= OLDEST && year <= YOUNGEST;
}

/* Year, month and day in any order and with any sign between, without a time of day. */
static bool is_birth_date(struct str s)
{
	unsigned n[4];

	if (s.n < 8 || s.n > 12 || count_letters(s) > 0 || numbers_of(s, n, 4) != 3)
		return false;
	if (is_birth_year(n[0]))
		return n[1] >= 1 && n[1] <= 12 && n[2] >= 1 && n[2] <= 31;
	return is_birth_year(n[2]) && n[0] >= 1 && n[0] <= 31 && n[1] >= 1 && n[1] <= 31;
}

/* 2026-11-03 and 3-11-2026 are no telephone numbers. */
static bool is_date(struct str s)
{
	unsigned n[4];

	return s.n <= 10 && numbers_of(s, n, 4) == 3 && ((n[0] >= 1900 && n[0] < 2100) || (n[2] >= 1900 && n[2] < 2100));
}

/* Something with a year of birth, or with day, month and a short year. */
static bool is_birth(struct str s)
{
	unsigned n[4];
	size_t count = numbers_of(s, n, 4);

	if (is_birth_date(s))
		return true;
	if (s.n > 48 || count == 0 || count > 4)
		return false;
	for (size_t i = 0; i < count && i < 4; i++)
		if (is_birth_year(n[i]))
			return true;
	return count == 3 && s.n <= 10 && n[0] <= 99 && n[1] <= 31;
}

static bool is_ip(struct str s)
{
	unsigned n[5];

	if (s.n < 7 || s.n > 21 || count_letters(s) > 0 || numbers_of(s, n, 5) < 4)
		return false;
	for (size_t i = 0, dots = 0; i < s.n; i++)
		if (s.p[i] == '.' && ++dots == 3)
			return n[0] < 256 && n[1] < 256 && n[2] < 256 && n[3] < 256;
	return false;
}

enum field field_of_value(struct str value)
{
	if (value.n < 7 || value.n > 64)
		return FIELD_NONE;
	if (is_mail(value) && !memchr(value.p, ' ', value.n))
		return FIELD_MAIL;
	if (is_ip(value))
		return FIELD_IP;
	if (is_birth_date(value))
		return FIELD_BIRTH;
	return is_phone(value) && !is_date(value) ? FIELD_PHONE : FIELD_NONE;
}

/* A blank to be filled in, or a word that stands for nothing. */
static bool is_blank(struct str s)
{
	static const char *const nothing[] = { "n/a", "none",	"null",	    "unknown",	"string",   "required", "optional",
					       "yes", "no",	"true",	    "false",	"text",	    "varchar",	"integer",
					       "int", "hidden", "redacted", "disabled", "see below" };

	for (size_t i = 0; s.n < 10 && i < sizeof(nothing) / sizeof(*nothing); i++)
		if (s.n && ascii_lower(s.p[0]) == nothing[i][0] && str_eq_nocase(s, str_of(nothing[i])))
			return true;
	return s.n == 0 || strchr("_<[{(.$%*", s.p[0]) || str_find_nocase(s, STR("on request")) >= 0 ||
	       str_find_nocase(s, STR("xxx")) >= 0 || str_find(s, STR("___")) >= 0;
}

static bool is_number(struct str s)
{
	size_t digits = count_digits(s);

	return digits >= 3 && digits <= 9 && s.n <= 20 && count_letters(s) <= 5;
}

bool field_holds(enum field field, struct str value)
{
	size_t digits = count_digits(value);

	if (is_blank(value) || value.n > 200)
		return false;
	switch (field) {
	case FIELD_NONE:
		return false;
	case FIELD_MAIL:
		return is_mail(value);
	case FIELD_PHONE:
		return digits >= 7 && digits <= 32 && count_letters(value) <= digits + 20;
	case FIELD_BIRTH:
		return is_birth(value);
	case FIELD_IP:
		return digits >= 4 && memchr(value.p, '.', value.n) && is_ip(str_slice(value, 0, 15));
	case FIELD_PAY:
		return is_number(value);
	case FIELD_ADDRESS:
		return digits >= 1 && count_letters(value) >= 5 && value.n >= 8 && memchr(value.p, ' ', value.n) &&
		       !memchr(value.p, '@', value.n) && str_find(value, STR("://")) < 0;
	case FIELD_ID:
		return digits >= 1 && value.n <= 24 && !memchr(value.p, ' ', value.n);
	case FIELD_BANK:
	case FIELD_NATIONAL:
		return digits >= 4 && value.n <= 40;
	case FIELD_SECRET:
		return value.n >= 5 && !memchr(value.p, ' ', value.n) && !validate_placeholder(value);
	case FIELD_AGE:
		return digits >= 1 && digits <= 2 && value.n <= 16;
	case FIELD_ALIAS:
	case FIELD_SOCIAL:
	case FIELD_NAME:
	case FIELD_HEALTH:
	case FIELD_ISP:
		return value.n <= 80;
	case FIELD_WORK:
	case FIELD_SCHOOL:
	case FIELD_CAR:
	case FIELD_FAMILY:
		return count_letters(value) + digits >= 3;
	case FIELD_PUBLIC:
	case FIELDS:
		return true;
	}
	return false;
}

const char *field_name(enum field field)
{
	static const char *const names[FIELDS] = {
		[FIELD_NAME] = "name",	     [FIELD_AGE] = "age",	 [FIELD_WORK] = "work",
		[FIELD_SCHOOL] = "school",   [FIELD_ID] = "number",	 [FIELD_ALIAS] = "alias",
		[FIELD_ADDRESS] = "address", [FIELD_SOCIAL] = "account", [FIELD_PHONE] = "phone",
		[FIELD_MAIL] = "mail",	     [FIELD_ISP] = "provider",	 [FIELD_IP] = "IP address",
		[FIELD_PAY] = "pay",	     [FIELD_CAR] = "vehicle",	 [FIELD_BIRTH] = "birth date",
		[FIELD_HEALTH] = "health",   [FIELD_BANK] = "bank",	 [FIELD_NATIONAL] = "identity number",
		[FIELD_SECRET] = "password", [FIELD_FAMILY] = "family",	 [FIELD_PUBLIC] = "public notice",
	};

	return names[field] ? names[field] : "";
}
