/* posts.c - the written posts: an index with tabs between its columns, and a file for each text */
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
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

int64_t site_now_us(const struct site *s)
{
	AUTO(buf) text = BUF_INIT(KIB(1));
	uint64_t seconds;

	if (s->clock && file_read(s->clock, &text, NULL) == 0 && str_number(str_trim(buf_str(&text)), UINT32_MAX, &seconds) > 0)
		return (int64_t)seconds * 1000000;
	return clock_now_us();
}

/* Minutes before the site's midnight; with a minus those behind it. */
static int read_minutes(struct str word, int64_t *back)
{
	bool behind = str_starts(word, STR("-"));
	uint64_t n;

	if (str_number(str_slice(word, behind, word.n), 1000000, &n) <= 0)
		return 0;
	*back = behind ? -(int64_t)n : (int64_t)n;
	return 1;
}

/* key kind thread minutes charset expected author title: 1 read, 0 not such a line. */
static int read_row(struct site *s, struct str line, struct site_post *p)
{
	struct str kind, thread, minutes;
	uint64_t in_thread;
	int64_t back;

	if (!str_split(&line, '\t', &p->key) || !str_split(&line, '\t', &kind) || !str_split(&line, '\t', &thread) ||
	    !str_split(&line, '\t', &minutes) || !str_split(&line, '\t', &p->charset) ||
	    !str_split(&line, '\t', &p->expected) || !str_split(&line, '\t', &p->author) || !line.n)
		return 0;
	if (!read_kind(kind, &p->kind) || str_number(thread, 1000, &in_thread) <= 0 || !read_minutes(minutes, &back))
		return 0;
	p->thread = (int)in_thread;
	p->posted_at = s->epoch - back * 60 * 1000000;
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

static int newest_first(const void *a, const void *b)
{
	const struct site_post *p = a, *q = b;

	return (p->posted_at < q->posted_at) - (p->posted_at > q->posted_at);
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
	qsort(s->posts, s->n_posts, sizeof(s->posts[0]), newest_first);
	return 0;
}

const struct site_post *posts_find(const struct site *s, struct str key)
{
	for (size_t i = 0; i < s->n_posts; i++)
		if (str_eq(s->posts[i].key, key))
			return &s->posts[i];
	return NULL;
}

static void refresh_changes(struct site *s, struct site_post *p)
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

static void refresh_down(struct site *s)
{
	struct str path = arena_printf(s->arena, "%s/down", s->changes);
	AUTO(buf) text = BUF_INIT(KIB(4));

	s->down = file_read(path.p, &text, NULL) == 0 ? arena_copy(s->arena, buf_str(&text)) : (struct str){ 0 };
}

void posts_refresh(struct site *s)
{
	int64_t now = s->clock ? site_now_us(s) : INT64_MAX;

	if (s->changes)
		refresh_down(s);
	for (size_t i = 0; i < s->n_posts; i++) {
		struct site_post *p = &s->posts[i];

		if (s->changes)
			refresh_changes(s, p);
		p->gone = (s->changes && p->gone) || p->posted_at > now;
	}
}

bool posts_down(const struct site *s, struct str path)
{
	struct str rest = s->down, line;

	while (str_split(&rest, '\n', &line))
		if (line.n && str_starts(path, line))
			return true;
	return false;
}

struct str posts_path(const struct site *s, struct str path)
{
	struct str key = str_slice(path, str_starts(path, STR("/raw/")) ? strlen("/raw/") : 1, path.n);
	const struct site_post *p = posts_find(s, key);

	return p && p->as.n ? p->as : path;
}
