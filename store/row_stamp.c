/* row_stamp.c - a digest over a row, by which it is told whether what is made of it would be another */
#include "base/digest.h"
#include "base/must.h"
#include "store/internal.h"

enum { MOST = 32 }; /* columns of a kind */

void row_stamp(struct query *q, int first, int texts, int numbers, unsigned char stamp[DIGEST_BYTES])
{
	struct str pieces[MOST + 1];
	int64_t values[MOST];

	MUST(texts <= MOST && numbers <= MOST);
	for (int i = 0; i < texts; i++)
		pieces[i] = db_text(q, first + i);
	for (int i = 0; i < numbers; i++)
		values[i] = db_int(q, first + texts + i);
	pieces[texts] = (struct str){ (const char *)values, (size_t)numbers * sizeof(values[0]) };
	digest_pieces(pieces, (size_t)texts + 1, stamp);
}

int last_id(struct store *s, const char *sql, const char *what, int64_t *id, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q, sql, NULL, what, err) < 0)
		return err->code;
	*id = db_int(q, 0);
	db_end(q);
	return 0;
}
