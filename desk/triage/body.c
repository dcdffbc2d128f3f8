/* body.c - text of any length, broken into the lines of a screen */
#include "desk/triage/body.h"

#include "desk/triage/shown.h"

static struct view_line *add(struct body *b)
{
	return arena_push(b->a, &b->lines, &b->n, sizeof(*b->lines));
}

static void add_run(struct body *b, struct view_line *line, enum view_look look, struct str text)
{
	if (text.n)
		*(struct view_run *)arena_push(b->a, &line->runs, &line->n, sizeof(*line->runs)) = (struct view_run){ text,
														      look };
}

void body_line(struct body *b, enum view_look look, struct str text)
{
	add_run(b, add(b), look, shown_line(b->a, text, b->columns));
}

void body_heading(struct body *b, const char *title)
{
	add(b);
	body_line(b, LOOK_STRONG, str_of(title));
}

/* One sign as it is shown; a tab as a blank. */
static int sign(struct str text, size_t *at, int *marks, char buf[SHOWN_CHARACTER], struct str *out)
{
	if (text.p[*at] != '\t')
		return shown_next(text, at, marks, buf, out);
	(*at)++;
	*out = STR(" ");
	return 1;
}

/* Where the line that begins at `start` ends: behind the last word that fits, or in the middle of a long one. */
static size_t line_end(struct str text, size_t start, int columns)
{
	char buf[SHOWN_CHARACTER];
	size_t word = start;
	int used = 0, marks = 0;

	for (size_t at = start; at < text.n;) {
		const size_t before = at;
		struct str shown;

		if (text.p[at] == '\n')
			return at;
		used += sign(text, &at, &marks, buf, &shown);
		if (used > columns)
			return word > start ? word : before > start ? before : at;
		if (ascii_is_space(text.p[before]))
			word = at;
	}
	return text.n;
}

/* The signs from `start` to `end`, a run for each look. */
static void add_signs(struct body *b, struct view_line *line, struct str text, size_t start, size_t end,
		      const unsigned char *looks)
{
	AUTO(buf) run = BUF_INIT(LIMIT_SHOWN);
	char buf[SHOWN_CHARACTER];
	enum view_look look = LOOK_PLAIN;
	int marks = 0;

	for (size_t at = start; at < end;) {
		const enum view_look its = looks ? (enum view_look)looks[at] : LOOK_PLAIN;
		struct str shown;

		if (its != look) {
			add_run(b, line, look, arena_copy(b->a, buf_str(&run)));
			buf_clear(&run);
			look = its;
		}
		sign(text, &at, &marks, buf, &shown);
		buf_add(&run, shown);
	}
	add_run(b, line, look, arena_copy(b->a, buf_str(&run)));
}

void body_text(struct body *b, int indent, struct str text, const unsigned char *looks)
{
	for (size_t at = 0; at < text.n;) {
		const size_t end = line_end(text, at, b->columns - indent);
		const bool broken = end < text.n && text.p[end] == '\n';
		const size_t last = broken && end > at && text.p[end - 1] == '\r' ? end - 1 : end;
		struct view_line *line = add(b);

		add_run(b, line, LOOK_PLAIN, arena_printf(b->a, "%*s", indent, ""));
		add_signs(b, line, text, at, last, looks);
		at = end + broken;
	}
}
