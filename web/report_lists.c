/* report_lists.c - lists of what the store numbers, of which an old one is not written again, and lists in an order of their
 * own */
#include <stdio.h>

#include "base/limits.h"
#include "web/page.h"
#include "web/report_parts.h"

/* A list that waits until it is known which the newer one is. */
struct waiting {
	struct list_place place;
	uint64_t stamp;
};

static struct report_span span_of(const struct report_lists *l, int64_t number)
{
	return (struct report_span){ (number - 1) * REPORT_LIST + 1, number * REPORT_LIST, l->context };
}

static int put_list(struct report *r, const struct report_lists *l, const struct waiting *w, struct err *err)
{
	const struct report_span span = span_of(l, w->place.number);
	char name[64];
	uint64_t stamp;

	buf_clear(&r->page);
	buf_printf(&r->page, "%lld %lld %llu", (long long)w->place.before, (long long)w->place.after,
		   (unsigned long long)w->stamp);
	stamp = edition_stamp(buf_str(&r->page));
	snprintf(name, sizeof(name), "%s/%lld.html", l->folder, (long long)w->place.number);
	if (edition_keeps(r->edition, name, stamp))
		return 0;
	arena_clear(r->each);
	buf_clear(&r->page);
	if (l->list(r, &span, &w->place, err) < 0)
		return err->code;
	return edition_put(r->edition, name, stamp, &r->page, err);
}

int report_lists(struct report *r, const struct report_lists *l, int64_t *newest, struct err *err)
{
	AUTO(buf) stamps = BUF_INIT(MIB(1));
	struct waiting w = { 0 };

	for (int64_t number = 1; (number - 1) * REPORT_LIST < l->last; number++) {
		const struct report_span span = span_of(l, number);

		buf_clear(&stamps);
		if (l->pages(r, &span, &stamps, err) < 0)
			return err->code;
		if (stamps.n == 0)
			continue; /* nothing is shown of these ids */
		w.place.before = number;
		if (w.place.number && put_list(r, l, &w, err) < 0)
			return err->code;
		w = (struct waiting){ { .number = number, .after = w.place.number }, edition_stamp(buf_str(&stamps)) };
	}
	*newest = w.place.number;
	return w.place.number ? put_list(r, l, &w, err) : 0;
}

static int put_place(struct report *r, const struct list_place *place, struct err *err)
{
	char name[64];

	if (place->number <= 1)
		snprintf(name, sizeof(name), "%s.html", place->name);
	else
		snprintf(name, sizeof(name), "%s/%lld.html", place->name, (long long)place->number);
	return report_put(r, name, err);
}

int report_turns(struct report *r, const struct report_turns *t, struct err *err)
{
	const size_t of = t->n ? (t->n - 1) / t->on_page + 1 : 1;

	for (size_t i = 0; i < of; i++) {
		const struct list_place place = page_place(t->name, (int64_t)i + 1, (int64_t)of);
		const size_t first = i * t->on_page, left = t->n - first;

		buf_clear(&r->page);
		t->page(r, &place, first, left < t->on_page ? left : t->on_page, t->rows);
		if (put_place(r, &place, err) < 0)
			return err->code;
	}
	return 0;
}
