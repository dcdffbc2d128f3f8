/* fetcher.c - what all parts of the net process do with a fetch */
#include "desk/fetcher.h"

#include "base/must.h"
#include "desk/protocol.h"

const struct source *fetcher_source(const struct fetcher *f, const struct fetch *x)
{
	return &f->role->config->sources[x->job.source];
}

void fetcher_add(struct fetcher *f, struct fetch *x)
{
	MUST(f->n < sizeof(f->fetches) / sizeof(f->fetches[0]));
	f->fetches[f->n++] = x;
}

void fetcher_remove(struct fetcher *f, const struct fetch *x)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->fetches[i] == x) {
			f->fetches[i] = f->fetches[--f->n];
			return;
		}
}

/* Tell the writer how a job ended without a page; the fetch is over. */
void fetcher_give_up(struct fetcher *f, struct fetch *x, struct outcome o)
{
	o.id = x->job.id;
	o.url = buf_str(&x->url);
	outcome_put(message_begin(&f->writer, MESSAGE_OUTCOME), &o);
	message_end(&f->writer);
	fetcher_remove(f, x);
	fetch_free(x);
}

void fetcher_refuse(struct fetcher *f, struct fetch *x, const char *class_name, const char *detail)
{
	fetcher_give_up(f, x,
			(struct outcome){ .kind = OUTCOME_FAILED, .class_name = str_of(class_name), .detail = str_of(detail) });
}
