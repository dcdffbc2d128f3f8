/* page_turn.c - lists that are too long for one page: which page of them one is, and the way to the next */
#include "base/limits.h"
#include "web/html.h"
#include "web/page.h"

struct list_place page_place(const char *name, int64_t number, int64_t of)
{
	return (struct list_place){
		.number = number, .of = of, .before = number - 1, .after = number < of ? number + 1 : 0, .name = name
	};
}

static bool is_first(const struct list_place *p)
{
	return p->name && p->number <= 1;
}

const char *page_place_home(const struct list_place *p)
{
	return is_first(p) ? "index.html" : "../index.html";
}

const char *page_place_below(const struct list_place *p)
{
	return is_first(p) ? "" : "../";
}

/* A text in which {x} still stands: with what belongs there. */
static void put_with(struct buf *out, const struct buf *text, struct str x)
{
	struct str s = buf_str(text);
	ssize_t at = str_find(s, STR("{x}"));

	buf_add(out, str_slice(s, 0, at < 0 ? s.n : (size_t)at));
	if (at < 0)
		return;
	buf_add(out, x);
	buf_add(out, str_slice(s, (size_t)at + 3, s.n));
}

void page_place_title(struct buf *out, const struct page_manner *m, const struct list_place *p, enum word title)
{
	AUTO(buf) text = BUF_INIT(KIB(1));

	if (is_first(p)) {
		buf_add(out, m->words->text[title]);
		return;
	}
	words_put_n(&text, m->words, WORD_LIST_PAGE_TITLE, p->number);
	put_with(out, &text, m->words->text[title]);
}

/* From page `p` to another of its list. */
static void put_link(struct buf *out, const struct page_manner *m, const struct list_place *p, int64_t number, const char *rel,
		     enum word word)
{
	if (number == 0)
		return;
	buf_printf(out, " <a rel=\"%s\" href=\"", rel);
	if (p->name && number == 1)
		buf_printf(out, "../%s.html\">", p->name);
	else
		buf_printf(out, "%s%s%lld.html\">", is_first(p) ? p->name : "", is_first(p) ? "/" : "", (long long)number);
	say(out, m->words, word);
	buf_add(out, STR("</a>"));
}

void page_turn(struct buf *out, const struct page_manner *m, const struct list_place *p)
{
	AUTO(buf) text = BUF_INIT(KIB(1));
	AUTO(buf) of = BUF_INIT(64);

	if (!p->before && !p->after)
		return;
	buf_printf(out, "<nav class=\"turn\" aria-label=\"%s\"><p>", word_of(m->words, WORD_LIST_PAGES));
	if (p->of) {
		say_n(&text, m->words, WORD_LIST_PAGE, p->number);
		html_number(&of, p->of);
		put_with(out, &text, buf_str(&of));
	}
	put_link(out, m, p, p->before, "prev", p->name ? WORD_LIST_BEFORE : WORD_LIST_NEWER);
	put_link(out, m, p, p->after, "next", p->name ? WORD_LIST_AFTER : WORD_LIST_OLDER);
	buf_add(out, STR("</p></nav>\n"));
}
