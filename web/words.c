/* words.c - the words of the report */
#include "web/words.h"

#include <string.h>

#include "base/embed.h"
#include "base/yaml.h"
#include "web/html.h"

const struct words words_english = {
	.language = STR("en"),
	.text = {
#define WORD(name, english) [WORD_##name] = STR(english),
#include "web/words.inc"
#undef WORD
	},
};

static const char *const names[WORDS] = {
#define WORD(name, english) [WORD_##name] = #name,
#include "web/words.inc"
#undef WORD
};

/* ---- a translation ---- */

static bool is_named(struct str key, const char *name)
{
	return str_eq_nocase(key, str_of(name));
}

static bool has_the_same(struct str text, struct str english, struct str mark)
{
	return (str_find(text, mark) >= 0) == (str_find(english, mark) >= 0);
}

static int take(struct words *out, struct str key, struct yaml_text value, struct err *err)
{
	if (str_eq(key, STR("language"))) {
		out->language = value.text;
		return 0;
	}
	for (int i = 0; i < WORDS; i++) {
		if (!is_named(key, names[i]))
			continue;
		if (!has_the_same(value.text, words_english.text[i], STR("{n}")) ||
		    !has_the_same(value.text, words_english.text[i], STR("{x}")))
			return yaml_wrong(err, value, "%.*s has other places in braces than the English \"%.*s\"",
					  STR_ARG(str_slice(key, 0, 40)), STR_ARG(str_slice(words_english.text[i], 0, 100)));
		out->text[i] = value.text;
		return 0;
	}
	return yaml_wrong(err, value, "no word of the report is called %.*s, expected a name of web/words.inc",
			  STR_ARG(str_slice(key, 0, 40)));
}

int words_read(struct str yaml, const char *file, struct arena *a, struct words *out, struct err *err)
{
	const struct yaml *y = yaml_parse(a, yaml, file, err);

	*out = words_english;
	if (!y)
		return err->code;
	if (!yaml_is_map(y))
		return yaml_wrong(err, yaml_place(y), "it is no list of words, expected lines `name: text`");
	for (size_t i = 0; i < yaml_count(y); i++)
		if (take(out, yaml_key(y, i).text, yaml_scalar(yaml_item(y, i)), err) < 0)
			return err->code;
	return 0;
}

int words_shipped(struct str language, struct arena *a, struct words *out, struct err *err)
{
	struct str name = arena_printf(a, "web/words/%.*s.yaml", STR_ARG(language));
	const struct embed *file = embed_find(name.p);

	if (!file)
		return 0;
	return words_read(file->content, name.p, a, out, err) < 0 ? err->code : 1;
}

/* ---- saying ---- */

void say(struct buf *out, const struct words *w, enum word which)
{
	html_plain(out, w->text[which]);
}

void say_x(struct buf *out, const struct words *w, enum word which, struct str html)
{
	struct str text = w->text[which];
	ssize_t at = str_find(text, STR("{x}"));

	html_plain(out, str_slice(text, 0, at < 0 ? text.n : (size_t)at));
	if (at < 0)
		return;
	buf_add(out, html);
	html_plain(out, str_slice(text, (size_t)at + 3, text.n));
}

void say_n(struct buf *out, const struct words *w, enum word which, int64_t n)
{
	AUTO(buf) number = BUF_INIT(64);
	struct str text = w->text[which];
	ssize_t at = str_find(text, STR("{n}"));

	html_plain(out, str_slice(text, 0, at < 0 ? text.n : (size_t)at));
	if (at < 0)
		return;
	html_number(&number, n);
	buf_add(out, buf_str(&number));
	html_plain(out, str_slice(text, (size_t)at + 3, text.n));
}

void words_put_n(struct buf *out, const struct words *w, enum word which, int64_t n)
{
	struct str text = w->text[which];
	ssize_t at = str_find(text, STR("{n}"));

	buf_add(out, str_slice(text, 0, at < 0 ? text.n : (size_t)at));
	if (at >= 0)
		buf_printf(out, "%lld%.*s", (long long)n, STR_ARG(str_slice(text, (size_t)at + 3, text.n)));
}

void words_put_x(struct buf *out, const struct words *w, enum word which, struct str x)
{
	struct str text = w->text[which];
	ssize_t at = str_find(text, STR("{x}"));

	buf_add(out, str_slice(text, 0, at < 0 ? text.n : (size_t)at));
	if (at < 0)
		return;
	buf_add(out, x);
	buf_add(out, str_slice(text, (size_t)at + 3, text.n));
}
