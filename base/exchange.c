/* exchange.c - one HTTP exchange as it was on the wire, as bytes and back */
#include "base/exchange.h"

#include "base/limits.h"

struct str exchange_header(struct str headers, const char *name)
{
	struct str line, found = { 0 }, wanted = str_of(name);

	while (str_split(&headers, '\n', &line)) {
		if (line.n > wanted.n && line.p[wanted.n] == ':' && str_eq_nocase(str_slice(line, 0, wanted.n), wanted))
			found = str_trim(str_slice(line, wanted.n + 1, line.n));
	}
	return found;
}

static void exchange_put(struct buf *out, const struct exchange *x)
{
	put_str(out, x->url);
	put_str(out, x->request);
	put_str(out, x->headers);
	put_str(out, x->body);
	put_str(out, x->protocol);
	put_str(out, x->address);
	put_str(out, x->tls);
	put_str(out, x->chain);
	put_str(out, x->leaf);
	put_str(out, x->clock);
	put_int(out, x->status);
	put_int(out, x->bare);
	put_int(out, x->started_at);
	put_int(out, x->ended_at);
}

static void exchange_take(struct message *m, struct exchange *x)
{
	x->url = take_str(m);
	x->request = take_str(m);
	x->headers = take_str(m);
	x->body = take_str(m);
	x->protocol = take_str(m);
	x->address = take_str(m);
	x->tls = take_str(m);
	x->chain = take_str(m);
	x->leaf = take_str(m);
	x->clock = take_str(m);
	x->status = (int)take_int_in(m, 0, 999);
	x->bare = take_int_in(m, 0, 1) != 0;
	x->started_at = take_int(m);
	x->ended_at = take_int(m);
	if (x->leaf.n != 0 && x->leaf.n != DIGEST_BYTES)
		m->bad = true;
}

void trail_put(struct buf *out, const struct trail *t)
{
	put_int(out, (int64_t)t->n);
	for (size_t i = 0; i < t->n; i++)
		exchange_put(out, &t->exchanges[i]);
}

void trail_take(struct message *m, struct arena *a, struct trail *t)
{
	*t = (struct trail){ .n = (size_t)take_int_in(m, 1, LIMIT_REDIRECTS + 1) };
	t->exchanges = arena_alloc(a, t->n * sizeof(*t->exchanges));
	for (size_t i = 0; i < t->n; i++)
		exchange_take(m, &t->exchanges[i]);
}
