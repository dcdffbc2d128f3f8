/* host.c - the host of an address, written one way */
#include "crawler/host.h"

#include <stdio.h>

#include <unicode/uidna.h>

/* One number of an IPv4 address: decimal, 0x hexadecimal or 0 octal. 1 read, 0 no number; too large is UINT64_MAX. */
static int ipv4_number(struct str s, uint64_t *out)
{
	unsigned base = 10;
	uint64_t value = 0;

	if (s.n == 0)
		return 0;
	if (s.n >= 2 && s.p[0] == '0' && ascii_lower(s.p[1]) == 'x') {
		base = 16;
		s = str_slice(s, 2, s.n);
	} else if (s.n >= 2 && s.p[0] == '0') {
		base = 8;
		s = str_slice(s, 1, s.n);
	}
	for (size_t i = 0; i < s.n; i++) {
		int digit = ascii_hex(s.p[i]);

		if (digit < 0 || digit >= (int)base)
			return 0;
		value = value > UINT32_MAX ? UINT64_MAX : value * base + (unsigned)digit;
	}
	*out = value;
	return 1;
}

static struct str without_last_dot(struct str host)
{
	return host.n && host.p[host.n - 1] == '.' ? str_slice(host, 0, host.n - 1) : host;
}

bool host_is_number(struct str host)
{
	struct str last = without_last_dot(host);
	uint64_t ignored;
	bool digits = true;

	for (size_t i = last.n; i > 0; i--)
		if (last.p[i - 1] == '.') {
			last = str_slice(last, i, last.n);
			break;
		}
	for (size_t i = 0; i < last.n; i++)
		digits = digits && ascii_is_digit(last.p[i]);
	return last.n && (digits || ipv4_number(last, &ignored));
}

static int put_ipv4(struct sheet *s, struct str host)
{
	struct str rest = without_last_dot(host), label;
	uint64_t numbers[4], address = 0;
	char text[20];
	size_t n = 0;

	if (rest.n && rest.p[rest.n - 1] == '.') /* "1.2..": an empty last number */
		return 0;
	while (str_split(&rest, '.', &label))
		if (n == 4 || !ipv4_number(label, &numbers[n++]))
			return 0;
	for (size_t i = 0; i + 1 < n; i++) {
		if (numbers[i] > 255)
			return 0;
		address |= numbers[i] << (24 - 8 * i);
	}
	if (n == 0 || numbers[n - 1] >= UINT64_C(1) << (8 * (5 - n)))
		return 0;
	address += numbers[n - 1];
	snprintf(text, sizeof(text), "%u.%u.%u.%u", (unsigned)(address >> 24), (unsigned)(address >> 16 & 255),
		 (unsigned)(address >> 8 & 255), (unsigned)(address & 255));
	put(s, str_of(text));
	return 1;
}

/* The dotted end of an IPv6 address, as two pieces: 1 read, 0 not such an address. */
static int ipv6_dotted(struct str s, uint16_t *pieces)
{
	struct str label;
	uint64_t value;
	int n = 0;

	if (s.n && s.p[s.n - 1] == '.')
		return 0;
	while (str_split(&s, '.', &label)) {
		if (n == 4 || !str_number(label, 255, &value) || (label.n > 1 && label.p[0] == '0'))
			return 0;
		pieces[n / 2] = (uint16_t)(pieces[n / 2] << 8 | value);
		n++;
	}
	return n == 4;
}

static int ipv6_read(struct str s, uint16_t pieces[8])
{
	int n = 0, gap = -1;
	size_t i = 0;

	memset(pieces, 0, 8 * sizeof(*pieces));
	if (str_starts(s, STR("::"))) {
		i = 2;
		gap = 0;
	}
	while (i < s.n) {
		unsigned value = 0;
		size_t start = i;

		if (n == 8)
			return 0;
		if (s.p[i] == ':') {
			if (gap >= 0 || i == 0)
				return 0;
			gap = n;
			i++;
			continue;
		}
		while (i < s.n && i - start < 4 && ascii_hex(s.p[i]) >= 0)
			value = value << 4 | (unsigned)ascii_hex(s.p[i++]);
		if (i < s.n && s.p[i] == '.') {
			if (i == start || n > 6 || !ipv6_dotted(str_slice(s, start, s.n), pieces + n))
				return 0;
			n += 2;
			i = s.n;
			break;
		}
		if (i == start || (i < s.n && s.p[i] != ':') || (i + 1 == s.n))
			return 0;
		pieces[n++] = (uint16_t)value;
		i++;
	}
	if (gap < 0)
		return n == 8;
	if (n == 8)
		return 0;
	memmove(pieces + gap + 8 - n, pieces + gap, (size_t)(n - gap) * sizeof(*pieces));
	memset(pieces + gap, 0, (size_t)(8 - n) * sizeof(*pieces));
	return 1;
}

/* The longest run of two or more zero pieces, the first among equals: its start and length. */
static int zero_run(const uint16_t pieces[8], int *length)
{
	int best = -1, most = 1;

	for (int i = 0; i < 8; i++) {
		int n = 0;

		while (i + n < 8 && pieces[i + n] == 0)
			n++;
		if (n > most) {
			best = i;
			most = n;
		}
		i += n;
	}
	*length = most;
	return best;
}

static int put_ipv6(struct sheet *s, struct str host)
{
	uint16_t pieces[8];
	int length, run;
	char text[8];

	if (!ipv6_read(host, pieces))
		return 0;
	run = zero_run(pieces, &length);
	put_char(s, '[');
	for (int i = 0; i < 8; i++) {
		if (i == run) {
			put(s, i ? STR(":") : STR("::"));
			i += length - 1;
			continue;
		}
		snprintf(text, sizeof(text), "%x", pieces[i]);
		put(s, str_of(text));
		if (i < 7)
			put_char(s, ':');
	}
	put_char(s, ']');
	return 1;
}

static size_t percent_decode(struct str s, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && i + 2 < s.n && ascii_hex(s.p[i + 1]) >= 0 && ascii_hex(s.p[i + 2]) >= 0) {
			out[n++] = (char)(ascii_hex(s.p[i + 1]) << 4 | ascii_hex(s.p[i + 2]));
			i += 2;
		} else {
			out[n++] = s.p[i];
		}
	}
	return n;
}

/* UTS 46 as the URL standard's "domain to ASCII", not strict. Returns the length, 0 when it is no domain. */
static size_t to_ascii(struct str host, char *out, size_t room)
{
	UErrorCode code = U_ZERO_ERROR;
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UIDNA *idna = uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, &code);
	int32_t n;
	/* Not strict: lengths and hyphens do not matter. */
	const uint32_t harmless = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG |
				  UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;

	if (U_FAILURE(code))
		return 0;
	n = uidna_nameToASCII_UTF8(idna, host.p, (int32_t)host.n, out, (int32_t)room, &info, &code);
	uidna_close(idna);
	if (U_FAILURE(code) || n <= 0 || (size_t)n > room || info.errors & ~harmless)
		return 0;
	return (size_t)n;
}

/* Not strict: a name in ASCII is only put in lower case, whatever its labels claim to encode. */
static bool is_ascii(struct str host)
{
	for (size_t i = 0; i < host.n; i++)
		if ((unsigned char)host.p[i] >= 0x80)
			return false;
	return true;
}

static bool has_forbidden(struct str host)
{
	for (size_t i = 0; i < host.n; i++) {
		unsigned char c = (unsigned char)host.p[i];

		if (c <= ' ' || c >= 0x7f || strchr("#/:<>?@[\\]^|%", c))
			return true;
	}
	return false;
}

static int put_domain(struct sheet *s, struct str host, struct err *err)
{
	char decoded[LIMIT_URL], ascii[LIMIT_URL];
	struct str domain;

	if (host.n > sizeof(decoded))
		return not_an_address(err, "host too long", host);
	domain = (struct str){ decoded, percent_decode(host, decoded) };
	if (is_ascii(domain)) {
		for (size_t i = 0; i < domain.n; i++)
			ascii[i] = ascii_lower(decoded[i]);
		domain.p = ascii;
	} else {
		domain = (struct str){ ascii, to_ascii(domain, ascii, sizeof(ascii)) };
	}
	if (domain.n == 0 || has_forbidden(domain))
		return not_an_address(err, "not a host name", host);
	if (!host_is_number(domain))
		put(s, domain);
	else if (!put_ipv4(s, domain))
		return not_an_address(err, "not an IPv4 address", host);
	return 0;
}

int host_write(struct sheet *s, struct str host, struct err *err)
{
	if (host.n == 0)
		return not_an_address(err, "an address without a host", host);
	if (host.p[0] != '[')
		return put_domain(s, host, err);
	if (host.p[host.n - 1] != ']' || !put_ipv6(s, str_slice(host, 1, host.n - 1)))
		return not_an_address(err, "not an IPv6 address", host);
	return 0;
}
