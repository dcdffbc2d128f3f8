/* page_assets.c - what concerns us: the assets, and the newest findings of one, of a level or of a category */
#include "web/page.h"

#include "base/limits.h"
#include "web/html.h"

enum { NAME = 120 };

const char *page_asset_name(const struct page_manner *m, struct str asset, char out[PAGE_NAME])
{
	return page_file(m, "asset", asset, out);
}

/* ---- of one kind ---- */

static void put_counts(struct buf *out, const struct page_manner *m, const struct overview_asset *asset)
{
	buf_add(out, STR("<dl class=\"tiles severities\">\n"));
	for (int i = 0; i < OVERVIEW_LEVELS; i++) {
		buf_printf(out, "<div class=\"tile %s%s\"><dt>", page_levels[i], asset->n[i] ? "" : " none");
		say(out, m->words, page_level_word(i));
		buf_add(out, STR("</dt><dd>"));
		html_number(out, asset->n[i]);
		buf_add(out, STR("</dd></div>\n"));
	}
	buf_add(out, STR("</dl>\n"));
}

void page_picked(struct buf *out, const struct picked_page *p)
{
	const struct words *w = p->manner.words;
	struct html_frame frame = { .manner = &p->manner, .title = p->title, .home = p->home };
	AUTO(buf) name = BUF_INIT(KIB(4));

	html_hostile(&name, p->title, NAME);
	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	say_x(out, w, WORD_PICKED_TITLE, buf_str(&name));
	buf_add(out, STR("</h1>\n"));
	if (p->asset)
		put_counts(out, &p->manner, p->asset);
	buf_add(out, STR("<section aria-labelledby=\"newest\">\n<h2 id=\"newest\" class=\"ear\">"));
	say(out, w, WORD_PICKED_NEWEST);
	buf_add(out, STR("</h2>\n"));
	if (p->n) {
		page_findings(out, &p->manner, p->more ? WORD_PICKED_FIRST : WORD_PICKED_ALL, p->findings, p->n, p->below);
	} else {
		page_empty(out, &p->manner, WORD_PICKED_EMPTY);
	}
	buf_add(out, STR("</section>\n"));
	html_close(out, &p->manner);
}

/* ---- all assets ---- */

static const enum word columns[] = { WORD_ASSET, WORD_CRITICAL, WORD_HIGH, WORD_MEDIUM, WORD_LOW, WORD_NEWEST, WORDS };

static void put_asset(struct buf *out, const struct page_manner *m, const struct overview_asset *asset, const char *below)
{
	char name[PAGE_NAME];

	page_row(out);
	buf_printf(out, "<a href=\"%sasset/%s\">", below, page_asset_name(m, asset->name, name));
	html_hostile(out, asset->name, NAME);
	buf_add(out, STR("</a></th>"));
	for (int i = 0; i < OVERVIEW_LEVELS; i++)
		page_cell_number(out, m, page_level_word(i), asset->n[i]);
	page_cell_time(out, m, WORD_NEWEST, asset->found_at);
	page_row_end(out);
}

void page_assets(struct buf *out, const struct assets_page *p)
{
	AUTO(buf) title = BUF_INIT(KIB(1));
	struct html_frame frame = { .manner = &p->manner, .home = page_place_home(&p->place) };

	page_place_title(&title, &p->manner, &p->place, WORD_ASSETS);
	frame.title = buf_str(&title);
	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	html_text(out, buf_str(&title));
	buf_add(out, STR("</h1>\n"));
	if (p->n) {
		page_table(out, &p->manner, "assets sorts", WORD_ASSETS_CAPTION, columns);
		for (size_t i = 0; i < p->n; i++)
			put_asset(out, &p->manner, &p->assets[i], page_place_below(&p->place));
		page_table_end(out);
	} else {
		page_empty(out, &p->manner, WORD_ASSETS_NONE);
	}
	page_turn(out, &p->manner, &p->place);
	html_close(out, &p->manner);
}
