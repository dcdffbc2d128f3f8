/* report_feeds.c - findings for programs, beside the pages */
#include "base/limits.h"
#include "store/finding_pages.h"
#include "web/feed.h"
#include "web/report_parts.h"

static bool add_to_all(struct feed_writer feeds[FEED_FORMS], const struct finding *f)
{
	bool more = false;

	for (int i = 0; i < FEED_FORMS; i++)
		more = feed_add(&feeds[i], f) || more;
	return more;
}

/* The newest first, from the end backwards, as many as the largest of them takes. */
static int add_newest(struct report *r, struct feed_facts *facts, struct feed_writer feeds[FEED_FORMS], struct err *err)
{
	int64_t last;
	bool more = true;

	if (finding_last(r->store, &last, err) < 0)
		return err->code;
	for (; more && last > 0; last -= REPORT_LIST) {
		int64_t first = last > REPORT_LIST ? last - REPORT_LIST + 1 : 1;
		struct finding *rows;
		size_t n;

		arena_clear(r->each);
		if (finding_between(r->store, first, last, report_least(r), r->each, &rows, &n, err) < 0)
			return err->code;
		for (size_t i = 0; more && i < n; i++)
			if (report_is_id(rows[i].public_id))
				more = add_to_all(feeds, &rows[i]);
	}
	facts->complete = last <= 0;
	return 0;
}

int report_feeds(struct report *r, struct err *err)
{
	const struct page_manner manner = report_manner(r);
	struct feed_facts facts = { .manner = &manner, .address = r->options->address };
	struct feed_writer feeds[FEED_FORMS];
	AUTO(buf) file = BUF_INIT(LIMIT_REPORT_FEED + LIMIT_PAGE);
	int result;

	for (int i = 0; i < FEED_FORMS; i++)
		feed_init(&feeds[i], &feed_forms[i], &facts);
	result = add_newest(r, &facts, feeds, err);
	for (int i = 0; i < FEED_FORMS; i++) {
		buf_clear(&file);
		feed_finish(&feeds[i], &file);
		if (result >= 0)
			result = edition_put_if_new(r->edition, feed_forms[i].name, &file, err);
		feed_release(&feeds[i]);
	}
	return result < 0 ? result : 0;
}
