/* training.c - labelled texts on their way into a fit of the model of threat language */
#include "desk/training.h"

#include <limits.h>

#include "base/embed.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "desk/assess.h"

static const size_t ROWS_BYTES = (size_t)4 << 30; /* address space for LIMIT_EVAL_TEXTS rows that grow by doubling */

enum {
	SHORT_TEXT = 200, /* bytes */
	JOINED = 10,	  /* short texts that become one, at most */
	PARTS = 4,	  /* of the own texts; on one of them a re-fit is compared */
};

int training_init(struct training *t, const struct fit_options *options, struct err *err)
{
	char cache[PATH_MAX];
	const struct classifier_options plain = { .cache = cache_folder(cache, sizeof(cache)) };

	*t = (struct training){ .classifier = classifier_new(&plain, err), .joined = BUF_INIT(MIB(1)) };
	t->scratch = t->classifier ? classify_scratch_new(t->classifier, err) : NULL;
	t->a = arena_new(ROWS_BYTES);
	t->text = arena_new(LIMIT_ARENA);
	t->fit = fit_new(options);
	return t->scratch ? 0 : err->code;
}

void training_release(struct training *t)
{
	fit_free(t->fit);
	buf_release(&t->joined);
	classify_scratch_free(t->scratch);
	classifier_free(t->classifier);
	arena_free(t->text);
	arena_free(t->a);
}

bool is_put_aside(const struct labelled *row)
{
	uint32_t h = 0;

	if (!str_starts(row->source, STR("own/")))
		return false;
	for (size_t i = 0; i < row->source.n; i++)
		h = (h ^ (unsigned char)row->source.p[i]) * 16777619u;
	return (h >> 16) % PARTS == 0;
}

static void note_row(struct training *t, const struct labelled *row, bool ordinary)
{
	struct trained *kept = arena_push(t->a, &t->rows, &t->n, sizeof(*kept));
	const struct trained *last = t->n > 1 ? kept - 1 : kept;

	kept->source = str_eq(last->source, row->source) ? last->source : arena_copy(t->a, row->source);
	kept->lang = str_eq(last->lang, row->lang) ? last->lang : arena_copy(t->a, row->lang);
	kept->kind = str_eq(last->kind, row->kind) ? last->kind : arena_copy(t->a, row->kind);
	kept->ordinary = ordinary;
	memcpy(kept->heads, row->heads, sizeof(kept->heads));
}

/* Texts written by hand are one source, and so are verdicts; what they are of is the kind that is left out together. */
static struct str weighed_as(const struct labelled *row)
{
	struct str rest = row->source, first;

	return row->kind.n && str_split(&rest, '/', &first) ? first : row->source;
}

static void add_text(struct training *t, const struct labelled *row, struct str content, bool ordinary)
{
	struct fit_label label = { .source = weighed_as(row), .kind = row->source, .ordinary = ordinary };
	struct language_text text;
	size_t replaced;

	arena_clear(t->text);
	classify_features(t->classifier, t->scratch, t->text, utf8_clean(t->text, content, &replaced), &text);
	memcpy(label.heads, row->heads, sizeof(label.heads));
	fit_add(t->fit, &text, &label);
	note_row(t, row, ordinary);
}

/* Every other short comment becomes a part of a longer post: length must not tell what is harmless. */
static bool join(struct training *t, const struct labelled *row)
{
	if (row->text.n > SHORT_TEXT || (t->n_short++ & 1) == 0)
		return false;
	buf_add(&t->joined, row->text);
	buf_add_char(&t->joined, '\n');
	if (++t->in_joined < 2 + t->n_joined % JOINED)
		return true;
	add_text(t, row, buf_str(&t->joined), true);
	buf_clear(&t->joined);
	t->in_joined = 0;
	t->n_joined++;
	return true;
}

int training_add(void *training, const struct labelled *row, struct err *err)
{
	struct training *t = training;
	bool ordinary = row->kind.n == 0;

	if (t->n >= LIMIT_EVAL_TEXTS)
		return err_set(err, E_LIMIT, "more than %d texts", LIMIT_EVAL_TEXTS);
	for (int h = 0; h < LANGUAGE_REPORT; h++)
		ordinary &= row->heads[h] == 0;
	if (!ordinary || !join(t, row))
		add_text(t, row, row->text, ordinary);
	return 0;
}

int own_texts_read(rows_each *each, void *whose, struct err *err)
{
	const struct embed *file;

	for (size_t i = 0; (file = embed_below("classify/training/", i)); i++)
		if (rows_read_text(file->content, file->path, each, whose, err) < 0)
			return err->code;
	return 0;
}
