/* fuzz_mail.c - a mail of anybody: headers, parameters, parts, and what is made of them */
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/answer.h"
#include "crawler/extract/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_clean(struct str s, size_t most)
{
	if (!utf8_is_clean(s) || s.n > most)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "From", "Subject", "Message-ID", "Content-Type", "X" };
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO_FREE(arena) scratch = arena_new(MIB(8));
	struct answer answer;
	struct mail m;

	mail_read(a, scratch, (struct str){ (const char *)data, size }, &m);
	must_be_clean(m.text, LIMIT_TEXT);
	must_be_clean(m.quoted, LIMIT_TEXT);
	if (m.n_parts > LIMIT_MAIL_PARTS || m.headers.n > size)
		__builtin_trap();
	for (size_t i = 0; i < m.n_parts; i++) {
		mail_part_bytes(a, &m.parts[i]);
		mail_parameter(a, m.parts[i].content, "name");
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct str text = mail_header_text(a, m.headers, names[i]);

		must_be_clean(text, LIMIT_FIELD);
		if (mail_address(text).n > text.n)
			__builtin_trap();
	}
	answer_of(a, &m, (struct str){ (const char *)data, size }, &answer);
	must_be_clean(answer.address, LIMIT_FIELD);
	must_be_clean(answer.message, LIMIT_FIELD);
	must_be_clean(answer.status, LIMIT_FIELD);
	return 0;
}
