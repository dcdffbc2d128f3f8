/* local_piece.h - what tests of files share: pieces of a file given to the reader as the files process gives them */
#ifndef WATCHDESK_TESTS_LOCAL_PIECE_H
#define WATCHDESK_TESTS_LOCAL_PIECE_H

#include "crawler/extract/extract.h"
#include "crawler/local.h"

/* A file in memory, read piece by piece until there is no more to read. */
struct paper {
	const char *path;
	struct str bytes;
	size_t piece; /* bytes read at once */
	struct local_position at;
	int pieces; /* that were read */
};

/* Read the next piece: what extract_page() answers. At the end page->more is false. */
static inline int paper_read(struct paper *p, const struct source *s, struct arena *a, struct page *page, struct err *err)
{
	struct local_position at = { .inode = 7,
				     .size = p->bytes.n,
				     .changed_ns = 1,
				     .format = p->at.format,
				     .mode = p->at.mode,
				     .offset = p->at.offset };
	struct str url = local_url(a, str_of(p->path));
	uint64_t from = at.mode == LOCAL_DECODED ? 0 : at.offset;
	struct reply r = { .url = local_piece_url(a, url, at.mode, at.offset),
			   .etag = local_position_write(a, &at),
			   .body = str_slice(p->bytes, (size_t)from, (size_t)from + p->piece),
			   .kind = PAGE_LOCAL };
	int result = extract_page(s, &r, a, page, err);

	p->pieces++;
	if (result == 0 && !local_position_read(page->etag, &p->at))
		return E_FAULT;
	return result;
}

#endif
