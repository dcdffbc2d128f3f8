/* decode.c - open what is encoded in a text */
/* Hot: ordinary text is only searched, for long runs of base64's digits 64 bytes at a time, by memchr for the others. */
#include "classify/decode.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/limits.h"
#include "base/utf8.h"
#include "classify/unpack.h"

enum {
	LEAST = 24,	    /* characters of base64 or hexadecimal that are worth a look: 18 bytes */
	LEAST_LINE = 16,    /* ... of which the first line may have so few, when more lines follow; one step of next_run() */
	BLOCK = 64,	    /* bytes searched at once */
	LINE_AROUND = 4096, /* bytes around an escape that are decoded with it, when its line is longer */
};

/* A layer being made. */
struct making {
	struct layers *l;
	struct str from;
	char *text;
	struct origin *origins;
	size_t n, cap;
};

void layers_begin(struct layers *l, struct arena *a, struct str text)
{
	*l = (struct layers){ .a = a };
	*(struct layer *)arena_push(a, &l->items, &l->n, sizeof(*l->items)) = (struct layer){ .text = text };
}

struct span layers_root(const struct layers *l, struct span span)
{
	while (span.layer > 0 && (size_t)span.layer < l->n) {
		const struct layer *layer = &l->items[span.layer];
		size_t last = layer->text.n - 1, start = layer->origins[span.start < last ? span.start : last].start;

		/* What stands for nothing outside, a line end between two pieces, is an empty place there. */
		span = (struct span){ layer->outer, start, span.end > span.start ? layer->origins[span.end - 1].end : start };
	}
	return span;
}

/* Room for `n` more bytes; false when the ceiling is met. */
static bool make_room(struct making *m, size_t n)
{
	size_t cap = m->cap ? m->cap * 2 : KIB(4);
	char *text;
	struct origin *origins;

	if (m->n + n <= m->cap)
		return true;
	if (m->l->decoded + m->n + n > LIMIT_DECODED_TEXT) {
		m->l->full = true;
		return false;
	}
	cap = cap < m->n + n ? m->n + n : cap;
	text = arena_alloc(m->l->a, cap);
	origins = arena_alloc(m->l->a, cap * sizeof(*origins));
	if (m->n) {
		memcpy(text, m->text, m->n);
		memcpy(origins, m->origins, m->n * sizeof(*origins));
	}
	m->text = text;
	m->origins = origins;
	m->cap = cap;
	return true;
}

static void put(struct making *m, char c, size_t start, size_t end)
{
	if (!make_room(m, 1))
		return;
	m->origins[m->n] = (struct origin){ (uint32_t)start, (uint32_t)end };
	m->text[m->n++] = c;
}

static void finish(struct making *m, size_t outer, const char *coding)
{
	struct layer *layer;

	if (m->n == 0)
		return;
	if (m->l->n >= LIMIT_LAYERS) {
		m->l->full = true;
		return;
	}
	m->l->decoded += m->n;
	layer = arena_push(m->l->a, &m->l->items, &m->l->n, sizeof(*layer));
	*layer = (struct layer){ .coding = coding,
				 .outer = (int)outer,
				 .depth = m->l->items[outer].depth + 1,
				 .text = { m->text, m->n },
				 .origins = m->origins };
}

/* ---- base64 and hexadecimal ---- */

/* The value of each digit of base64, standard and url-safe, plus one; 0 for other bytes. */
static const unsigned char digits64[256] = {
	['A'] = 1,  ['B'] = 2,	['C'] = 3,  ['D'] = 4,	['E'] = 5,  ['F'] = 6,	['G'] = 7,  ['H'] = 8,	['I'] = 9,  ['J'] = 10,
	['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20,
	['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30,
	['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
	['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50,
	['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60,
	['8'] = 61, ['9'] = 62, ['+'] = 63, ['-'] = 63, ['/'] = 64, ['_'] = 64,
};

static bool is_digit64(char c)
{
	return digits64[(unsigned char)c] != 0;
}

/* A run of digits, which may go on in the next lines. */
struct blob {
	size_t start, end;
	size_t n;    /* digits */
	bool is_hex; /* all of them */
};

static size_t run_end(struct str s, size_t at)
{
	while (at < s.n && is_digit64(s.p[at]))
		at++;
	return at;
}

/* Where the digits of the next line begin, when it holds nothing else; 0 when it does. */
static size_t next_line(struct str s, size_t at, size_t *end)
{
	at += at < s.n && s.p[at] == '\r';
	if (at >= s.n || s.p[at] != '\n')
		return 0;
	at++;
	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == '>'))
		at++;
	*end = run_end(s, at);
	if (*end == at || (*end < s.n && !memchr("=\r\n", s.p[*end], 3)))
		return 0;
	return at;
}

/* The blob that holds the byte at `at`, which is a digit. */
static struct blob blob_around(struct str s, size_t from, size_t at)
{
	struct blob b = { .start = at, .is_hex = true };
	size_t start, end, width, before = SIZE_MAX;

	while (b.start > from && is_digit64(s.p[b.start - 1]))
		b.start--;
	b.end = run_end(s, at);
	b.n = width = b.end - b.start;
	while (width <= before && (start = next_line(s, b.end, &end)) > 0) {
		before = before == SIZE_MAX ? SIZE_MAX - 1 : width; /* the first line may be cut by what stands before it */
		width = end - start;
		b.n += width;
		b.end = end;
	}
	for (size_t i = b.start; b.is_hex && i < b.end; i++)
		b.is_hex = !is_digit64(s.p[i]) || ascii_hex(s.p[i]) >= 0;
	return b;
}

/* The first digits of a blob, without what stands between them: how many. */
static size_t head_of(struct str s, const struct blob *b, char *out, size_t room)
{
	size_t n = 0;

	for (size_t i = b->start; i < b->end && n < room; i++)
		if (is_digit64(s.p[i]))
			out[n++] = s.p[i];
	return n;
}

/* How decoding goes on: four digits make three bytes, two hexadecimal ones make one. */
struct decoding {
	bool hex;
	unsigned skip; /* digits before the first that counts */
	uint32_t bits;
	int held;
};

/* Take a digit: true when *byte is a further byte. */
static bool take(struct decoding *d, char c, char *byte)
{
	int width = d->hex ? 4 : 6;

	if (d->skip) {
		d->skip--;
		return false;
	}
	d->bits = d->bits << width | (uint32_t)(d->hex ? ascii_hex(c) : digits64[(unsigned char)c] - 1);
	d->held += width;
	if (d->held < 8)
		return false;
	d->held -= 8;
	*byte = (char)(d->bits >> d->held & 255);
	return true;
}

/* Do the first digits decode to what may be text, from digit `skip` on? */
static bool promises(struct str head, bool hex, unsigned skip)
{
	struct decoding d = { .hex = hex, .skip = skip };
	char bytes[96];
	size_t n = 0;

	for (size_t i = 0; i < head.n && n < sizeof(bytes); i++)
		n += take(&d, head.p[i], &bytes[n]);
	return unpack_promises((struct str){ bytes, n });
}

/* Decode it all, and keep it as a line when it is text. */
static bool open_blob(struct making *m, const struct blob *b, bool hex, unsigned skip)
{
	struct decoding d = { .hex = hex, .skip = skip };
	char *bytes = arena_alloc(m->l->a, b->n + 1);
	struct origin *origins = arena_alloc(m->l->a, (b->n + 1) * sizeof(*origins));
	size_t n = 0, last = b->start;
	struct str text;
	enum unpacked kind;

	for (size_t i = b->start; i < b->end; i++) {
		if (!is_digit64(m->from.p[i]) || !take(&d, m->from.p[i], &bytes[n]))
			continue;
		origins[n++] = (struct origin){ (uint32_t)last, (uint32_t)i + 1 };
		last = hex || d.held == 0 ? i + 1 : i;
	}
	kind = unpack(m->l->a, (struct str){ bytes, n }, LIMIT_DECODED_TEXT - m->l->decoded, &text);
	if (kind == UNPACKED_NONE || !make_room(m, text.n + 1))
		return kind != UNPACKED_NONE;
	for (size_t i = 0; i < text.n; i++)
		put(m, text.p[i], kind == UNPACKED_TEXT ? origins[i].start : b->start,
		    kind == UNPACKED_TEXT ? origins[i].end : b->end);
	put(m, '\n', b->end, b->end);
	return true;
}

static void read_blob(struct making *hex, struct making *base64, const struct blob *b)
{
	char head[128];
	struct str start = { head, head_of(base64->from, b, head, sizeof(head)) };

	for (unsigned skip = 0; b->is_hex && skip < 2; skip++)
		if (promises(start, true, skip) && open_blob(hex, b, true, skip))
			return;
	for (unsigned skip = 0; skip < 4; skip++)
		if (promises(start, false, skip) && open_blob(base64, b, false, skip))
			return;
}

/* Which of the BLOCK bytes at `p` are digits of base64, a bit each. */
static uint64_t digits_in(const char *p)
{
	uint64_t mask = 0;

#ifdef __SSE2__
	const __m128i small = _mm_set1_epi8(0x20);
	/* x in [first, first + n) for unsigned bytes: x - first + 128 < n - 128 as signed ones */
	const __m128i a = _mm_set1_epi8((char)('a' + 128)), zero = _mm_set1_epi8((char)('0' + 128));
	const __m128i letters = _mm_set1_epi8(26 - 128), figures = _mm_set1_epi8(10 - 128);

	for (int i = 0; i < BLOCK; i += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		__m128i is = _mm_cmplt_epi8(_mm_sub_epi8(_mm_or_si128(x, small), a), letters);

		is = _mm_or_si128(is, _mm_cmplt_epi8(_mm_sub_epi8(x, zero), figures));
		is = _mm_or_si128(is, _mm_cmpeq_epi8(x, _mm_set1_epi8('+')));
		is = _mm_or_si128(is, _mm_cmpeq_epi8(x, _mm_set1_epi8('/')));
		is = _mm_or_si128(is, _mm_cmpeq_epi8(x, _mm_set1_epi8('-')));
		is = _mm_or_si128(is, _mm_cmpeq_epi8(x, _mm_set1_epi8('_')));
		is = _mm_andnot_si128(_mm_cmplt_epi8(x, _mm_setzero_si128()), is);
		mask |= (uint64_t)(unsigned)_mm_movemask_epi8(is) << i;
	}
#else
	for (int i = 0; i < BLOCK; i++)
		mask |= (uint64_t)is_digit64(p[i]) << i;
#endif
	return mask;
}

/* Where a run of LEAST_LINE digits stands at `at` or later; s.n for none. */
static size_t next_run(struct str s, size_t at)
{
	char tail[BLOCK];

	for (; at < s.n; at += BLOCK - LEAST_LINE) {
		const char *p = s.p + at;
		uint64_t run;

		if (s.n - at < BLOCK) {
			memset(tail, ' ', sizeof(tail));
			memcpy(tail, p, s.n - at);
			p = tail;
		}
		run = digits_in(p);
		for (int step = 1; step < LEAST_LINE; step *= 2)
			run &= run >> step;
		if (run)
			return at + (size_t)__builtin_ctzll(run);
	}
	return s.n;
}

static void open_blobs(struct layers *l, size_t index)
{
	struct str s = l->items[index].text;
	struct making hex = { .l = l, .from = s }, base64 = { .l = l, .from = s };
	size_t done = 0;

	for (size_t at = next_run(s, 0); at < s.n; at = next_run(s, done)) {
		struct blob b = blob_around(s, done, at);

		done = b.end;
		if (b.n >= LEAST)
			read_blob(&hex, &base64, &b);
	}
	finish(&hex, index, "hex");
	finish(&base64, index, "base64");
}

/* ---- bytes apart: "61 62 63", "61:62:63" ---- */

enum { LEAST_APART = 16 /* bytes; a MAC address has 6, a digest apart by colons 20 */ };

static bool is_pair(struct str s, size_t at)
{
	return at + 1 < s.n && ascii_hex(s.p[at]) >= 0 && ascii_hex(s.p[at + 1]) >= 0;
}

/* Pairs of digits apart by the same sign, a line end in its place allowed, from `at` on: how many. */
static size_t pairs_from(struct str s, size_t at, size_t *end)
{
	char sign = s.p[at + 2];
	size_t n = 0;

	*end = at;
	while (is_pair(s, at)) {
		n++;
		*end = at + 2;
		if (at + 2 >= s.n || (s.p[at + 2] != sign && s.p[at + 2] != '\n'))
			break;
		at += 3;
	}
	return n;
}

static void open_pairs_at(struct making *m, size_t at, size_t n)
{
	char *bytes = arena_alloc(m->l->a, n);
	struct str text;

	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)(ascii_hex(m->from.p[at + 3 * i]) << 4 | ascii_hex(m->from.p[at + 3 * i + 1]));
	if (unpack(m->l->a, (struct str){ bytes, n }, LIMIT_DECODED_TEXT - m->l->decoded, &text) != UNPACKED_TEXT)
		return;
	for (size_t i = 0; i < n; i++)
		put(m, text.p[i], at + 3 * i, at + 3 * i + 2);
	put(m, '\n', at + 3 * n - 1, at + 3 * n - 1);
}

static void open_pairs(struct layers *l, size_t index)
{
	struct making m = { .l = l, .from = l->items[index].text };
	size_t step = 3 * (LEAST_APART / 2), done = 0;

	for (size_t at = step; at + 6 < m.from.n; at += step)
		for (size_t k = at; k < at + 3; k++) {
			size_t end, n;

			if (!is_pair(m.from, k) || !is_pair(m.from, k + 3) || !memchr(" :,-", m.from.p[k + 2], 4))
				continue;
			while (k >= done + 3 && is_pair(m.from, k - 3) && m.from.p[k - 1] == m.from.p[k + 2])
				k -= 3;
			n = pairs_from(m.from, k, &end);
			if (n >= LEAST_APART)
				open_pairs_at(&m, k, n);
			done = end;
			at = end > at ? end : at;
			break;
		}
	finish(&m, index, "hex");
}

/* ---- escapes within a text ---- */

/* Escapes that stand for no character; the second says nothing of a text, "=" ends base64 too, the third says all by itself. */
#define NOTHING	   UINT32_MAX
#define SOFT_BREAK (UINT32_MAX - 1)
#define SURE_BREAK (UINT32_MAX - 2)

/* An escape at `at`: its length, and the character in *c. 0 when there is none. */
typedef size_t escape_at(struct str s, size_t at, uint32_t *c);

static size_t percent_at(struct str s, size_t at, uint32_t *c)
{
	if (at + 2 >= s.n || ascii_hex(s.p[at + 1]) < 0 || ascii_hex(s.p[at + 2]) < 0)
		return 0;
	*c = (uint32_t)(ascii_hex(s.p[at + 1]) << 4 | ascii_hex(s.p[at + 2]));
	return 3;
}

/* A line of the length that quoted-printable breaks at, and one that goes on below it: no padding of base64. */
static bool is_soft_break(struct str s, size_t at, size_t next)
{
	enum { SHORTEST = 60, LONGEST = 76 };
	size_t n = 0;

	while (n <= LONGEST && n < at && s.p[at - n - 1] != '\n')
		n++;
	return n >= SHORTEST && n <= LONGEST && s.p[at - 1] != '=' && next < s.n && !ascii_is_space(s.p[next]);
}

/* "=3D", and "=" at the end of a line that goes on: no character then. */
static size_t quoted_at(struct str s, size_t at, uint32_t *c)
{
	size_t n = at + 1 < s.n && s.p[at + 1] == '\n' ? 2 : at + 2 < s.n && s.p[at + 1] == '\r' && s.p[at + 2] == '\n' ? 3 : 0;

	if (n) {
		*c = is_soft_break(s, at, at + n) ? SURE_BREAK : SOFT_BREAK;
		return n;
	}
	if (at + 2 < s.n && (ascii_is_alpha(s.p[at + 1]) && s.p[at + 1] > 'F'))
		return 0;
	return percent_at(s, at, c);
}

static uint32_t hex_number(struct str s, size_t at, size_t n)
{
	uint32_t value = 0;

	for (size_t i = at; i < at + n; i++) {
		if (i >= s.n || ascii_hex(s.p[i]) < 0)
			return NOTHING;
		value = value << 4 | (uint32_t)ascii_hex(s.p[i]);
	}
	return value;
}

/* \n \t \" \\ \/ \u0040 \x40, as JSON, JavaScript, C and shells write them. */
static size_t backslash_at(struct str s, size_t at, uint32_t *c)
{
	static const char signs[] = "nrt\"'\\/", meanings[] = "\n\r\t\"'\\/";
	char next = at + 1 < s.n ? s.p[at + 1] : 0;
	const char *known = next ? strchr(signs, next) : NULL;
	size_t digits = next == 'u' ? 4 : next == 'x' ? 2 : 0;

	if (known) {
		*c = (uint32_t)(unsigned char)meanings[known - signs];
		return 2;
	}
	if (digits == 0)
		return 0;
	*c = hex_number(s, at + 2, digits);
	return *c >= SURE_BREAK ? 0 : 2 + digits;
}

/* &quot; &#64; &#x40;, as HTML writes them (HTML 13.5). */
static size_t entity_at(struct str s, size_t at, uint32_t *c)
{
	static const struct {
		struct str name;
		uint32_t c;
	} names[] = { { STR("quot;"), '"' }, { STR("amp;"), '&' },   { STR("lt;"), '<' },
		      { STR("gt;"), '>' },   { STR("apos;"), '\'' }, { STR("nbsp;"), ' ' } };
	struct str rest = str_slice(s, at + 1, s.n);
	bool hex = rest.n > 1 && (rest.p[1] == 'x' || rest.p[1] == 'X');
	size_t i = hex ? 2 : 1;

	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
		if (str_starts(rest, names[k].name)) {
			*c = names[k].c;
			return 1 + names[k].name.n;
		}
	if (rest.n < 3 || rest.p[0] != '#')
		return 0;
	for (*c = 0; i < rest.n && i < 9 && (hex ? ascii_hex(rest.p[i]) >= 0 : ascii_is_digit(rest.p[i])); i++)
		*c = *c * (hex ? 16 : 10) + (uint32_t)ascii_hex(rest.p[i]);
	return i < rest.n && i > (hex ? 2u : 1u) && rest.p[i] == ';' && *c <= 0x10ffff ? i + 2 : 0;
}

/* "> " at the start of a line, as replies quote (RFC 3676 4.5): nothing stands for it. */
static size_t quoting_at(struct str s, size_t at, uint32_t *c)
{
	size_t n = 0;

	*c = NOTHING;
	if (at > 0 && s.p[at - 1] != '\n')
		return 0;
	while (at + n < s.n && (s.p[at + n] == '>' || (n && s.p[at + n] == ' ' && s.p[at + n - 1] == '>')))
		n++;
	return n;
}

/* U+FFFD is what a zero byte became: Latin text in UTF-16 has one beside each character. */
static size_t zero_at(struct str s, size_t at, uint32_t *c)
{
	*c = NOTHING;
	return str_starts(str_slice(s, at, s.n), STR("\xef\xbf\xbd")) ? 3 : 0;
}

/* Could this escape hide something? A blank in an address and a line end at the end of a string do not. */
typedef bool escape_tells(struct str s, size_t end, uint32_t c);

static bool percent_tells(struct str s, size_t end, uint32_t c)
{
	enum { WORD = 16 };

	if (c == ' ') /* words, not one name with a blank */
		return str_find(str_slice(s, end, end + WORD), STR("%")) > 0;
	return c < 0x80 && (ascii_is_alnum((char)c) || memchr("@:=+\"\n\r\t", (int)c, 8));
}

static bool quoted_tells(struct str s, size_t end, uint32_t c)
{
	return c == SURE_BREAK || c == '=' || c == '@' || (end < s.n && s.p[end] == '=' && c != SOFT_BREAK);
}

static bool backslash_tells(struct str s, size_t end, uint32_t c)
{
	char next = end < s.n ? s.p[end] : 0;

	if (c == '"')
		return next == ':' || next == ',';
	if (c == '\n' || c == '\t' || c == '\r')
		return next && !memchr("\"'\\%)", next, 5) && !ascii_is_space(next);
	if (c == '\\')
		return next == 'x' || next == 'u';
	return c != '\'' && c != '/';
}

static bool entity_tells(struct str s, size_t end, uint32_t c)
{
	(void)s;
	(void)end;
	return c != '>' && c != '&' && c != ' ' && c < 0x80;
}

static bool always_tells(struct str s, size_t end, uint32_t c)
{
	(void)s;
	(void)end;
	(void)c;
	return true;
}

struct escape {
	const char *coding;
	char sign; /* the byte that every escape begins with */
	escape_at *at;
	escape_tells *tells;
	bool whole_text; /* lines are joined by it, or cut in the middle of characters */
	size_t least;	 /* so many that tell something, or nothing is opened */
};

static const struct escape escapes[] = {
	{ "percent", '%', percent_at, percent_tells, false, 1 },
	{ "quoted-printable", '=', quoted_at, quoted_tells, true, 2 },
	{ "escapes", '\\', backslash_at, backslash_tells, false, 1 },
	{ "entities", '&', entity_at, entity_tells, false, 1 },
	{ "quoting", '>', quoting_at, always_tells, false, 1 },
	{ "utf-16", '\xef', zero_at, always_tells, true, 8 },
};

/* The bytes around `at` that are decoded with it: its line, or what is near of a long one. */
static void line_around(struct str s, size_t from, size_t at, size_t *start, size_t *end)
{
	const char *stop = memchr(s.p + at, '\n', s.n - at);

	*end = stop ? (size_t)(stop - s.p) : s.n;
	if (*end - at > LINE_AROUND)
		*end = at + LINE_AROUND;
	*start = at;
	while (*start > from && s.p[*start - 1] != '\n' && at - *start < LINE_AROUND)
		(*start)--;
}

/* A byte that an escape stands for, or a character. */
static void put_escaped(struct making *m, uint32_t c, bool byte, size_t start, size_t end)
{
	char bytes[4];
	size_t n = 1;

	if (c >= SURE_BREAK)
		return;
	bytes[0] = (char)(c ? c : '?');
	if (!byte && c >= 0x80)
		n = utf8_put(c, bytes);
	for (size_t i = 0; i < n; i++)
		put(m, bytes[i], start, end);
}

/* Where the string ends that begins at `at`; s.n for nowhere. *lines: are there ends of lines in it? */
static size_t string_end(struct str s, size_t at, bool *lines)
{
	*lines = false;
	for (at++; at < s.n && s.p[at] != '"'; at++)
		if (s.p[at] == '\\' && at + 1 < s.n)
			*lines |= memchr("nr", s.p[++at], 2) != NULL;
	return at < s.n ? at : s.n;
}

/* The quotation marks around lines become ends of lines: what stood before the string is no part of its first. */
static void open_string(struct making *m, struct str s, size_t at, size_t *close, bool *lines)
{
	if (at > *close || *close == 0)
		*close = string_end(s, at, lines);
	put(m, *lines && *close < s.n ? '\n' : '"', at, at + 1);
}

/* Copy [start, end), escapes undone: how many there were. */
static size_t undo(struct making *m, const struct escape *e, size_t start, size_t end)
{
	struct str s = str_slice(m->from, 0, end);
	size_t n = 0, close = 0;
	bool lines = false;

	for (size_t i = start; i < end;) {
		uint32_t c;
		size_t length = s.p[i] == e->sign ? e->at(s, i, &c) : 0;

		if (e->sign == '\\' && s.p[i] == '"') {
			open_string(m, s, i++, &close, &lines);
			continue;
		}

		if (length) {
			put_escaped(m, c, e->sign != '\\', i, i + length);
			n++;
		} else {
			put(m, s.p[i], i, i + 1);
		}
		i += length ? length : 1;
	}
	return n;
}

/* The next escape that tells something, at `at` or later; s.n for none. Behind it *end, its character *c. */
static size_t next_telling(struct str s, const struct escape *e, size_t at, size_t *end, uint32_t *c)
{
	while (at < s.n) {
		const char *sign = memchr(s.p + at, e->sign, s.n - at);
		size_t length;

		if (!sign)
			break;
		at = (size_t)(sign - s.p);
		length = e->at(s, at, c);
		*end = at + length;
		if (length && e->tells(s, *end, *c))
			return at;
		at += length ? length : 1;
	}
	return s.n;
}

/* Are there as many as it takes? */
static bool is_worth_it(struct str s, const struct escape *e, size_t first)
{
	size_t n = 0, end;
	uint32_t c;

	for (size_t at = first; at < s.n && n < e->least; at = next_telling(s, e, at, &end, &c)) {
		e->at(s, at, &c);
		n += c == SURE_BREAK ? e->least : 1;
		at++;
	}
	return n >= e->least;
}

/* Escaped bytes may not make characters: replace what they broke. */
static void mend(struct making *m)
{
	struct str s = { m->text, m->n };
	uint32_t c;

	for (size_t i = 0, n; i < s.n; i += n) {
		n = utf8_next(str_slice(s, i, s.n), &c);
		if (n == 0 || c == 0)
			m->text[i] = '?';
		n = n ? n : 1;
	}
}

static void open_escapes(struct layers *l, size_t index, const struct escape *e)
{
	struct making m = { .l = l, .from = l->items[index].text };
	struct str s = m.from;
	size_t done = 0, start, end;
	uint32_t c;
	size_t at = next_telling(s, e, 0, &end, &c);

	if (!is_worth_it(s, e, at))
		return;
	if (e->whole_text) {
		undo(&m, e, 0, s.n);
		at = s.n;
	}
	for (; at < s.n; at = next_telling(s, e, done, &end, &c)) {
		line_around(s, done, at, &start, &end);
		undo(&m, e, start, end);
		put(&m, '\n', end, end);
		done = end;
	}
	mend(&m);
	finish(&m, index, e->coding);
}

void layers_open(struct layers *l, size_t index)
{
	if (l->items[index].depth >= LIMIT_DECODE_DEPTH)
		return;
	open_blobs(l, index);
	open_pairs(l, index);
	for (size_t i = 0; i < sizeof(escapes) / sizeof(*escapes); i++)
		open_escapes(l, index, &escapes[i]);
}
