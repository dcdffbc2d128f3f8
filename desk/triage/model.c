/* model.c - what a key means */
#include "desk/triage/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

void triage_init(struct triage *t)
{
	*t = (struct triage){ .filter = { .verdict = STR("none"), .limit = LIMIT_SHIFT }, .page_lines = 1 };
}

void triage_say(struct triage *t, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(t->said, sizeof(t->said), format, arguments);
	va_end(arguments);
}

const struct queue_row *triage_front(const struct triage *t)
{
	return t->cursor < t->n_rows ? &t->rows[t->cursor] : NULL;
}

void triage_take_rows(struct triage *t, const struct queue_row *rows, size_t n, bool more)
{
	const struct queue_row *before = triage_front(t);
	const int64_t id = before ? before->id : 0;

	t->rows = rows;
	t->n_rows = n;
	t->more = more;
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == id) {
			t->cursor = i;
			return;
		}
	if (t->cursor >= n)
		t->cursor = n ? n - 1 : 0;
}

static struct triage_act act(enum triage_act_kind kind)
{
	return (struct triage_act){ .kind = kind };
}

/* ---- moving ---- */

static struct triage_act open_row(struct triage *t)
{
	if (!triage_front(t))
		return act(ACT_NOTHING);
	t->page = PAGE_FINDING;
	t->scroll = 0;
	t->sheet = NULL;
	return act(ACT_OPEN);
}

static struct triage_act go(struct triage *t, size_t to)
{
	const size_t last = t->n_rows ? t->n_rows - 1 : 0;
	const size_t before = t->cursor;

	t->cursor = to > last ? last : to;
	if (t->page == PAGE_FINDING && t->cursor != before)
		return open_row(t);
	if (t->cursor == before && t->n_rows)
		triage_say(t, before == 0 ? "this is the first" : "this is the last");
	return act(ACT_NOTHING);
}

static size_t less(size_t from, size_t n)
{
	return from > n ? from - n : 0;
}

/* The next finding. One that was judged has left the queue: then the next one is under the cursor already. */
static struct triage_act next(struct triage *t)
{
	const struct queue_row *row = triage_front(t);

	if (!row) {
		triage_say(t, "nothing else is in the queue");
		return act(ACT_NOTHING);
	}
	if (t->page == PAGE_FINDING && t->sheet && t->sheet->detail.finding.id != row->id)
		return open_row(t);
	return go(t, t->cursor + 1);
}

/* Along the queue, or along the text of a finding, whose end the view knows. */
static struct triage_act move(struct triage *t, uint32_t key)
{
	size_t *const at = t->page == PAGE_QUEUE ? &t->cursor : &t->scroll;
	const size_t page = t->page_lines;
	const size_t to = key == KEY_IS_UP	  ? less(*at, 1)
			  : key == KEY_IS_DOWN	  ? *at + 1
			  : key == KEY_IS_PAGE_UP ? less(*at, page)
			  : key == KEY_IS_HOME	  ? 0
			  : key == KEY_IS_END	  ? SIZE_MAX / 2
						  : *at + page;

	if (t->page == PAGE_QUEUE)
		return go(t, to);
	t->scroll = to;
	return act(ACT_NOTHING);
}

static struct triage_act leave(struct triage *t)
{
	if (t->page == PAGE_QUEUE)
		return act(ACT_QUIT);
	t->page = PAGE_QUEUE;
	t->sheet = NULL;
	t->scroll = 0;
	return act(ACT_NOTHING);
}

/* ---- questions ---- */

static void put(char out[LIMIT_FIELD], struct str s)
{
	snprintf(out, LIMIT_FIELD, "%.*s", STR_ARG(s));
}

static struct triage_act ask(struct triage *t, enum triage_question question, struct str proposed)
{
	t->question = question;
	put(t->typed, proposed);
	t->n_typed = strlen(t->typed);
	return act(ACT_NOTHING);
}

/* Without the last character. */
static void take_back(struct triage *t)
{
	while (t->n_typed && ((unsigned char)t->typed[--t->n_typed] & 0xc0) == 0x80)
		;
	t->typed[t->n_typed] = '\0';
}

static struct triage_act answered(struct triage *t)
{
	const struct str text = str_trim((struct str){ t->typed, t->n_typed });
	const enum triage_question question = t->question;

	t->question = question == ASK_NAME ? ASK_NOTHING : ASK_FILTER;
	if (question == ASK_NAME)
		return (struct triage_act){ .kind = text.n ? ACT_ASSIGN : ACT_NOTHING, .text = text };
	put(question == ASK_ASSET ? t->asset : t->source, text);
	t->filter.asset = str_of(t->asset);
	t->filter.source = str_of(t->source);
	return act(ACT_LOAD);
}

static struct triage_act type(struct triage *t, uint32_t key)
{
	char character[4];
	size_t n;

	if (key == KEY_IS_LEAVE)
		t->question = t->question == ASK_NAME ? ASK_NOTHING : ASK_FILTER;
	if (key == KEY_IS_ENTER)
		return answered(t);
	if (key == KEY_IS_BACK)
		take_back(t);
	if (key == ('u' & 0x1f)) /* as in a shell: the line is empty again */
		t->typed[t->n_typed = 0] = '\0';
	if (key < 0x20 || key >= KEY_IS_UP)
		return act(ACT_NOTHING);
	n = utf8_put(key, character);
	if (t->n_typed + n < sizeof(t->typed)) {
		memcpy(t->typed + t->n_typed, character, n);
		t->n_typed += n;
		t->typed[t->n_typed] = '\0';
	}
	return act(ACT_NOTHING);
}

/* The next of a row of names, the first behind the last; `now` empty stands before the first. */
static struct str next_name(const char *const *names, size_t n, struct str now)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(now, str_of(names[i])))
			return i + 1 < n ? str_of(names[i + 1]) : STR("");
	return str_of(names[0]);
}

static int next_severity(int now)
{
	return now < 20 ? 20 : now < 40 ? 40 : now < 70 ? 70 : now < 90 ? 90 : 0;
}

static void filter_clear(struct triage *t)
{
	t->asset[0] = t->source[0] = '\0';
	t->filter = (struct queue_filter){ .verdict = STR("none"), .limit = LIMIT_SHIFT };
}

static struct triage_act filter_key(struct triage *t, uint32_t key)
{
	const struct queue_row *front = triage_front(t);
	struct queue_filter *f = &t->filter;

	switch (key) {
	case 's':
		f->least_severity = next_severity(f->least_severity);
		break;
	case 'c':
		f->category = next_name(category_names, CATEGORIES, f->category);
		break;
	case 'v':
		f->verdict = next_name(verdict_names, 5, f->verdict);
		break;
	case 'u':
		f->unanswered = !f->unanswered;
		break;
	case 'x':
		filter_clear(t);
		break;
	case 'a':
		return ask(t, ASK_ASSET, t->asset[0] || !front ? str_of(t->asset) : front->asset);
	case 'o':
		return ask(t, ASK_SOURCE, t->source[0] || !front ? str_of(t->source) : front->source);
	default:
		t->question = ASK_NOTHING;
		return act(ACT_NOTHING);
	}
	return act(ACT_LOAD);
}

static struct triage_act grounds_key(struct triage *t, uint32_t key)
{
	t->question = ASK_NOTHING;
	for (int i = 0; i < TAKEDOWN_GROUNDS; i++)
		if (key == (uint32_t)takedown_grounds[i].key)
			return (struct triage_act){ .kind = ACT_TAKEDOWN, .text = str_of(takedown_grounds[i].name) };
	triage_say(t, "no takedown was opened");
	return act(ACT_NOTHING);
}

static struct triage_act rule_key(struct triage *t, uint32_t key)
{
	t->question = ASK_NOTHING;
	if (t->sheet && key >= '1' && key <= '9' && key - '1' < t->sheet->n_rules)
		return (struct triage_act){ .kind = ACT_MUTE, .text = t->sheet->rules[key - '1'] };
	triage_say(t, "no rule was muted");
	return act(ACT_NOTHING);
}

static struct triage_act answer_key(struct triage *t, uint32_t key)
{
	switch (t->question) {
	case ASK_FILTER:
		return filter_key(t, key);
	case ASK_GROUNDS:
		return grounds_key(t, key);
	case ASK_RULE:
		return rule_key(t, key);
	case ASK_NOTHING:
	case ASK_ASSET:
	case ASK_SOURCE:
	case ASK_NAME:
		break;
	}
	return type(t, key);
}

/* ---- acts ---- */

static struct triage_act mute(struct triage *t)
{
	if (!t->sheet || t->page != PAGE_FINDING)
		triage_say(t, "open the finding first (Enter): its rules are numbered there");
	else if (t->sheet->n_rules == 0)
		triage_say(t, "no rule hit here: words made this finding");
	else
		t->question = ASK_RULE;
	return act(ACT_NOTHING);
}

static struct triage_act judge(enum verdict verdict)
{
	return (struct triage_act){ .kind = ACT_JUDGE, .verdict = verdict };
}

/* Keys that need a finding in front. */
static struct triage_act finding_key(struct triage *t, uint32_t key)
{
	switch (key) {
	case 'c':
		return judge(VERDICT_CONFIRMED);
	case 'f':
		return judge(VERDICT_FALSE_POSITIVE);
	case 'k':
		return judge(VERDICT_KNOWN);
	case 'd':
		return judge(VERDICT_DUPLICATE);
	case 'a':
		return act(ACT_ACKNOWLEDGE);
	case 'g':
		return ask(t, ASK_NAME, STR(""));
	case 't':
		t->question = ASK_GROUNDS;
		return act(ACT_NOTHING);
	case 'm':
		return mute(t);
	case 'n':
		return next(t);
	case 'p':
		return go(t, less(t->cursor, 1));
	default:
		triage_say(t, "this key does nothing here; ? says which do");
		return act(ACT_NOTHING);
	}
}

static struct triage_act page_key(struct triage *t, uint32_t key)
{
	switch (key) {
	case 'q':
	case KEY_IS_LEAVE:
		return leave(t);
	case '?':
		t->page = PAGE_HELP;
		t->scroll = 0;
		return act(ACT_NOTHING);
	case '/':
		t->question = ASK_FILTER;
		t->page = PAGE_QUEUE;
		t->sheet = NULL;
		return act(ACT_NOTHING);
	case 'r':
		return act(ACT_LOAD);
	case 'u':
		return act(ACT_UNDO);
	case KEY_IS_ENTER:
		return t->page == PAGE_QUEUE ? open_row(t) : act(ACT_NOTHING);
	case ' ':
		return move(t, KEY_IS_PAGE_DOWN);
	default:
		return key >= KEY_IS_UP ? move(t, key) : triage_front(t) || t->sheet ? finding_key(t, key) : act(ACT_NOTHING);
	}
}

struct triage_act triage_key(struct triage *t, uint32_t key)
{
	t->said[0] = '\0';
	if (t->question != ASK_NOTHING)
		return answer_key(t, key);
	if (t->page == PAGE_HELP && key < KEY_IS_UP && key != ' ')
		return leave(t);
	return page_key(t, key);
}
