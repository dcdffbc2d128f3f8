/* scrub.c - make a feed as servers send it into XML that a parser accepts */
#include "crawler/extract/scrub.h"

#include <string.h>

#include "base/utf8.h"

struct scrub {
	struct str rest;
	char *out;
	size_t n;
};

/* U+00A0 to U+00FF in order. */
static const char latin[] =
	"nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro "
	"para "
	"middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave "
	"Eacute "
	"Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml "
	"Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc "
	"iuml "
	"eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

static const struct {
	const char *name;
	uint32_t c;
} others[] = {
	{ "ndash", 0x2013 }, { "mdash", 0x2014 },  { "lsquo", 0x2018 },	 { "rsquo", 0x2019 },  { "sbquo", 0x201a },
	{ "ldquo", 0x201c }, { "rdquo", 0x201d },  { "bdquo", 0x201e },	 { "bull", 0x2022 },   { "hellip", 0x2026 },
	{ "euro", 0x20ac },  { "trade", 0x2122 },  { "lsaquo", 0x2039 }, { "rsaquo", 0x203a }, { "larr", 0x2190 },
	{ "rarr", 0x2192 },  { "minus", 0x2212 },  { "thinsp", 0x2009 }, { "ensp", 0x2002 },   { "emsp", 0x2003 },
	{ "zwnj", 0x200c },  { "zwj", 0x200d },	   { "OElig", 0x152 },	 { "oelig", 0x153 },   { "Scaron", 0x160 },
	{ "scaron", 0x161 }, { "dagger", 0x2020 }, { "permil", 0x2030 },
};

/* The character with an HTML name; 0 for none. */
static uint32_t character_named(struct str name)
{
	struct str rest = str_of(latin), piece;

	for (uint32_t c = 0xa0; str_split(&rest, ' ', &piece); c++)
		if (str_eq(piece, name))
			return c;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (str_eq(name, str_of(others[i].name)))
			return others[i].c;
	return 0;
}

static void put(struct scrub *s, struct str piece)
{
	if (piece.n)
		memcpy(s->out + s->n, piece.p, piece.n);
	s->n += piece.n;
}

static void drop(struct scrub *s, size_t n)
{
	s->rest = str_slice(s->rest, n, s->rest.n);
}

/* The length of "name;" or "#12;" behind an &, 0 when it is neither. */
static size_t reference_length(struct str s)
{
	size_t n = 0;
	bool number = s.n && s.p[0] == '#';

	if (number)
		n = s.n > 1 && ascii_lower(s.p[1]) == 'x' ? 2 : 1;
	while (n < s.n && n < 12 && (number ? ascii_hex(s.p[n]) >= 0 : ascii_is_alnum(s.p[n])))
		n++;
	return n < s.n && s.p[n] == ';' && n > (number ? 1 : 0) ? n + 1 : 0;
}

/* An & and what it begins. Written out it is never longer than six bytes for one, or the reference itself. */
static void put_reference(struct scrub *s)
{
	static const char *const own[] = { "amp;", "lt;", "gt;", "quot;", "apos;" };
	struct str behind = str_slice(s->rest, 1, s->rest.n);
	size_t n = reference_length(behind);
	uint32_t c;
	char utf8[4];

	if (n && behind.p[0] == '#') {
		put(s, str_slice(s->rest, 0, n + 1));
		drop(s, n + 1);
		return;
	}
	for (size_t i = 0; n && i < sizeof(own) / sizeof(own[0]); i++)
		if (str_eq(str_slice(behind, 0, n), str_of(own[i]))) {
			put(s, str_slice(s->rest, 0, n + 1));
			drop(s, n + 1);
			return;
		}
	c = n ? character_named(str_slice(behind, 0, n - 1)) : 0;
	put(s, c ? (struct str){ utf8, utf8_put(c, utf8) } : STR("&amp;"));
	drop(s, c ? n + 1 : 1);
}

/* Behind a document type, its internal subset included. */
static size_t doctype_end(struct str s)
{
	int depth = 0;
	char quote = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = depth ? c : 0;
		else if (c == '[')
			depth++;
		else if (c == ']')
			depth--;
		else if (c == '>' && depth <= 0)
			return i + 1;
	}
	return s.n;
}

static size_t behind(struct str s, struct str end)
{
	ssize_t at = str_find(s, end);

	return at >= 0 ? (size_t)at + end.n : s.n;
}

/* Sections in which & means nothing stay as they are, document types and declarations go. */
static void put_markup(struct scrub *s)
{
	size_t n;

	if (str_starts(s->rest, STR("<![CDATA["))) {
		n = behind(s->rest, STR("]]>"));
		put(s, str_slice(s->rest, 0, n));
	} else if (str_starts(s->rest, STR("<!--"))) {
		n = behind(s->rest, STR("-->"));
	} else if (str_starts(s->rest, STR("<?"))) {
		n = behind(s->rest, STR("?>"));
	} else if (str_eq_nocase(str_slice(s->rest, 0, 9), STR("<!doctype"))) {
		n = doctype_end(s->rest);
	} else {
		n = 1;
		put(s, STR("<"));
	}
	drop(s, n);
}

/* Controls, U+FFFE and U+FFFF are no characters of XML 1.0, in the open or in a CDATA section: they go. */
static size_t without_controls(char *p, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)p[i] < ' ' && p[i] != '\n' && p[i] != '\t' && p[i] != '\r')
			continue;
		if (i + 2 < n && p[i] == '\xef' && p[i + 1] == '\xbf' && (unsigned char)p[i + 2] >= 0xbe)
			i += 2;
		else
			p[kept++] = p[i];
	}
	return kept;
}

struct str scrub_xml(struct arena *a, struct str xml)
{
	struct scrub s = { .rest = str_trim(xml) };
	size_t ampersands = 0;

	for (size_t i = 0; i < xml.n; i++)
		ampersands += xml.p[i] == '&';
	s.out = arena_alloc(a, xml.n + 4 * ampersands + 1);
	while (s.rest.n) {
		size_t n = 0;

		while (n < s.rest.n && s.rest.p[n] != '<' && s.rest.p[n] != '&')
			n++;
		put(&s, str_slice(s.rest, 0, n));
		drop(&s, n);
		if (s.rest.n && s.rest.p[0] == '<')
			put_markup(&s);
		else if (s.rest.n)
			put_reference(&s);
	}
	return (struct str){ s.out, without_controls(s.out, s.n) };
}
