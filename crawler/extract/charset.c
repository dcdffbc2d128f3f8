/* charset.c - which encoding are these bytes in, and the same as clean UTF-8 */
#include "crawler/extract/charset.h"

#include <string.h>
#include <uchardet.h>
#include <unicode/ucnv.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"

enum {
	PRESCAN = 1024,	    /* bytes in which <meta> may stand; the HTML standard's figure */
	DETECT = 64 * 1024, /* bytes shown to the detector */
};

/*
 * What we convert: our name, ICU's converter, and further labels with spaces around each. Only these are ever opened, so
 * that ICU never looks for a file. Rows without labels are never declared.
 */
struct encoding {
	const char *name, *icu, *labels;
};

static const struct encoding encodings[] = {
	{ "utf-8", "UTF-8", " unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8 " },
	{ "windows-1252", "windows-1252",
	  " ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
	  "iso_8859-1:1987 l1 latin1 us-ascii x-cp1252 x-user-defined " },
	{ "ibm866", "IBM866", " 866 cp866 csibm866 " },
	{ "iso-8859-2", "ISO-8859-2", " csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2 " },
	{ "iso-8859-3", "ISO-8859-3", " csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3 " },
	{ "iso-8859-4", "ISO-8859-4", " csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4 " },
	{ "iso-8859-5", "ISO-8859-5",
	  " csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988 " },
	{ "iso-8859-6", "ISO-8859-6",
	  " arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 "
	  "iso88596 iso_8859-6 iso_8859-6:1987 " },
	{ "iso-8859-7", "ISO-8859-7",
	  " csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 "
	  "sun_eu_greek " },
	{ "iso-8859-8", "ISO-8859-8",
	  " csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 "
	  "visual " },
	{ "iso-8859-8-i", "ISO-8859-8", " csiso88598i logical " },
	{ "iso-8859-10", "ISO-8859-10", " csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6 " },
	{ "iso-8859-13", "ISO-8859-13", " iso8859-13 iso885913 " },
	{ "iso-8859-14", "ISO-8859-14", " iso8859-14 iso885914 " },
	{ "iso-8859-15", "ISO-8859-15", " csisolatin9 iso8859-15 iso885915 iso_8859-15 l9 " },
	{ "koi8-r", "KOI8-R", " cskoi8r koi koi8 koi8_r " },
	{ "koi8-u", "KOI8-U", " koi8-ru " },
	{ "macintosh", "macintosh", " csmacintosh mac x-mac-roman " },
	{ "windows-874", "windows-874", " dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 " },
	{ "windows-1250", "windows-1250", " cp1250 x-cp1250 " },
	{ "windows-1251", "windows-1251", " cp1251 x-cp1251 " },
	{ "windows-1253", "windows-1253", " cp1253 x-cp1253 " },
	{ "windows-1254", "windows-1254",
	  " cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254 " },
	{ "windows-1255", "windows-1255", " cp1255 x-cp1255 " },
	{ "windows-1256", "windows-1256", " cp1256 x-cp1256 " },
	{ "windows-1257", "windows-1257", " cp1257 x-cp1257 " },
	{ "windows-1258", "windows-1258", " cp1258 x-cp1258 " },
	{ "x-mac-cyrillic", "x-mac-cyrillic", " x-mac-ukrainian " },
	{ "gbk", "gb18030", " chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk " },
	{ "gb18030", "gb18030", " " },
	{ "big5", "Big5-HKSCS", " big5-hkscs cn-big5 csbig5 x-x-big5 " },
	{ "euc-jp", "EUC-JP", " cseucpkdfmtjapanese x-euc-jp " },
	{ "iso-2022-jp", "ISO-2022-JP-2", " csiso2022jp " },
	{ "shift_jis", "ibm-943_P15A-2003", " csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis " },
	{ "euc-kr", "windows-949",
	  " cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 " },
	{ "utf-16be", "UTF-16BE", " unicodefffe " },
	{ "utf-16le", "UTF-16LE", " csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 " },
	{ "iso-2022-kr", "ISO-2022-KR", " csiso2022kr " }, /* WHATWG refuses this and the next two; a monitor reads them */
	{ "iso-2022-cn", "ISO-2022-CN", " iso-2022-cn-ext " },
	{ "hz-gb-2312", "HZ-GB-2312", " " },
	{ "iso-8859-16", "ISO-8859-2", " " }, /* no converter in ICU: read as iso-8859-2, which differs in a few letters */
	/* Names that only a mark or the detector gives. */
	{ "iso-8859-1", "windows-1252", NULL },
	{ "iso-8859-9", "windows-1254", NULL },
	{ "iso-8859-11", "windows-874", NULL },
	{ "ascii", "UTF-8", NULL },
	{ "utf-16", "UTF-16", NULL },
	{ "utf-32", "UTF-32", NULL },
	{ "utf-32le", "UTF-32LE", NULL },
	{ "utf-32be", "UTF-32BE", NULL },
	{ "ibm855", "IBM855", NULL },
	{ "ibm852", "IBM852", NULL },
	{ "ibm865", "IBM865", NULL },
	{ "mac-cyrillic", "x-mac-cyrillic", NULL },
	{ "mac-centraleurope", "x-mac-centraleurroman", NULL },
	{ "euc-tw", "EUC-TW", NULL },
	{ "uhc", "windows-949", NULL },
	{ "johab", "", NULL },
	{ "tis-620", "windows-874", NULL },
};

enum { ENCODINGS = sizeof(encodings) / sizeof(encodings[0]) };

static const struct encoding *encoding_named(struct str name)
{
	for (size_t i = 0; i < ENCODINGS; i++)
		if (str_eq_nocase(name, str_of(encodings[i].name)))
			return &encodings[i];
	return NULL;
}

/* The encoding that a label in a header or a page means; NULL for a label nobody knows. */
static const struct encoding *encoding_labelled(struct str label)
{
	char wanted[42];
	size_t n = label.n;

	label = str_trim(label);
	if (label.n == 0 || (n = label.n) + 2 > sizeof(wanted) || memchr(label.p, ' ', n))
		return NULL;
	wanted[0] = wanted[n + 1] = ' ';
	for (size_t i = 0; i < n; i++)
		wanted[i + 1] = ascii_lower(label.p[i]);
	for (size_t i = 0; i < ENCODINGS; i++)
		if (!encodings[i].labels)
			continue;
		else if (str_eq((struct str){ wanted + 1, n }, str_of(encodings[i].name)) ||
			 str_find(str_of(encodings[i].labels), (struct str){ wanted, n + 2 }) >= 0)
			return &encodings[i];
	return NULL;
}

/* The value behind "charset=" or "encoding=" in a header, a tag or a declaration. */
static struct str value_behind(struct str s, struct str name)
{
	ssize_t at;

	while ((at = str_find_nocase(s, name)) >= 0) {
		size_t i = (size_t)at + name.n, start;
		char quote = 0;

		while (i < s.n && ascii_is_space(s.p[i]))
			i++;
		if (i == s.n || s.p[i] != '=') {
			s = str_slice(s, i, s.n);
			continue;
		}
		for (i++; i < s.n && ascii_is_space(s.p[i]);)
			i++;
		if (i < s.n && (s.p[i] == '"' || s.p[i] == '\''))
			quote = s.p[i++];
		for (start = i; i < s.n; i++)
			if (quote ? s.p[i] == quote : ascii_is_space(s.p[i]) || strchr(";\"'>,/", s.p[i]))
				break;
		return str_slice(s, start, i);
	}
	return (struct str){ 0 };
}

static const struct encoding *from_mark(struct str body)
{
	if (str_starts(body, STR("\xef\xbb\xbf")))
		return encoding_named(STR("utf-8"));
	if (str_starts(body, (struct str){ "\xff\xfe\0\0", 4 }))
		return encoding_named(STR("utf-32le"));
	if (str_starts(body, (struct str){ "\0\0\xfe\xff", 4 }))
		return encoding_named(STR("utf-32be"));
	if (str_starts(body, STR("\xff\xfe")))
		return encoding_named(STR("utf-16le"));
	if (str_starts(body, STR("\xfe\xff")))
		return encoding_named(STR("utf-16be"));
	return NULL;
}

/* The page can be read this far as ASCII, so it is not in UTF-16 whatever it says. */
static const struct encoding *not_wide(const struct encoding *e)
{
	return e && str_starts(str_of(e->name), STR("utf-16")) ? encoding_named(STR("utf-8")) : e;
}

static const struct encoding *from_meta(struct str body)
{
	struct str rest = str_slice(body, 0, PRESCAN);
	const struct encoding *found = NULL;
	ssize_t at;

	if (str_starts(rest, STR("<?xml")) && (at = str_find(rest, STR("?>"))) >= 0)
		found = not_wide(encoding_labelled(value_behind(str_slice(rest, 0, (size_t)at), STR("encoding"))));
	while (!found && (at = str_find(rest, STR("<"))) >= 0) {
		rest = str_slice(rest, (size_t)at, rest.n);
		if (str_starts(rest, STR("<!--"))) {
			at = str_find(str_slice(rest, 2, rest.n), STR("-->"));
			rest = at >= 0 ? str_slice(rest, (size_t)at + 5, rest.n) : (struct str){ 0 };
			continue;
		}
		if (str_eq_nocase(str_slice(rest, 0, 5), STR("<meta"))) {
			at = str_find(rest, STR(">"));
			found = not_wide(encoding_labelled(
				value_behind(str_slice(rest, 5, at >= 0 ? (size_t)at : rest.n), STR("charset"))));
		}
		rest = str_slice(rest, 1, rest.n);
	}
	return found;
}

/* Wide characters without a mark: most of western text has a zero in every other byte. */
static const struct encoding *from_zeros(struct str body)
{
	size_t n = body.n < DETECT ? body.n : DETECT, zeros[4] = { 0 };

	for (size_t i = 0; i < n; i++)
		zeros[i % 4] += body.p[i] == '\0';
	n /= 4;
	if (n == 0)
		return NULL;
	if (zeros[2] > n * 9 / 10 && zeros[3] > n * 9 / 10)
		return encoding_named(STR("utf-32le"));
	if (zeros[0] > n * 9 / 10 && zeros[1] > n * 9 / 10)
		return encoding_named(STR("utf-32be"));
	if (zeros[1] + zeros[3] > n / 2 && zeros[0] + zeros[2] <= n / 10)
		return encoding_named(STR("utf-16le"));
	if (zeros[0] + zeros[2] > n / 2 && zeros[1] + zeros[3] <= n / 10)
		return encoding_named(STR("utf-16be"));
	return NULL;
}

static const struct encoding *from_uchardet(struct str body)
{
	uchardet_t detector = uchardet_new();
	const struct encoding *found;

	uchardet_handle_data(detector, body.p, body.n < DETECT ? body.n : DETECT);
	uchardet_data_end(detector);
	found = encoding_named(str_of(uchardet_get_charset(detector)));
	uchardet_delete(detector);
	return found;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* Escape sequences of ISO 2022, and HZ's braces, are ASCII and mean something else. */
static bool has_escapes(struct str s)
{
	return s.n && (memchr(s.p, 0x1b, s.n) || str_find(s, STR("~{")) >= 0);
}

static const struct encoding *from_looks(struct str body)
{
	const struct encoding *found = NULL;

	if (utf8_is_clean(body) && !has_escapes(body))
		return encoding_named(is_ascii(body) ? STR("ascii") : STR("utf-8"));
	if (body.n && memchr(body.p, '\0', body.n))
		found = from_zeros(body);
	if (!found)
		found = from_uchardet(body);
	if (!found || found->icu[0] == '\0')
		found = encoding_named(utf8_is_clean(body) ? STR("utf-8") : STR("windows-1252"));
	return found;
}

struct charset charset_of(struct str body, struct str content_type)
{
	const struct encoding *e = from_mark(body);
	const char *from = "bom";

	if (!e) {
		e = encoding_labelled(value_behind(content_type, STR("charset")));
		from = "http";
	}
	if (!e && !str_eq_nocase(str_slice(content_type, 0, 10), STR("text/plain"))) {
		e = from_meta(body);
		from = "meta";
	}
	if (!e) {
		e = from_looks(body);
		from = "detected";
	}
	MUST(e);
	return (struct charset){ str_of(e->name), str_of(from) };
}

/* Through ICU; ill-formed bytes become U+FFFD. The room is taken first, so that nothing is open when the arena is full. */
static struct str converted(struct arena *a, struct str body, const char *icu)
{
	size_t room = body.n * 3 + 16;
	char *out = arena_alloc(a, room);
	UErrorCode code = U_ZERO_ERROR;
	UConverter *converter = ucnv_open(icu, &code);
	int32_t n = 0;

	if (U_SUCCESS(code))
		n = ucnv_toAlgorithmic(UCNV_UTF8, converter, out, (int32_t)room, body.p, (int32_t)body.n, &code);
	ucnv_close(converter);
	if (U_FAILURE(code) && code != U_BUFFER_OVERFLOW_ERROR)
		return body;
	return (struct str){ out, (size_t)n < room ? (size_t)n : room };
}

struct str charset_decode(struct arena *a, struct str body, const struct charset *c)
{
	const struct encoding *e = encoding_named(c->encoding);
	size_t replaced;

	if (e && e->icu[0] && !str_eq(str_of(e->icu), STR("UTF-8")))
		body = converted(a, str_slice(body, 0, LIMIT_DECODED), e->icu);
	if (str_starts(body, STR("\xef\xbb\xbf")))
		body = str_slice(body, 3, body.n);
	return utf8_clean(a, body, &replaced);
}

int charset_warm_up(void)
{
	int missing = 0;

	for (size_t i = 0; i < ENCODINGS; i++) {
		UErrorCode code = U_ZERO_ERROR;
		UConverter *converter = encodings[i].icu[0] ? ucnv_open(encodings[i].icu, &code) : NULL;

		missing += U_FAILURE(code) != 0;
		ucnv_close(converter);
	}
	from_uchardet(STR("\xcf\xf0\xe8\xe2\xe5\xf2"));
	return missing;
}
