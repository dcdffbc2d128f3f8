/* fuzz_notice.c - a table, a text and a value as anybody may have written them, parted by lines "%%": what is filled lacks
 * nothing, and shows no control character but line ends */
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "desk/takedown/notice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str part(struct str *rest)
{
	ssize_t at = str_find(*rest, STR("\n%%\n"));
	struct str one = str_slice(*rest, 0, at < 0 ? rest->n : (size_t)at);

	*rest = at < 0 ? (struct str){ 0 } : str_slice(*rest, (size_t)at + 4, rest->n);
	return one;
}

/* Does nothing but line ends control anything in what the value became? */
static void must_be_clean(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' && s.p[i] != '\n')
			__builtin_trap();
}

static void must_lack_nothing(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str text,
			      struct arena *a)
{
	struct missing *rows;
	size_t n_rows;

	notice_missing(t, facts, n, text, a, &rows, &n_rows);
	for (size_t i = 0; i < n_rows; i++) {
		const struct fact_kind *k = fact_kind_named(rows[i].fact);

		/* an address may be glued to the text around it, and then does not stand there */
		if (!k || !k->urls)
			__builtin_trap();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) subject = BUF_INIT(LIMIT_NOTICE);
	AUTO(buf) text = BUF_INIT(4 * LIMIT_NOTICE);
	AUTO(buf) shown = BUF_INIT(LIMIT_NOTICE);
	struct str rest = { (const char *)data, size }, table, body, value;
	struct notice_fact facts[100];
	struct notice_template t;
	struct err err = { 0 };
	size_t n = 0;

	if (size > LIMIT_OWN_FILE)
		return 0;
	table = part(&rest);
	body = part(&rest);
	value = part(&rest);
	if (notice_template_read(table, body, "fuzz", a, &t, &err) < 0) {
		if (err.code != E_USAGE || !str_starts(str_of(err.text), STR("fuzz:")))
			__builtin_trap();
		return 0;
	}
	for (const struct fact_kind *k; n < 100 && (k = fact_kind_at(n)); n++)
		facts[n] = (struct notice_fact){ str_of(k->name), value };
	notice_fill(&t, facts, n, &subject, &text);
	fact_put(&shown, fact_kind_named(STR("title")), fact_value(facts, n, STR("title")), STR(""));
	must_be_clean(buf_str(&shown));
	if (!text.full && shown.n)
		must_lack_nothing(&t, facts, n, buf_str(&text), a);
	return 0;
}
