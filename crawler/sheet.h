/* sheet.h - where the pieces of an address are written; inside url.c and host.c only */
/* Runs in: worker, net, verbs. */
#ifndef WATCHDESK_CRAWLER_SHEET_H
#define WATCHDESK_CRAWLER_SHEET_H

#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

/* Its bytes never move, so pieces can be slices of it. `full` says that something did not fit. */
enum { SHEET = 3 * LIMIT_URL };

struct sheet {
	char bytes[SHEET];
	size_t n;
	bool full;
};

static inline void put(struct sheet *s, struct str piece)
{
	if (s->full || piece.n > SHEET - s->n) {
		s->full = true;
		return;
	}
	if (piece.n)
		memcpy(s->bytes + s->n, piece.p, piece.n);
	s->n += piece.n;
}

static inline void put_char(struct sheet *s, char c)
{
	put(s, (struct str){ &c, 1 });
}

static inline struct str since(const struct sheet *s, size_t start)
{
	return (struct str){ s->bytes + start, s->n - start };
}

static inline int not_an_address(struct err *err, const char *why, struct str what)
{
	return err_set(err, E_BAD, "%s: \"%.*s\"", why, (int)(what.n < 120 ? what.n : 120), what.n ? what.p : "");
}

#endif
