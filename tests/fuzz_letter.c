/* fuzz_letter.c - content of the outbox: what is taken for a letter is whole, and goes the way back */
#include "base/limits.h"
#include "base/utf8.h"
#include "desk/alert/letter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(MIB(64));
	AUTO(buf) again = BUF_INIT(8 * LIMIT_LETTER);
	struct letter l, twice;

	if (letter_take(a, (struct str){ (const char *)data, size }, &l, NULL) < 0)
		return 0;
	if (l.text.n == 0 || l.n_attachments > LIMIT_LETTER_FILES || !utf8_is_clean(l.subject) || !utf8_is_clean(l.text))
		__builtin_trap();
	letter_put(&again, &l);
	if (again.n <= LIMIT_LETTER && (letter_take(a, buf_str(&again), &twice, NULL) < 0 || !str_eq(l.text, twice.text) ||
					!str_eq(l.subject, twice.subject) || l.n_attachments != twice.n_attachments))
		__builtin_trap();
	return 0;
}
