/* match_test.c - does libhs lose matches on this machine? */
#include <string.h>

#include "base/buf.h"
#include "classify/confirm.h"
#include "classify/match_cache.h"

/* Shapes that Vectorscan is known to lose: mail addresses, negated classes, long repeats behind a literal. */
static const char *const test_patterns[] = {
	"[a-z0-9._-]{1,40}@[a-z0-9-]{2,20}\\.[a-z]{2,6}\\b",
	"\"[^\"\\n]{3,40}\"",
	"key=[^\\s&]{8,20}",
	"\\b(?:xq_|zw_)[A-Za-z0-9]{20}\\b",
	"[0-9]{4}-[0-9]{4}-[0-9]{4}",
};
static const char *const test_texts[] = {
	"some.body@mail-host.example",
	"\"quoted, with signs: %&/\"",
	"key=a8f3kk2mm9",
	"xq_Ab3dEf6hIj9lMn2pQr5t",
	"1234-5678-9012",
};
enum { TEST_PATTERNS = sizeof(test_patterns) / sizeof(*test_patterns), TEST_ROUNDS = 120, TEST_ROOM = 1024 };

static bool note_last(void *whose, unsigned index, size_t end)
{
	size_t *last = whose;

	if (end > last[index])
		last[index] = end;
	return true;
}

/* The same padding on every machine: a small linear congruential generator. */
static void pad(struct buf *text, uint32_t *state)
{
	static const char signs[] = "abcdefghij klmnop,qrstuvwxyz.0123456789 \n;:(){}ABCXYZ_-/ ";

	*state = *state * 1664525u + 1013904223u;
	for (uint32_t n = *state >> 25; n > 0; n--) {
		*state = *state * 1664525u + 1013904223u;
		buf_add_char(text, signs[(*state >> 16) % (sizeof(signs) - 1)]);
	}
}

/* Where the last match of `c` ends in `text`, 0 for none. */
static size_t last_end(const struct confirm *c, struct confirm_scratch *s, struct str text)
{
	struct confirm_found found;
	size_t last = 0, from = 0;

	while (confirm_find(c, s, text, from, &found) == 1 && found.group[0].end > from)
		last = from = found.group[0].end;
	return last;
}

static int self_test_with(struct match *m, struct match_scratch *ms, struct confirm *const *confirms,
			  struct confirm_scratch *cs, struct err *err)
{
	AUTO(buf) text = BUF_INIT(TEST_ROOM);
	uint32_t state = 1;
	size_t lost = 0;

	for (int round = 0; round < TEST_ROUNDS; round++) {
		size_t seen[TEST_PATTERNS] = { 0 };
		const struct match_listener listener = { note_last, seen };

		buf_clear(&text);
		for (int i = 0; i < 3; i++) {
			pad(&text, &state);
			buf_add_char(&text, ' ');
			buf_add(&text, str_of(test_texts[(state >> 20) % TEST_PATTERNS]));
			buf_add_char(&text, '\n');
		}
		match_scan(m, ms, buf_str(&text), &listener);
		for (size_t i = 0; i < TEST_PATTERNS; i++)
			lost += seen[i] < last_end(confirms[i], cs, buf_str(&text));
	}
	if (lost)
		return err_set(
			err, E_FAULT,
			"libhs loses matches on this machine (%zu of the self-test): Vectorscan 5.4.9 does so with AVX-512; "
			"install Hyperscan, or a newer Vectorscan",
			lost);
	return 0;
}

int match_self_test(const char *cache, struct err *err)
{
	AUTO_FREE(confirm_scratch) cs = confirm_scratch_new();
	struct confirm *confirms[TEST_PATTERNS] = { 0 };
	struct match_pattern patterns[TEST_PATTERNS] = { 0 };
	size_t wrong;
	int answer = 0;

	for (size_t i = 0; i < TEST_PATTERNS && answer == 0; i++) {
		patterns[i].text = str_of(test_patterns[i]);
		confirms[i] = confirm_new(patterns[i].text, err);
		answer = confirms[i] ? 0 : E_FAULT;
	}
	if (answer == 0) {
		AUTO_FREE(match) m = match_cached(cache, patterns, TEST_PATTERNS, &wrong, err);
		const struct match *const databases[] = { m };
		AUTO_FREE(match_scratch) ms = m ? match_scratch_new(databases, 1, err) : NULL;

		answer = ms ? self_test_with(m, ms, confirms, cs, err) : E_FAULT;
	}
	for (size_t i = 0; i < TEST_PATTERNS; i++)
		confirm_free(confirms[i]);
	return answer;
}
