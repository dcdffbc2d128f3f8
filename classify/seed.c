/* seed.c - seed phrases of wallets (BIP 39) */
/* Hot: every line comes here. One that does not end in a word of small letters, or is no list of them, leaves at once. */
/* classify/model/bip39.txt holds the English words of BIP 39 (public domain), eight a line, each nine bytes wide. */
#include "classify/seed.h"

#include <string.h>

#include "base/embed.h"
#include "classify/validate_tables.h"

enum { WORDS = 2048, WIDTH = 9, LONGEST = 400, SHORTEST = 3, LETTERS = 8, BITS = 11 };

struct str seed_list(void)
{
	const struct embed *file = embed_find("classify/model/bip39.txt");

	return file && file->content.n >= WORDS * WIDTH ? file->content : (struct str){ 0 };
}

/* Eight bytes as a number whose order is that of the bytes. */
static uint64_t order_of(const char *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof(value));
	return __builtin_bswap64(value);
}

/* Where the words of each first letter begin in the list, and the second letters that they have, a bit each. */
static const uint16_t starts[27] = {
	0,    136,  253,  439,	551,  651,  757,  833,	897,  952,  972,  992,	1068, 1173,
	1214, 1269, 1401, 1409, 1517, 1767, 1888, 1923, 1969, 2038, 2038, 2044, 2048,
};
static const uint32_t seconds[26] = {
	0x0feb9fe, 0x0124911, 0x1124991, 0x1524111, 0x1afb96d, 0x0124911, 0x1124991, 0x1104111, 0x02e384c,
	0x0104011, 0x0002111, 0x1104111, 0x1104111, 0x0104111, 0x3febd2f, 0x1124991, 0x0100000, 0x0104191,
	0x159fd95, 0x1524191, 0x00eb040, 0x0004111, 0x0024191, 0x0000000, 0x0004011, 0x0004010,
};

static unsigned letter_of(char c)
{
	return (unsigned)(unsigned char)ascii_lower(c) - 'a';
}

int seed_word(struct str list, struct str word)
{
	char padded[LETTERS];
	uint64_t wanted;
	int low, high;

	if (word.n < SHORTEST || word.n > LETTERS || list.n == 0 || letter_of(word.p[0]) > 25 || letter_of(word.p[1]) > 25 ||
	    !(seconds[letter_of(word.p[0])] >> letter_of(word.p[1]) & 1))
		return -1;
	memset(padded, ' ', sizeof(padded));
	for (size_t i = 0; i < word.n; i++)
		padded[i] = ascii_lower(word.p[i]);
	wanted = order_of(padded);
	low = starts[letter_of(word.p[0])];
	high = starts[letter_of(word.p[0]) + 1];
	while (low < high) {
		int middle = (low + high) / 2;
		uint64_t here = order_of(list.p + middle * WIDTH);

		if (wanted == here)
			return middle;
		if (wanted < here)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

static bool is_length(size_t n)
{
	return n >= 12 && n <= SEED_MOST && n % 3 == 0;
}

/* The last bits are the first ones of the SHA-256 of those before: a bit for each three words. */
static bool has_checksum(const uint16_t *words, size_t n)
{
	unsigned char bits[SEED_MOST * BITS / 8 + 1] = { 0 }, digest[DIGEST_BYTES];
	size_t entropy = n * BITS * 32 / 33, sum = n * BITS - entropy;

	for (size_t i = 0; i < n * BITS; i++)
		if (words[i / BITS] >> (BITS - 1 - i % BITS) & 1)
			bits[i / 8] |= (unsigned char)(0x80 >> i % 8);
	digest_sha256((struct str){ (char *)bits, entropy / 8 }, digest);
	for (size_t i = 0; i < sum; i++)
		if (((bits[(entropy + i) / 8] >> (7 - (entropy + i) % 8)) & 1) != (digest[0] >> (7 - i) & 1))
			return false;
	return true;
}

/* "abandon abandon ... about" is everybody's example. */
static bool is_example(const uint16_t *words, size_t n)
{
	for (size_t i = 1; i + 1 < n; i++)
		if (words[i] != words[0])
			return false;
	return true;
}

void seed_init(struct seed *s, struct found *found)
{
	*s = (struct seed){ .found = found, .list = seed_list() };
}

static void keep(struct seed *s)
{
	struct found *f = s->found;
	bool right = has_checksum(s->words, s->n), example = is_example(s->words, s->n);
	struct hit hit = {
		.rule = STR("bip39-seed"),
		.label = STR("seed phrase of a wallet"),
		.kind = STR("crypto-wallet"),
		.span = found_span(f, s->start, s->end),
		.secret = found_span(f, s->start, s->end),
		.gravity = GRAVITY_HIGH,
		.confidence = example || !right ? CONFIDENCE_LOW : CONFIDENCE_HIGH,
	};

	hit.why = arena_printf(f->a, "seed phrase of a wallet: %zu words of the list of BIP 39, their checksum is %s%s", s->n,
			       right ? "right" : "wrong", example ? ", but it is everybody's example" : "");
	hit.masked = found_sample(f, hit.span, hit.secret);
	found_hit(f, &hit);
	found_weigh(f, CATEGORY_LEAK, found_weight_of(hit.confidence));
}

static void end_list(struct seed *s)
{
	if (is_length(s->n) && !s->too_many)
		keep(s);
	s->n = 0;
	s->too_many = false;
}

static void add_word(struct seed *s, int word, struct str place)
{
	size_t start = (size_t)(place.p - s->found->text.p);

	if (s->n == 0)
		s->start = start;
	s->end = start + place.n;
	if (s->n < SEED_MOST)
		s->words[s->n++] = (uint16_t)word;
	else
		s->too_many = true;
}

/* "3. word", "word,": what stands around the word of a list. */
static struct str bare_word(struct str token)
{
	while (token.n && !ascii_is_alpha(token.p[0]))
		token = str_slice(token, 1, token.n);
	while (token.n && !ascii_is_alpha(token.p[token.n - 1]))
		token.n--;
	return token;
}

static bool is_filler(struct str token)
{
	for (size_t i = 0; i < token.n; i++)
		if (ascii_is_alpha(token.p[i]) || (token.p[i] & 0x80))
			return false;
	return token.n <= 4;
}

/* The words of a line into the list: false when one of them is not in it. Numbers and signs between them are passed over. */
static bool read_words(struct seed *s, struct str line)
{
	struct str token;

	while (str_split(&line, ' ', &token)) {
		struct str word = bare_word(token);
		int place;

		if (is_filler(token))
			continue;
		place = token.n <= word.n + 4 ? seed_word(s->list, word) : -1;
		if (place < 0)
			return false;
		add_word(s, place, word);
	}
	return true;
}

/* The words of a line go on with the list at hand, or begin one; false when they are other words. */
static bool read_list(struct seed *s, struct str line)
{
	size_t n = s->n, end = s->end;

	if (read_words(s, line))
		return true;
	s->n = n;
	s->end = end;
	end_list(s);
	return false;
}

static void read_line(struct seed *s, struct str line)
{
	size_t before = s->n;
	const char *colon = memchr(line.p, ':', line.n);

	if (colon) { /* what stands before it says what they are */
		end_list(s);
		before = 0;
		line = str_trim(str_slice(line, (size_t)(colon - line.p) + 1, line.n));
	}
	if (read_list(s, line) && before == 0 && is_length(s->n) && has_checksum(s->words, s->n))
		end_list(s); /* a phrase in one line; others may follow */
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}
/* Does it begin with a word of three to eight letters that may be in the list, or with the number of one? */
static bool begins_with_word(struct str line)
{
	size_t n = 0;

	if (!ascii_is_alpha(line.p[0]))
		return ascii_is_digit(line.p[0]) || line.p[0] == '(' || line.p[0] == '#';
	if (!ascii_is_alpha(line.p[1]) || !(seconds[ascii_lower(line.p[0]) - 'a'] >> (ascii_lower(line.p[1]) - 'a') & 1))
		return false;
	while (n < line.n && n <= LETTERS && ascii_is_alpha(line.p[n]))
		n++;
	return n >= SHORTEST && (n == line.n || line.p[n] == ' ' || line.p[n] == ',' || line.p[n] == ':');
}

static bool is_closing(char c)
{
	return c == '"' || c == '\'' || c == '.' || c == ',' || c == '}';
}

void seed_line(struct seed *s, struct str line)
{
	char last;

	if (line.n == 0)
		return;
	while (line.n > 1 && is_closing(line.p[line.n - 1]))
		line.n--;
	last = line.p[line.n - 1];
	if (line.n < SHORTEST || line.n > LONGEST || (!begins_with_word(line) && !memchr(line.p, ':', line.n)) ||
	    (!is_small(last) && (last < 'A' || last > 'Z'))) {
		end_list(s);
		return;
	}
	read_line(s, line);
}

void seed_finish(struct seed *s)
{
	end_list(s);
}

static enum validity check_bip39(struct str secret)
{
	struct str list = seed_list(), token;
	uint16_t words[SEED_MOST];
	size_t n = 0;

	while (str_split(&secret, ' ', &token)) {
		int place = seed_word(list, bare_word(token));

		if (is_filler(token))
			continue;
		if (place < 0 || n == SEED_MOST)
			return VALID_NO;
		words[n++] = (uint16_t)place;
	}
	return !is_length(n) ? VALID_NO : has_checksum(words, n) ? VALID_SURE : VALID_DOUBT;
}

const struct validator validators_seed[] = {
	{ "bip39", check_bip39, "its words and checksum are those of BIP 39", "but its checksum is wrong" },
	{ 0 },
};
