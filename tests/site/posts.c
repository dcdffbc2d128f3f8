/* posts.c - the written posts: an index with tabs between its columns, and a file for each text */
#include "base/file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/site/site.h"

static const char *const kind_names[POST_KINDS] = { "paste", "forum", "feed", "private" };

static int read_kind(struct str word, enum post_kind *kind)
{
	for (int i = 0; i < POST_KINDS; i++) {
		if (str_eq(word, str_of(kind_names[i]))) {
			*kind = (enum post_kind)i;
			return 1;
		}
	}
	return 0;
}

/* key kind thread minutes charset expected author title: 1 read, 0 not such a line. */
static int read_row(struct site *s, struct str line, struct site_post *p)
{
	struct str kind, thread, minutes;
	uint64_t in_thread, back;

	if (!str_split(&line, '\t', &p->key) || !str_split(&line, '\t', &kind) || !str_split(&line, '\t', &thread) ||
	    !str_split(&line, '\t', &minutes) || !str_split(&line, '\t', &p->charset) ||
	    !str_split(&line, '\t', &p->expected) || !str_split(&line, '\t', &p->author) || !line.n)
		return 0;
	if (!read_kind(kind, &p->kind) || str_number(thread, 1000, &in_thread) <= 0 || str_number(minutes, 1000000, &back) <= 0)
		return 0;
	p->thread = (int)in_thread;
	p->posted_at = s->epoch - (int64_t)back * 60 * 1000000;
	p->title = line;
	return 1;
}

static int read_text(struct site *s, const char *folder, struct site_post *p, struct err *err)
{
	AUTO(buf) text = BUF_INIT(MIB(4));
	struct str path = arena_printf(s->arena, "%s/%.*s.txt", folder, STR_ARG(p->key));

	if (file_read(path.p, &text, err) < 0)
		return err->code;
	p->text = arena_copy(s->arena, buf_str(&text));
	return 0;
}

int posts_read(struct site *s, const char *folder, struct err *err)
{
	AUTO(buf) index = BUF_INIT(MIB(1));
	struct str path = arena_printf(s->arena, "%s/index", folder);
	struct str rest, line;

	if (file_read(path.p, &index, err) < 0)
		return err->code;
	rest = arena_copy(s->arena, buf_str(&index));
	for (int number = 1; str_split(&rest, '\n', &line); number++) {
		struct site_post row = { 0 }, *kept;

		if (!line.n || line.p[0] == '#')
			continue;
		if (!read_row(s, line, &row))
			return err_set(err, E_BAD, "%s:%d: expected eight columns with tabs between them", path.p, number);
		if (read_text(s, folder, &row, err) < 0)
			return err->code;
		kept = arena_push(s->arena, &s->posts, &s->n_posts, sizeof(row));
		*kept = row;
	}
	return 0;
}

const struct site_post *posts_find(const struct site *s, struct str key)
{
	for (size_t i = 0; i < s->n_posts; i++)
		if (str_eq(s->posts[i].key, key))
			return &s->posts[i];
	return NULL;
}

static void refresh(struct site *s, struct site_post *p)
{
	struct str gone = arena_printf(s->arena, "%s/%.*s.gone", s->changes, STR_ARG(p->key));
	struct str soft = arena_printf(s->arena, "%s/%.*s.soft", s->changes, STR_ARG(p->key));
	struct str edited = arena_printf(s->arena, "%s/%.*s.txt", s->changes, STR_ARG(p->key));
	struct str as = arena_printf(s->arena, "%s/%.*s.as", s->changes, STR_ARG(p->key));
	AUTO(buf) text = BUF_INIT(MIB(1));
	AUTO(buf) path = BUF_INIT(KIB(4));

	p->as = file_read(as.p, &path, NULL) == 0 ? arena_copy(s->arena, str_trim(buf_str(&path))) : (struct str){ 0 };
	p->soft = access(soft.p, F_OK) == 0;
	p->gone = p->soft || access(gone.p, F_OK) == 0;
	if (file_read(edited.p, &text, NULL) == 0 && !str_eq(buf_str(&text), p->text))
		p->text = arena_copy(s->arena, buf_str(&text));
}

void posts_refresh(struct site *s)
{
	for (size_t i = 0; s->changes && i < s->n_posts; i++)
		refresh(s, &s->posts[i]);
}

struct str posts_path(const struct site *s, struct str path)
{
	struct str key = str_slice(path, str_starts(path, STR("/raw/")) ? strlen("/raw/") : 1, path.n);
	const struct site_post *p = posts_find(s, key);

	return p && p->as.n ? p->as : path;
}
