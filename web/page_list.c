/* page_list.c - findings as a table, and the lists of all of them */
#include "base/limits.h"
#include "web/html.h"
#include "web/page.h"

enum { TITLE = 160, NAME = 60 }; /* characters shown of a text from outside */

static void put_name(struct buf *out, const struct page_manner *m, enum word column, struct str name, enum word absent)
{
	page_cell(out, m, column, NULL);
	if (name.n) {
		html_hostile(out, name, NAME);
	} else {
		buf_add(out, STR("<span class=\"quiet\">"));
		say(out, m->words, absent);
		buf_add(out, STR("</span>"));
	}
	page_cell_end(out);
}

static void put_category(struct buf *out, const struct page_manner *m, struct str category)
{
	page_cell(out, m, WORD_CATEGORY, NULL);
	if (category.n) {
		page_name(out, m, NAMES_CATEGORY, category);
	} else {
		buf_add(out, STR("<span class=\"quiet\">"));
		say(out, m->words, WORD_CATEGORY_NONE);
		buf_add(out, STR("</span>"));
	}
	page_cell_end(out);
}

static void put_source(struct buf *out, const struct page_manner *m, struct str source, const char *below)
{
	page_cell(out, m, WORD_SOURCE, NULL);
	page_source_link(out, m, source, below);
	page_cell_end(out);
}

static void put_author(struct buf *out, const struct page_manner *m, struct str author)
{
	AUTO(buf) name = BUF_INIT(KIB(4));

	if (!author.n)
		return;
	html_hostile(&name, author, NAME);
	buf_add(out, STR("<span class=\"by\">"));
	say_x(out, m->words, WORD_BY, buf_str(&name));
	buf_add(out, STR("</span>"));
}

static void put_title(struct buf *out, const struct page_manner *m, const struct finding *f, const char *below)
{
	buf_printf(out, "<th scope=\"row\"><a href=\"%sfinding/", below);
	html_plain(out, f->public_id);
	buf_add(out, STR(".html\">"));
	page_title(out, m, f, TITLE);
	buf_add(out, STR("</a>"));
	if (f->reports) {
		buf_add(out, STR(" <span class=\"chip verdict\">"));
		say(out, m->words, WORD_TOLD);
		buf_add(out, STR("</span>"));
	}
	if (f->verdict.n && !str_eq(f->verdict, STR("none"))) {
		buf_add(out, STR(" <span class=\"chip verdict\">"));
		page_name(out, m, NAMES_VERDICT, f->verdict);
		buf_add(out, STR("</span>"));
	}
	put_author(out, m, f->author);
	buf_add(out, STR("</th>"));
}

static void put_finding(struct buf *out, const struct page_manner *m, const struct finding *its, const char *below)
{
	const struct finding seen = audience_finding(m->audience, its), *f = &seen;

	buf_add(out, STR("<tr>"));
	page_cell(out, m, WORD_SEVERITY, NULL);
	page_severity(out, m, f->severity);
	page_cell_end(out);
	put_title(out, m, f, below);
	put_category(out, m, f->category);
	put_name(out, m, WORD_ASSET, f->asset, WORD_ASSET_UNNAMED);
	if (audience_sees(m->audience, SEES_SOURCES))
		put_source(out, m, f->source, below);
	page_cell(out, m, WORD_POSTED, "when");
	page_posted(out, m, f);
	page_cell_end(out);
	page_cell_time(out, m, WORD_FOUND, f->found_at);
	page_row_end(out);
}

void page_findings(struct buf *out, const struct page_manner *m, enum word caption, const struct finding *findings, size_t n,
		   const char *below)
{
	static const enum word all[] = { WORD_SEVERITY, WORD_FINDING, WORD_CATEGORY, WORD_ASSET,
					 WORD_SOURCE,	WORD_POSTED,  WORD_FOUND,    WORDS };
	static const enum word no_source[] = { WORD_SEVERITY, WORD_FINDING, WORD_CATEGORY, WORD_ASSET,
					       WORD_POSTED,   WORD_FOUND,   WORDS };

	page_table(out, m, "findings sorts", caption, audience_sees(m->audience, SEES_SOURCES) ? all : no_source);
	for (size_t i = 0; i < n; i++)
		put_finding(out, m, &findings[i], below);
	page_table_end(out);
}

void page_list(struct buf *out, const struct list_page *p)
{
	AUTO(buf) title = BUF_INIT(KIB(1));
	const struct words *w = p->manner.words;
	struct html_frame frame = { .manner = &p->manner, .home = "../index.html", .has_feeds = true };

	words_put_n(&title, w, WORD_LIST_TITLE, p->place.number);
	frame.title = buf_str(&title);
	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	say_n(out, w, WORD_LIST_TITLE, p->place.number);
	buf_add(out, STR("</h1>\n"));
	page_findings(out, &p->manner, WORD_LIST_ORDER, p->findings, p->n, "../");
	page_turn(out, &p->manner, &p->place);
	html_close(out, &p->manner);
}
