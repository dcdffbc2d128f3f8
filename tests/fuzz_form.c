/* fuzz_form.c - the page of a sign-in: a form that is sent is whole, clean, and has its two fields */
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_form(const struct login_form *f)
{
	AUTO(buf) sent = BUF_INIT(MIB(64));

	if (f->user >= f->n_fields || f->password >= f->n_fields || f->user == f->password || f->n_fields > LIMIT_FORM_FIELDS ||
	    f->action.n == 0)
		__builtin_trap();
	for (size_t i = 0; i < f->n_fields; i++)
		if (!utf8_is_clean(f->fields[i].name) || !utf8_is_clean(f->fields[i].value))
			__builtin_trap();
	if (login_write(f, STR("name"), STR("word"), &sent, NULL) == 0 && str_find(buf_str(&sent), STR("=word")) < 0)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const forms[] = { "", "//form[last()]" };
	const struct reply r = { .url = STR("https://forum.example.net/in"), .body = { (const char *)data, size } };
	AUTO_FREE(arena) a = arena_new(MIB(16));

	for (size_t i = 0; i < 2; i++) {
		const struct source s = { .login = { .form = { .text = str_of(forms[i]) },
						     .signed_in = { .text = STR("//a[contains(@href,'logout')]") } } };
		struct login_page page;

		arena_clear(a);
		if (form_page_read(&s, &r, a, &page, NULL) == 0 && !page.in && page.problem.n == 0)
			check_form(&page.form);
	}
	return 0;
}
