/* line.c - a line of a text, what signs it holds, and what its pieces look like */
/* Hot: line_census() counts the signs of every line of every post, 16 bytes at a time. */
#include "classify/line.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { PASSWORD_LEAST = 4, PASSWORD_MOST = 128 };

#ifdef __SSE2__
/* Written out, so that every count stays in a register. */
#define COUNT(sum, sign) sum = _mm_sub_epi8(sum, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(sign)))

static uint16_t sum_of(__m128i lanes)
{
	__m128i sum = _mm_sad_epu8(lanes, _mm_setzero_si128());

	return (uint16_t)(_mm_extract_epi16(sum, 0) + _mm_extract_epi16(sum, 4));
}

struct census line_census(struct str line)
{
	size_t end = line.n < CENSUS_MOST ? line.n : CENSUS_MOST;
	__m128i tab = _mm_setzero_si128(), bar = tab, semicolon = tab, comma = tab, colon = tab, at = tab, equals = tab,
		quote = tab;
	char tail[16] = { 0 };

	_Static_assert(CENSUS_MOST < 255 * 16, "a lane counts to 255");
	for (size_t i = 0; i < end; i += 16) {
		const char *from = line.p + i;
		__m128i bytes;

		if (i + 16 > end) {
			memcpy(tail, from, end - i);
			from = tail;
		}
		bytes = _mm_loadu_si128((const __m128i *)(const void *)from);
		COUNT(tab, '\t');
		COUNT(bar, '|');
		COUNT(semicolon, ';');
		COUNT(comma, ',');
		COUNT(colon, ':');
		COUNT(at, '@');
		COUNT(equals, '=');
		COUNT(quote, '"');
	}
	if (_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_or_si128(_mm_or_si128(_mm_or_si128(tab, bar), _mm_or_si128(semicolon, comma)),
							  _mm_or_si128(_mm_or_si128(colon, at), _mm_or_si128(equals, quote))),
					     _mm_setzero_si128())) == 0xffff)
		return (struct census){ 0 };
	return (struct census){ sum_of(tab),   sum_of(bar), sum_of(semicolon), sum_of(comma),
				sum_of(colon), sum_of(at),  sum_of(equals),    sum_of(quote) };
}
#else
struct census line_census(struct str line)
{
	static const char signs[] = "\t|;,:@=\"";
	uint16_t n[8] = { 0 };

	for (size_t at = 0; at < line.n && at < CENSUS_MOST; at++)
		for (int i = 0; i < 8; i++)
			n[i] = (uint16_t)(n[i] + (line.p[at] == signs[i]));
	return (struct census){ n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7] };
}
#endif

size_t line_until(struct str s, size_t at, const char *stops)
{
	uint64_t set[2] = { 0 };

	for (; *stops; stops++)
		set[*stops >> 6 & 1] |= 1ULL << (*stops & 63);
	for (; at < s.n; at++) {
		unsigned char c = (unsigned char)s.p[at];

		if (c < 128 && set[c >> 6] >> (c & 63) & 1)
			break;
	}
	return at < s.n ? at : s.n;
}

struct str line_unquote(struct str s)
{
	s = str_trim(s);
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'' || s.p[0] == '`') && s.p[s.n - 1] == s.p[0])
		s = str_slice(s, 1, s.n - 1);
	return s;
}

/* The tag that stands at the start of `s`: how long it is, 0 for none. */
static size_t tag_at(struct str s)
{
	size_t end;

	if (s.n < 3 || s.p[0] != '<' || (!ascii_is_alpha(s.p[1]) && s.p[1] != '/'))
		return 0;
	for (end = 1; end < s.n && end < 16 && (ascii_is_alnum(s.p[end]) || s.p[end] == '/'); end++)
		;
	return end < s.n && s.p[end] == '>' ? end + 1 : 0;
}

struct str line_peel(struct str line)
{
	size_t tag;

	if (line.n == 0 || (ascii_is_alnum(line.p[0]) && line.p[line.n - 1] != '>'))
		return line;
	while (line.n > 1 && line.p[0] == '>' && (line.p[1] == ' ' || line.p[1] == '>'))
		line = str_trim(str_slice(line, 1, line.n));
	while ((tag = tag_at(line)) > 0)
		line = str_trim(str_slice(line, tag, line.n));
	if (line.n > 3 && line.p[line.n - 1] == '>') {
		const char *open = memrchr(line.p, '<', line.n);

		if (open && open > line.p &&
		    tag_at((struct str){ open, (size_t)(line.p + line.n - open) }) == (size_t)(line.p + line.n - open))
			line.n = (size_t)(open - line.p);
	}
	if (line.n > 4 && (line.p[0] == '"' || line.p[0] == '\'')) {
		size_t end = line.p[line.n - 1] == ',' ? line.n - 1 : line.n;

		if (line.p[end - 1] == line.p[0] && !memchr(line.p + 1, line.p[0], end - 2))
			line = str_slice(line, 1, end - 1);
	}
	return line;
}

bool line_cell(struct str *rest, char separator, struct str *cell)
{
	size_t end = 0;
	bool quoted = false;

	if (!rest->p)
		return false;
	for (; end < rest->n && (quoted || rest->p[end] != separator); end++)
		quoted ^= rest->p[end] == '"';
	*cell = line_unquote(str_slice(*rest, 0, end));
	*rest = end < rest->n ? str_slice(*rest, end + 1, rest->n) : (struct str){ 0 };
	return true;
}

/* Endings of files that look like names of hosts. */
static bool is_file_ending(struct str s)
{
	static const char endings[] =
		" png jpg jpeg gif svg webp css js ts json html htm yml yaml xml txt log cpp hpp java php rb exe dll gz "
		"bz2 tgz class conf cfg ini md5 sha asc sig deb rpm pdf csv lua vue tsx sql bak dat tar bin ";
	char word[8] = " ";

	if (s.n > 5)
		return false;
	for (size_t i = 0; i < s.n; i++)
		word[1 + i] = ascii_lower(s.p[i]);
	word[1 + s.n] = ' ';
	return strstr(endings, word) != NULL;
}

bool line_is_ipv4(struct str s)
{
	size_t dots = 0, digits = 0;
	unsigned value = 0;

	if (s.n < 7 || s.n > 15)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.') {
			if (digits == 0)
				return false;
			dots++;
			digits = value = 0;
			continue;
		}
		value = value * 10 + (unsigned)(s.p[i] - '0');
		if (!ascii_is_digit(s.p[i]) || ++digits > 3 || value > 255)
			return false;
	}
	return dots == 3 && digits > 0;
}

bool line_is_host(struct str s)
{
	size_t dots = 0, last = 0;

	if (s.n < 4 || s.n > 253 || !ascii_is_alnum(s.p[s.n - 1]))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (!ascii_is_alnum(s.p[i]) && c != '.' && c != '-' && c != '_' && c < 0x80)
			return false;
		if (c == '.') {
			if (i == last)
				return false;
			dots++;
			last = i + 1;
		}
	}
	if (dots == 0)
		return false;
	s = str_slice(s, last, s.n);
	return (s.n >= 2 && ascii_is_alpha(s.p[0]) && !is_file_ending(s)) || (dots == 3 && ascii_is_digit(s.p[0]));
}

struct str line_host_of(struct str address)
{
	ssize_t scheme = str_find(str_slice(address, 0, 24), STR("://"));
	struct str host;
	size_t start = scheme >= 0 ? (size_t)scheme + 3 : 0;
	const char *at;

	host = str_slice(address, start, line_until(address, start, "/?#|;, \t"));
	at = host.n ? memrchr(host.p, '@', host.n) : NULL;
	if (at)
		host = str_slice(host, (size_t)(at - host.p) + 1, host.n);
	return str_slice(host, 0, line_until(host, 0, ":"));
}

bool line_is_example_host(struct str host)
{
	static const char *const hosts[] = {
		"example.com", "example.org", "example.net", "test.com", "domain.com", "localhost"
	};

	for (size_t i = 0; host.n > 7 && i < sizeof(hosts) / sizeof(*hosts); i++) {
		struct str known = str_of(hosts[i]), tail = host.n > known.n ? str_slice(host, host.n - known.n, host.n) : host;

		if (str_eq_nocase(tail, known) && (host.n == known.n || host.p[host.n - known.n - 1] == '.'))
			return true;
	}
	return false;
}

static bool is_local_part(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !(s.p[i] & 0x80) && !strchr(".!#$%&'*+-/=?^_`{}~", s.p[i]))
			return false;
	return s.n > 0 && s.n <= 64;
}

struct str line_mail_domain(struct str s)
{
	const char *at = s.n ? memchr(s.p, '@', s.n) : NULL;
	struct str domain;

	if (!at || !is_local_part(str_slice(s, 0, (size_t)(at - s.p))))
		return (struct str){ 0 };
	domain = str_slice(s, (size_t)(at - s.p) + 1, s.n);
	return line_is_host(domain) && ascii_is_alpha(domain.p[domain.n - 1]) ? domain : (struct str){ 0 };
}

int line_kinds(struct str s)
{
	unsigned seen = 0;

	for (size_t i = 0; i < s.n; i++)
		seen |= ascii_is_digit(s.p[i])		 ? 1u
			: s.p[i] >= 'a' && s.p[i] <= 'z' ? 2u
			: s.p[i] >= 'A' && s.p[i] <= 'Z' ? 4u
							 : 8u;
	return __builtin_popcount(seen);
}

size_t line_letters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ascii_is_alpha(s.p[i]);
	return n;
}

size_t line_digits(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ascii_is_digit(s.p[i]);
	return n;
}

static bool is_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_hex(s.p[i]) < 0)
			return false;
	return s.n > 0;
}

bool line_is_hash(struct str s)
{
	static const char *const starts[] = {
		"$1$",	  "$2a$",  "$2b$",  "$2y$",	 "$5$",	   "$6$",     "$7$",	"$y$",
		"$gy$",	  "$P$",   "$H$",   "$S$",	 "$apr1$", "$argon2", "pbkdf2", "scrypt:",
		"{SSHA}", "{SHA}", "{MD5}", "{SSHA512}", "sha1$",  "sha256$", "md5$",	"bcrypt$"
	};

	if (s.n == 32 || s.n == 40 || s.n == 56 || s.n == 64 || s.n == 96 || s.n == 128)
		return is_hex(s) && line_kinds(s) > 1;
	if (s.n == 41 && s.p[0] == '*')
		return is_hex(str_slice(s, 1, s.n));
	if (s.n < 20)
		return false;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (str_starts(s, str_of(starts[i])))
			return true;
	return false;
}

bool line_is_password(struct str s)
{
	if (s.n < PASSWORD_LEAST || s.n > PASSWORD_MOST)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_space(s.p[i]) || (unsigned char)s.p[i] < 0x20)
			return false;
	return s.p[0] != '<' && str_find(s, STR("://")) < 0 && !str_starts(s, STR("//")) && line_mail_domain(s).n == 0 &&
	       !str_ends(s, STR("...")) && str_find(s, STR("xxx")) < 0 && str_find(s, STR("***")) < 0;
}

uint32_t line_hash(struct str s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)ascii_lower(s.p[i])) * 16777619u;
	return h | 1;
}
