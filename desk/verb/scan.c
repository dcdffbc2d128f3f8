/* scan.c - `watchdesk scan`: classify files, folders or standard input; no store needed */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "desk/assess.h"
#include "desk/model.h"
#include "desk/verb.h"
#include "store/quoted.h"

/* What a scan has met so far. */
struct scan {
	const struct invocation *invocation;
	struct assessor assessor;
	struct buf piece; /* a part of the file being read */
	bool found;
};

/* All pieces of one file, added up: the worst of each category, the hits with offsets into the file. */
struct file_total {
	struct arena *a;
	struct assessed sum;
};

static void worse(struct file_total *t, const struct assessed *found, size_t offset)
{
	struct assessment *sum = &t->sum.assessment;

	for (int i = 0; i < CATEGORIES; i++)
		if (found->assessment.category[i] > sum->category[i])
			sum->category[i] = found->assessment.category[i];
	if (found->assessment.reports > sum->reports)
		sum->reports = found->assessment.reports;
	if (found->severity.value >= t->sum.severity.value) {
		t->sum.severity.value = found->severity.value;
		t->sum.severity.n_terms = 0;
		for (size_t i = 0; i < found->severity.n_terms; i++)
			*(struct str *)arena_push(t->a, &t->sum.severity.terms, &t->sum.severity.n_terms,
						  sizeof(struct str)) = arena_copy(t->a, found->severity.terms[i]);
	}
	for (size_t i = 0; i < found->assessment.n_hits && sum->n_hits < LIMIT_HITS; i++) {
		struct hit *h = arena_push(t->a, &sum->hits, &sum->n_hits, sizeof(*h));

		*h = found->assessment.hits[i];
		h->rule = arena_copy(t->a, h->rule);
		h->label = arena_copy(t->a, h->label);
		h->masked = arena_copy(t->a, h->masked);
		h->why = arena_copy(t->a, h->why);
		h->asset = arena_copy(t->a, h->asset);
		if (h->span.layer == 0) {
			h->span.start += offset;
			h->span.end += offset;
		}
		h->outer.start += offset;
		h->outer.end += offset;
	}
	for (size_t i = 0; i < found->assessment.n_parts && sum->n_parts < LIMIT_PARTS; i++) {
		struct part *p = arena_push(t->a, &sum->parts, &sum->n_parts, sizeof(*p));

		*p = found->assessment.parts[i];
		p->part = arena_copy(t->a, p->part);
		p->span.start += offset;
		p->span.end += offset;
	}
	for (size_t i = 0; i < found->assessment.n_mentions && sum->n_mentions < LIMIT_PARTS; i++) {
		struct mention *m = arena_push(t->a, &sum->mentions, &sum->n_mentions, sizeof(*m));

		*m = found->assessment.mentions[i];
		m->asset = arena_copy(t->a, m->asset);
		m->term = arena_copy(t->a, m->term);
	}
	for (size_t i = 0; i < found->assessment.n_look_alikes && sum->n_look_alikes < LIMIT_PARTS; i++) {
		struct look_alike *l = arena_push(t->a, &sum->look_alikes, &sum->n_look_alikes, sizeof(*l));

		*l = found->assessment.look_alikes[i];
		l->asset = arena_copy(t->a, l->asset);
		l->domain = arena_copy(t->a, l->domain);
		l->host = arena_copy(t->a, l->host);
		l->why = arena_copy(t->a, l->why);
		l->span.start += offset;
		l->span.end += offset;
	}
	for (size_t i = 0; i < found->assessment.n_reasons && sum->n_reasons < LIMIT_PARTS; i++)
		*(struct str *)arena_push(t->a, &sum->reasons, &sum->n_reasons,
					  sizeof(struct str)) = arena_copy(t->a, found->assessment.reasons[i]);
}

static bool says_something(const struct assessed *f)
{
	for (int i = 0; i < CATEGORIES; i++)
		if (f->assessment.category[i] >= 0.5)
			return true;
	return f->assessment.n_hits > 0;
}

static void found_json(const char *path, const struct assessed *f)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "path", str_of(path));
	assess_json(&w, f);
	json_close(&w, '}');
	print_json(&out);
}

static void found_print(const char *path, const struct assessed *f)
{
	print("%s%3d %-8s%s  ", style("1"), f->severity.value, severity_name(f->severity.value), style(""));
	print_text(str_of(path), false, 0);
	for (int i = 0; i < CATEGORIES; i++)
		if (f->assessment.category[i] >= 0.5)
			print("  %s %.2f", category_names[i], f->assessment.category[i]);
	if (f->assessment.reports >= 0.5)
		print("  (%s)", QUOTED_TOLD);
	print("\n");
	for (size_t i = 0; i < f->assessment.n_reasons; i++) {
		print("      ");
		print_text(f->assessment.reasons[i], false, 0);
		print("\n");
	}
	for (size_t i = 0; i < f->assessment.n_hits; i++) {
		const struct hit *h = &f->assessment.hits[i];

		print("      %8zu  ", h->outer.start);
		print_text(h->label, false, 32);
		print("  %-6s  ", confidence_names[h->confidence]);
		print_text(h->masked, false, 60);
		print("\n");
	}
}

/* How much of a full piece is read as one text: up to its last line end, so that no line is cut. */
static size_t whole_lines(struct str piece, bool last)
{
	const char *end = last || piece.n == 0 ? NULL : memrchr(piece.p, '\n', piece.n);

	return end ? (size_t)(end - piece.p) + 1 : piece.n;
}

static int scan_fd(struct scan *s, int fd, const char *path, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct file_total total = { .a = a };
	size_t offset = 0;
	ssize_t n = 1;

	buf_clear(&s->piece);
	while (n > 0 || s->piece.n) {
		struct assessed found;
		size_t whole;

		while (s->piece.n < LIMIT_SCAN_PIECE && n > 0) {
			char *room = buf_room(&s->piece, LIMIT_SCAN_PIECE - s->piece.n);

			n = read(fd, room, LIMIT_SCAN_PIECE - s->piece.n);
			if (n < 0 && errno != EINTR)
				return err_set(err, E_IO, "cannot read %s: %s", path, strerror(errno));
			s->piece.n += n > 0 ? (size_t)n : 0;
			n = n < 0 ? 1 : n;
		}
		whole = whole_lines(buf_str(&s->piece), n == 0);
		assess(&s->assessor, str_slice(buf_str(&s->piece), 0, whole), &found);
		worse(&total, &found, offset);
		offset += whole;
		buf_drop(&s->piece, whole);
	}
	s->found |= says_something(&total.sum);
	if (s->invocation->json)
		found_json(path, &total.sum);
	else if (says_something(&total.sum))
		found_print(path, &total.sum);
	return 0;
}

static int scan_file(void *whose, const char *path, struct err *err)
{
	struct scan *s = whose;
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int result;

	if (fd < 0)
		return err_set(err, E_IO, "cannot open %s: %s", path, strerror(errno));
	result = scan_fd(s, fd, path, err);
	if (fd != STDIN_FILENO)
		close(fd);
	return result;
}

static int scan_all(struct scan *s, struct err *err)
{
	const struct invocation *i = s->invocation;

	for (int k = 0; k < i->n; k++) {
		int result = file_walk(i->arguments[k], scan_file, s, err);

		if (result < 0)
			return result;
	}
	if (!s->found && !i->json)
		print("nothing found\n");
	return s->found;
}

static int scan_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = NULL;
	struct scan s = { .invocation = i, .piece = BUF_INIT(LIMIT_SCAN_PIECE) };
	int result;

	if (load_config_if_any(i, &config, err) < 0)
		return err->code;
	result = assessor_init(&s.assessor, config, err);
	if (result == 0) {
		model_fault_log(s.assessor.classifier);
		result = scan_all(&s, err);
	}
	assessor_release(&s.assessor);
	buf_release(&s.piece);
	return result;
}

const struct verb verb_scan = {
	.name = "scan",
	.arguments = "PATH...",
	.summary = "classify files, folders or - for standard input",
	.text = "Says of each file what it holds: category scores, hits with their offsets, secrets masked. No store and no "
		"network are used;\n"
		"the assets are those of watchdesk.yaml where there is one. Files of any size are read piece by piece. Exit "
		"code 1 says that\n"
		"something was found.",
	.least = 1,
	.most = -1,
	.run = scan_run,
};
