/* punycode.c - the Unicode form of a label that is written xn--... (RFC 3492) */
#include "classify/punycode.h"

#include "base/utf8.h"

enum { BASE = 36, LEAST = 1, MOST = 26, SKEW = 38, DAMP = 700, FIRST_BIAS = 72, FIRST_CODE = 128, LABEL = 63 };

static int digit_of(char c)
{
	c = ascii_lower(c);
	if (ascii_is_digit(c))
		return c - '0' + 26;
	return c >= 'a' && c <= 'z' ? c - 'a' : -1;
}

/* RFC 3492 6.1 */
static uint32_t adapt(uint32_t delta, uint32_t count, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	delta += delta / count;
	for (; delta > (BASE - LEAST) * MOST / 2; k += BASE)
		delta /= BASE - LEAST;
	return k + (BASE - LEAST + 1) * delta / (delta + SKEW);
}

/* One generalised variable-length integer, added to *i; false when it is none or too large. */
static bool read_delta(struct str in, size_t *at, uint32_t bias, uint32_t *i)
{
	uint64_t weight = 1, sum = *i;

	for (uint32_t k = BASE;; k += BASE) {
		uint32_t threshold = k <= bias ? LEAST : k >= bias + MOST ? MOST : k - bias;
		int digit = *at < in.n ? digit_of(in.p[(*at)++]) : -1;

		if (digit < 0)
			return false;
		sum += (uint64_t)digit * weight;
		if (sum > UINT32_MAX)
			return false;
		if ((uint32_t)digit < threshold)
			break;
		weight *= BASE - threshold;
		if (weight > UINT32_MAX)
			return false;
	}
	*i = (uint32_t)sum;
	return true;
}

static size_t write_utf8(const uint32_t *codes, uint32_t n, char *out, size_t room)
{
	size_t written = 0;

	for (uint32_t k = 0; k < n; k++) {
		char bytes[4];
		size_t length = utf8_put(codes[k], bytes);

		if (length == 0 || written + length > room)
			return 0;
		memcpy(out + written, bytes, length);
		written += length;
	}
	return written;
}

size_t punycode_decode(struct str label, char *out, size_t room)
{
	uint32_t codes[LABEL], n = 0, code = FIRST_CODE, bias = FIRST_BIAS, i = 0;
	const char *hyphen = label.n && label.n <= LABEL ? memrchr(label.p, '-', label.n) : NULL;
	size_t at = 0;

	if (label.n == 0 || label.n > LABEL)
		return 0;
	if (hyphen) {
		for (; label.p + at < hyphen; at++)
			codes[n++] = (unsigned char)ascii_lower(label.p[at]);
		at++;
	}
	for (; at < label.n; i++) {
		uint32_t before = i;

		if (n == LABEL || !read_delta(label, &at, bias, &i))
			return 0;
		bias = adapt(i - before, n + 1, before == 0);
		if (i / (n + 1) > 0x10ffff - code)
			return 0;
		code += i / (n + 1);
		i %= n + 1;
		memmove(codes + i + 1, codes + i, (n - i) * sizeof(*codes));
		codes[i] = code;
		n++;
	}
	return write_utf8(codes, n, out, room);
}
