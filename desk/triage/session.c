/* session.c - a shift of one operator */
#include "desk/triage/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/must.h"
#include "store/duty.h"

enum { SIMILAR = 50 }; /* of its campaign that are shown; `campaign show` has all */

struct session {
	struct acting w;
	struct triage model;
	struct arena *rows, *sheet; /* what the model shows lives in them */
	struct triage_sheet shown;
	/* The finding in front as the operator has seen it: what others did since is not taken for seen. */
	int64_t seen_id;
	char seen_name[9]; /* of its public id */
	struct queue_state seen;
	struct arena *seen_words;
	struct done done[LIMIT_UNDO]; /* the last is at n_done - 1 */
	size_t n_done;
};

struct triage *session_model(struct session *s)
{
	return &s->model;
}

static void say(struct session *s, struct str words)
{
	triage_say(&s->model, "%.*s", STR_ARG(words));
}

/* What failed is said, and the shift goes on. */
static void say_error(struct session *s, const struct err *err)
{
	say(s, str_of(err->text));
}

/* ---- reading ---- */

static int queue_read(struct session *s, struct err *err)
{
	struct arena *fresh = arena_new(LIMIT_ARENA);
	struct queue_filter filter = s->model.filter;
	struct queue_row *rows;
	size_t n;

	filter.limit++;
	if (queue_list(s->w.store, &filter, fresh, &rows, &n, err) < 0) {
		arena_free(fresh);
		return err->code;
	}
	triage_take_rows(&s->model, rows, n > LIMIT_SHIFT ? LIMIT_SHIFT : n, n > LIMIT_SHIFT);
	arena_free(s->rows);
	s->rows = fresh;
	return 0;
}

/* Rules that have hits in it, each once, and which of them are muted there. */
static int rules_read(struct session *s, struct triage_sheet *sheet, struct arena *a, struct err *err)
{
	const struct stored_assessment *said = &sheet->detail.said;
	struct mute *mutes;
	size_t n;
	int64_t source;

	if (mute_list(s->w.store, clock_now_us(), a, &mutes, &n, err) < 0 ||
	    store_source(s->w.store, sheet->detail.finding.source, &source, err) < 0)
		return err->code;
	sheet->rules = arena_alloc(a, (said->n_hits + 1) * sizeof(*sheet->rules));
	sheet->muted = arena_alloc(a, (said->n_hits + 1) * sizeof(*sheet->muted));
	for (size_t i = 0; i < said->n_hits; i++) {
		size_t k = 0;

		while (k < sheet->n_rules && !str_eq(sheet->rules[k], said->hits[i].rule))
			k++;
		if (k < sheet->n_rules)
			continue;
		sheet->rules[sheet->n_rules++] = said->hits[i].rule;
		for (size_t m = 0; m < n; m++)
			sheet->muted[k] |= mute_holds(&mutes[m], said->hits[i].rule, source);
	}
	return 0;
}

static int sheet_read(struct session *s, struct str id, struct triage_sheet *out, struct arena *a, struct err *err)
{
	struct store *store = s->w.store;
	int found = finding_load(store, id, a, &out->detail, err);
	const int64_t finding = out->detail.finding.id;

	if (found <= 0)
		return found < 0 ? found : err_set(err, E_USAGE, "finding %.8s is gone: it was purged", id.p);
	if (queue_state(store, finding, a, &out->state, err) < 0 || duty_words(store, finding, a, &out->duty, err) < 0 ||
	    takedown_list(store, finding, 0, a, &out->takedowns, &out->n_takedowns, err) < 0 || rules_read(s, out, a, err) < 0)
		return err->code;
	if (out->detail.finding.campaign.n == 0 ||
	    campaign_load(store, out->detail.finding.campaign, a, &out->campaign, err) <= 0)
		return err->code;
	return campaign_findings(store, out->campaign.id, 0, SIMILAR, a, &out->similar, &out->n_similar, err);
}

/* The finding with this id comes onto the page. */
static int sheet_open(struct session *s, struct str id, struct err *err)
{
	struct arena *fresh = arena_new(LIMIT_ARENA);
	struct triage_sheet sheet = { 0 };

	if (sheet_read(s, id, &sheet, fresh, err) < 0) {
		arena_free(fresh);
		return err->code;
	}
	arena_free(s->sheet);
	s->sheet = fresh;
	s->shown = sheet;
	s->model.sheet = &s->shown;
	return 0;
}

/* ---- what the operator has seen ---- */

/* The finding in front, and how it stands as it is shown. */
static const struct queue_state *front(const struct session *s, int64_t *id, struct str *public_id)
{
	const struct queue_row *row = triage_front(&s->model);
	const struct triage_sheet *sheet = s->model.page == PAGE_FINDING ? s->model.sheet : NULL;

	if (!sheet && !row)
		return NULL;
	*id = sheet ? sheet->detail.finding.id : row->id;
	*public_id = sheet ? sheet->detail.finding.public_id : row->public_id;
	return sheet ? &sheet->state : &row->state;
}

/* What is shown of it was seen. */
static void see(struct session *s, int64_t id, struct str public_id, const struct queue_state *is)
{
	arena_clear(s->seen_words);
	snprintf(s->seen_name, sizeof(s->seen_name), "%.8s", public_id.p);
	s->seen_id = id;
	s->seen = *is;
	s->seen.verdict = arena_copy(s->seen_words, is->verdict);
	s->seen.judged_by = arena_copy(s->seen_words, is->judged_by);
	s->seen.holder = arena_copy(s->seen_words, is->holder);
}

/* After a key another finding may be in front; what is shown of the same one was seen before. */
static void see_front(struct session *s, bool again)
{
	struct str public_id;
	int64_t id;
	const struct queue_state *is = front(s, &id, &public_id);

	if (!is)
		s->seen_id = 0;
	else if (again || id != s->seen_id)
		see(s, id, public_id, is);
}

/* ---- doing ---- */

/* All is read anew; the page keeps its finding, also when that has left the queue. */
static int read_all(struct session *s, struct err *err)
{
	char id[FINDING_ID] = "";

	if (s->model.page == PAGE_FINDING && s->model.sheet)
		snprintf(id, sizeof(id), "%.*s", STR_ARG(s->shown.detail.finding.public_id));
	if (queue_read(s, err) < 0)
		return err->code;
	return id[0] ? sheet_open(s, str_of(id), err) : 0;
}

static void keep(struct session *s, const struct done *done)
{
	if (s->n_done == LIMIT_UNDO) {
		memmove(s->done, s->done + 1, (LIMIT_UNDO - 1) * sizeof(*s->done));
		s->n_done--;
	}
	s->done[s->n_done++] = *done;
}

/* All is shown as it is now, and what became of the act is said. */
static void tell(struct session *s, const char *words)
{
	struct err err = { 0 };

	if (read_all(s, &err) < 0)
		say_error(s, &err);
	else
		triage_say(&s->model, "%s", words);
	see_front(s, true);
}

/*
 * Somebody was there first. The next press counts for the finding as it is now; when it has left the queue that press meant
 * no other one, so what came under the cursor counts as not seen.
 */
static void tell_changed(struct session *s, struct buf *said, int64_t id)
{
	struct err err = { 0 };
	struct str public_id;
	int64_t now = 0;

	if (read_all(s, &err) < 0) {
		say_error(s, &err);
		return;
	}
	if (front(s, &now, &public_id) && now == id) {
		buf_add(said, STR("; press again if it is still meant"));
		see_front(s, true);
	} else {
		buf_add(said, STR("; it left the queue"));
	}
	say(s, buf_str(said));
}

static void perform(struct session *s, const struct triage_act *act)
{
	AUTO(buf) said = BUF_INIT(4 * LIMIT_FIELD);
	struct done done;
	struct err err = { 0 };
	struct str public_id;
	int64_t id;
	int did;

	if (!front(s, &id, &public_id))
		return;
	if (id != s->seen_id) { /* what was in front left the queue while nobody pressed a key */
		triage_say(&s->model, "%s left the queue, this is %.8s: press again if it is meant", s->seen_name, public_id.p);
		see_front(s, true);
		return;
	}
	did = acts_do(&s->w, act, public_id, &s->seen, &done, &said, &err);
	if (did == ACTS_DONE)
		keep(s, &done);
	if (did == ACTS_CHANGED)
		tell_changed(s, &said, id);
	else
		tell(s, did < 0 ? err.text : said.n ? said.p : "");
}

/* Earlier acts on the same finding can be taken back too: that it stands otherwise than they left it is our own doing. */
static void stands_again(struct session *s, const struct done *undone)
{
	for (size_t i = 0; i < s->n_done; i++)
		if (s->done[i].finding_id == undone->finding_id && queue_same(&s->done[i].after, &undone->stood))
			s->done[i].after = undone->after;
}

static void undo(struct session *s)
{
	AUTO(buf) said = BUF_INIT(4 * LIMIT_FIELD);
	struct err err = { 0 };
	int did;

	if (s->n_done == 0) {
		say(s, STR("nothing was done yet that could be taken back"));
		return;
	}
	did = acts_undo(&s->w, &s->done[s->n_done - 1], &said, &err);
	if (did >= 0)
		s->n_done--; /* what somebody changed since is his: it is not offered again */
	if (did == ACTS_DONE)
		stands_again(s, &s->done[s->n_done]);
	if (did == ACTS_CHANGED)
		buf_add(&said, STR("; your act stays"));
	tell(s, did < 0 ? err.text : said.n ? said.p : "");
}

static void load(struct session *s)
{
	struct err err = { 0 };

	if (read_all(s, &err) < 0)
		say_error(s, &err);
	see_front(s, true);
}

static void open_front(struct session *s)
{
	const struct queue_row *row = triage_front(&s->model);
	struct err err = { 0 };

	if (row && sheet_open(s, row->public_id, &err) < 0) {
		s->model.page = PAGE_QUEUE;
		say_error(s, &err);
		return;
	}
	see_front(s, true);
}

int session_key(struct session *s, uint32_t key)
{
	const struct triage_act act = triage_key(&s->model, key);

	switch (act.kind) {
	case ACT_QUIT:
		return 0;
	case ACT_LOAD:
		load(s);
		break;
	case ACT_OPEN:
		open_front(s);
		break;
	case ACT_UNDO:
		undo(s);
		break;
	case ACT_JUDGE:
	case ACT_ACKNOWLEDGE:
	case ACT_ASSIGN:
	case ACT_TAKEDOWN:
	case ACT_MUTE:
		perform(s, &act);
		break;
	case ACT_NOTHING:
		see_front(s, false);
		break;
	}
	return 1;
}

/* Findings that were not there before. */
static size_t count_new(const struct session *s, const int64_t *ids, size_t n)
{
	size_t fresh = 0;

	for (size_t i = 0; i < s->model.n_rows; i++) {
		size_t k = 0;

		while (k < n && ids[k] != s->model.rows[i].id)
			k++;
		fresh += k == n;
	}
	return fresh;
}

/* How the finding in front stands now, against what was seen. */
static void say_difference(struct session *s)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct queue_state now;
	struct err err = { 0 };
	struct str difference;

	if (s->seen_id == 0 || queue_state(s->w.store, s->seen_id, a, &now, &err) < 0)
		return;
	difference = acts_difference(&s->seen, &now, a);
	if (difference.n)
		triage_say(&s->model, "%s changed since you looked: %.*s", s->seen_name, STR_ARG(difference));
}

void session_look(struct session *s)
{
	int64_t ids[LIMIT_SHIFT];
	size_t n = s->model.n_rows;
	struct err err = { 0 };
	size_t fresh;

	for (size_t i = 0; i < n; i++)
		ids[i] = s->model.rows[i].id;
	if (s->model.question != ASK_NOTHING) /* a person is in the middle of something */
		return;
	if (read_all(s, &err) < 0) {
		say_error(s, &err);
		return;
	}
	fresh = count_new(s, ids, n);
	if (fresh)
		triage_say(&s->model, "%zu new", fresh);
	say_difference(s);
}

struct session *session_new(const struct acting *w, struct err *err)
{
	struct session *s = calloc(1, sizeof(*s));

	MUST(s);
	s->w = *w;
	s->seen_words = arena_new(MIB(1));
	triage_init(&s->model);
	if (queue_read(s, err) < 0) {
		session_free(s);
		return NULL;
	}
	see_front(s, true);
	return s;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	arena_free(s->rows);
	arena_free(s->sheet);
	arena_free(s->seen_words);
	free(s);
}
