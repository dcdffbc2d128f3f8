/* tally.c - figures that would take a scan to count, kept in the transaction of the rows they count */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "store/internal.h"

/* A figure's change, in a list sorted by name: two hosts then wait for each other's rows in one order. */
struct tally {
	struct tally *next;
	int64_t n;
	char name[64];
};

void tally_add(struct store *s, const char *name, int64_t n)
{
	struct tally **at = &s->tallies, *fresh;

	while (*at && strcmp((*at)->name, name) < 0)
		at = &(*at)->next;
	if (*at && strcmp((*at)->name, name) == 0) {
		(*at)->n += n;
		return;
	}
	fresh = must_alloc(1, sizeof(*fresh));
	fresh->n = n;
	fresh->next = *at;
	snprintf(fresh->name, sizeof(fresh->name), "%s", name);
	*at = fresh;
}

int tally_flush(struct store *s, struct err *err)
{
	for (const struct tally *t = s->tallies; t; t = t->next)
		if (t->n && db_do(s->db,
				  "INSERT INTO tally (name, n) VALUES (:name, :n)"
				  " ON CONFLICT (name) DO UPDATE SET n = tally.n + excluded.n",
				  ARGS(arg_text(":name", str_of(t->name)), arg_int(":n", t->n)), err) < 0)
			return err->code;
	tally_clear(s);
	return 0;
}

void tally_clear(struct store *s)
{
	while (s->tallies) {
		struct tally *t = s->tallies;

		s->tallies = t->next;
		free(t);
	}
}
