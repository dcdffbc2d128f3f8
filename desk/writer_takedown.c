/* writer_takedown.c - looks at the targets of takedowns: there, gone, unclear; and texts that are back, here or elsewhere */
#include "base/clock.h"
#include "base/log.h"
#include "base/mail_header.h"
#include "crawler/route.h"
#include "desk/alert/sheet.h"
#include "desk/takedown/draft.h"
#include "desk/takedown/host.h"
#include "desk/takedown/takedowns.h"
#include "desk/writer.h"
#include "store/finding.h"
#include "store/takedown_check.h"

enum {
	PLACES = 100,	    /* targets that come to their addresses at once */
	PLACE_US = 2000000, /* between two looks for such: a verb beside the monitor may have made some due */
	WORDS = 300,	    /* characters of what a look has to say */
};

#define MINUTE INT64_C(60000000)
#define DAY    (1440 * MINUTE)

#define UNCLEAR_FIRST (15 * MINUTE) /* it is looked again after, and then twice as long each time ... */
#define UNCLEAR_MOST  DAY
#define GONE_MOST     (7 * DAY)	    /* of what is gone, the same from the host's interval on ... */
#define GONE_FOR      (90 * DAY)    /* ... and so long */
#define TOLD_EACH     (15 * MINUTE) /* people are told of one case at most so often */

#define THERE 0.6  /* of a text's rows of three words on a page: it stands there, though a word or two are others */
#define PART  0.25 /* below it is another text: phrases that everybody writes come to some hundredths */

/* What stands where another text was: gone only when a second look in a row says so. */
#define ANOTHER "another text stands there"

/* What a look at a page says of a target. */
struct sight {
	enum look_result result;
	struct str how;
	int64_t again_at; /* not before, as the host says; 0 when it does not */
};

static int64_t between(int64_t wait, int64_t least, int64_t most)
{
	return wait < least ? least : wait > most ? most : wait;
}

/* Each kind of look but the first waits twice as long as the one before. */
static int64_t wait_after(const struct takedown_watched *t, enum look_result result, int64_t interval, int64_t now)
{
	int64_t before = t->last.id && t->last.result == result ? 2 * (now - t->last.at) : 0;

	if (result == LOOK_UNCLEAR)
		return between(before, UNCLEAR_FIRST, UNCLEAR_MOST);
	return result == LOOK_GONE ? between(before, interval, interval > GONE_MOST ? interval : GONE_MOST) : interval;
}

/* Is it known to be gone? Of a closed case only that is still looked at. */
static bool is_away(const struct takedown_watched *t)
{
	return t->state == TAKEDOWN_GONE || t->state == TAKEDOWN_CLOSED;
}

static int64_t interval_of(const struct writer *w, struct str url)
{
	return takedowns_recheck(w->role->config->takedowns, url);
}

/* When it is looked at again; 0 for never: what has been gone for long stays so. */
static int64_t next_look(struct writer *w, int source, const struct takedown_watched *t, const struct sight *s, int64_t now)
{
	int64_t due;

	if (is_away(t) && s->result != LOOK_THERE && now - t->gone_at > GONE_FOR)
		return 0;
	due = writer_plan(w, source, now, wait_after(t, s->result, interval_of(w, t->url), now));
	return s->again_at > due ? s->again_at : due;
}

static bool is_quiet(const struct source *s)
{
	return s->identity == IDENTITY_QUIET || s->proxy.text.n;
}

/* What led to a place quietly: whoever sends the honest name there tells whom we watch. */
static int quiet_source(struct writer *w, int64_t frontier_id, int *route, struct err *err)
{
	struct str *names;
	size_t n;

	if (takedown_sources(w->store, frontier_id, w->a, &names, &n, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < w->role->config->n_sources; i++)
			if (str_eq(writer_source(w, (int)i)->name.text, names[k]) && is_quiet(writer_source(w, (int)i)))
				*route = (int)i;
	return 0;
}

int writer_route(struct writer *w, int i, const struct frontier_job *j, int *route, struct err *err)
{
	struct url url;

	*route = i;
	if (url_parse(w->a, j->url, (struct str){ 0 }, &url, NULL) < 0)
		return 0;
	for (size_t k = 0; k < w->role->config->n_sources; k++)
		if (route_knows(w->a, writer_source(w, (int)k), &url)) {
			*route = (int)k;
			return 0;
		}
	return quiet_source(w, j->id, route, err);
}

/* One that no address can be made of is looked at by nobody. */
static int place_nowhere(struct writer *w, const struct takedown_place *p, int64_t now, struct err *err)
{
	const struct takedown_look l = { .target_id = p->target_id,
					 .result = LOOK_UNCLEAR,
					 .how = STR("it is no address that can be looked at: a person has to") };

	if (takedown_looked(w->store, &l, now, err) < 0)
		return err->code;
	return takedown_target_due(w->store, p->target_id, now + UNCLEAR_MOST, err);
}

static int place(struct writer *w, int i, const struct takedown_place *p, int64_t now, struct err *err)
{
	struct frontier_entry e = { .source_id = w->sources[i].id, .due_at = now, .kind = PAGE_TARGET };
	struct url url;
	int placed;

	if (p->url.n > LIMIT_URL || url_parse(w->a, p->url, (struct str){ 0 }, &url, NULL) < 0 || url.href.n > LIMIT_URL)
		return place_nowhere(w, p, now, err);
	e.url = url.href;
	e.key = url.key;
	placed = takedown_place(w->store, p->target_id, &e, err);
	if (placed > 0)
		writer_look_at(w, i, now);
	return placed;
}

int writer_place_targets(struct writer *w, int i, int64_t now, struct err *err)
{
	int64_t steady = clock_steady_us();
	struct takedown_place *places;
	size_t n;

	if (steady < w->places_at)
		return 0;
	w->places_at = steady + PLACE_US;
	arena_clear(w->a);
	if (takedown_due(w->store, now, PLACES, w->a, &places, &n, err) < 0)
		return err->code;
	if (n && writer_open_group(w, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++)
		if (place(w, i, &places[k], now, err) < 0)
			return err->code;
	return 0;
}

static struct sight saw(enum look_result result, struct str how)
{
	return (struct sight){ .result = result, .how = how };
}

/* The words of the host's card that stand on a page, which say that a text is gone; empty for none. */
static struct str gone_words(const struct writer *w, struct str url, struct str text)
{
	const struct host_card *card = takedowns_card(w->role->config->takedowns, url);

	for (size_t i = 0; card && i < card->gone.n; i++)
		if (str_find_nocase(text, card->gone.items[i].text) >= 0)
			return card->gone.items[i].text;
	return (struct str){ 0 };
}

static struct str status_words(struct writer *w, int status)
{
	return arena_printf(w->a, "status %d", status);
}

/* The text is not there, and the page does not say why. */
static struct sight saw_another(const struct takedown_watched *t, struct str how)
{
	const bool again = t->last.id && t->last.result == LOOK_UNCLEAR && str_eq(t->last.how, how);

	if (is_away(t) || (again && t->seen))
		return saw(LOOK_GONE, how);
	return saw(LOOK_UNCLEAR, how);
}

/* A page in whose place something else may have come. */
static bool is_wall(const struct read_page *page)
{
	return page->problem.n && page->problem_class != PROBLEM_GONE;
}

static struct sight judge_absence(struct writer *w, const struct reading *r, const struct takedown_watched *t, double share)
{
	const struct read_page *page = &r->page;
	const struct receipt *of = &r->receipt;
	struct str words = gone_words(w, t->url, page->text);

	if (is_wall(page))
		return saw(LOOK_UNCLEAR, mail_line(w->a, page->problem, WORDS));
	if (of->status >= 400)
		return saw(LOOK_UNCLEAR, status_words(w, of->status));
	if (share >= PART)
		return saw(LOOK_UNCLEAR, STR("a part of it stands there"));
	if (words.n)
		return saw(LOOK_GONE, arena_printf(w->a, "the page says \"%.*s\"", STR_ARG(mail_line(w->a, words, WORDS / 2))));
	if (page->problem.n)
		return saw(LOOK_GONE, mail_line(w->a, page->problem, WORDS));
	if (of->hops)
		return saw_another(t, arena_printf(w->a, "it leads to %.*s, where " ANOTHER,
						   STR_ARG(mail_line(w->a, of->url, WORDS / 2))));
	return saw_another(t, STR(ANOTHER));
}

static bool is_gone_status(int status)
{
	return status == 404 || status == 410 || status == 451;
}

/* What a page says of one target: is its text there? */
static int judge(struct writer *w, const struct reading *r, const struct sketch_whole *page, const struct takedown_watched *t,
		 struct sight *out, struct err *err)
{
	double share = -1;
	struct str text;
	int known = takedown_text(w->store, t->finding_id, w->a, &text, err);

	if (known < 0)
		return known;
	if (known)
		share = takedown_share(w->store, page, text);
	if (r->page.unchanged || share >= THERE)
		*out = saw(LOOK_THERE, STR("it stands there"));
	else if (is_gone_status(r->receipt.status) && r->page.problem_class != PROBLEM_CAPTCHA &&
		 r->page.problem_class != PROBLEM_BLOCKED)
		*out = saw(LOOK_GONE, status_words(w, r->receipt.status));
	else if (share < 0)
		*out = saw(LOOK_UNCLEAR, STR("its text is not known any more: a person has to look"));
	else
		*out = judge_absence(w, r, t, share);
	return 0;
}

/* The next notice of a case: 1, 0 when there is none to go on from. What keeps it from being written is no reason to stop. */
static int draft_next(struct writer *w, int64_t takedown_id, int64_t target_id, int64_t now, struct err *err)
{
	const struct takedowns *t = w->role->config->takedowns;
	int drafted = takedown_redraft(w->store, t, takedown_id, target_id, now, w->a, err);

	if (drafted != E_USAGE && drafted != E_LIMIT)
		return drafted;
	log_event(LOG_WARN, "takedown-not-drafted", "why=\"%s\"", err->text);
	*err = (struct err){ 0 };
	return 0;
}

/* A text is back: the next notice is drafted, and people hear of it, however many copies there are once in a while. */
static int tell_back(struct writer *w, int64_t takedown_id, struct str public_id, int64_t target_id, struct str url,
		     int64_t now, struct err *err)
{
	const struct str id = str_slice(public_id, 0, 8);
	int drafted = draft_next(w, takedown_id, target_id, now, err);

	if (drafted < 0)
		return drafted;
	log_event(LOG_WARN, "takedown-back", "takedown=%.*s drafted=%d", STR_ARG(id), drafted);
	return writer_watch_say_once(
		w, arena_printf(w->a, "takedown %.*s", STR_ARG(public_id)), now / TOLD_EACH,
		arena_printf(w->a, "a text is back: takedown %.*s", STR_ARG(id)),
		arena_printf(w->a, "The text of takedown %.*s stands at %.*s%s; `watchdesk takedown show %.*s` tells more.",
			     STR_ARG(id), STR_ARG(sheet_harmless(w->a, url, WORDS)),
			     drafted ? ", and the next notice is drafted" : "", STR_ARG(id)),
		now, err);
}

static int there(struct writer *w, const struct takedown_watched *t, const struct sight *s, int64_t due, int64_t now,
		 struct err *err)
{
	const struct str who = w->role->operator_name;

	if (!is_away(t))
		return takedown_target_due(w->store, t->target_id, due, err);
	if ((t->state == TAKEDOWN_CLOSED && takedown_reopen(w->store, t->takedown_id, who, s->how, now, err) < 0) ||
	    takedown_back(w->store, t->target_id, who, s->how, due, now, err) < 0)
		return err->code;
	return tell_back(w, t->takedown_id, t->public_id, t->target_id, t->url, now, err);
}

/* It is gone since this look: custody has its proof. */
static int vanished(struct writer *w, const struct takedown_watched *t, const struct takedown_look *l, int64_t due, int64_t now,
		    struct err *err)
{
	const struct takedown_change change = { t->target_id, TAKEDOWN_GONE, w->role->operator_name, l->how, due };

	log_event(LOG_INFO, "takedown-gone", "takedown=%.8s", t->public_id.p);
	if (takedown_look_tell(w->store, l, w->role->operator_name, now, err) < 0)
		return err->code;
	return takedown_change(w->store, &change, now, err);
}

/* What becomes of a target. `proof` is the look of all targets of the page that went with it: it is sealed once. */
static int settle(struct writer *w, int source, const struct takedown_watched *t, const struct sight *s,
		  const struct takedown_look *proof, int64_t now, struct err *err)
{
	const bool news = s->result == LOOK_GONE && !is_away(t);
	const struct takedown_look l = { .target_id = t->target_id,
					 .result = s->result,
					 .how = s->how,
					 .status = proof->status,
					 .capture_id = news ? proof->capture_id : 0,
					 .evidence_id = news ? proof->evidence_id : 0 };
	const int64_t due = next_look(w, source, t, s, now);

	if (takedown_looked(w->store, &l, now, err) < 0)
		return err->code;
	if (s->result == LOOK_THERE)
		return there(w, t, s, due, now, err);
	return news ? vanished(w, t, &l, due, now, err) : takedown_target_due(w->store, t->target_id, due, err);
}

/* What all targets of a page are held to be; how many of them are there, and whether any has gone since. */
struct sights {
	struct takedown_watched *targets;
	struct sight *items;
	size_t n, there;
	bool news;
};

static int look(struct writer *w, const struct reading *r, struct sights *all, struct err *err)
{
	AUTO_FREE(sketch_whole) page = takedown_page(w->store, r->page.text);

	if (takedown_watched(w->store, r->o->id, w->a, &all->targets, &all->n, err) < 0)
		return err->code;
	all->items = arena_alloc(w->a, all->n * sizeof(*all->items));
	for (size_t i = 0; i < all->n; i++) {
		if (judge(w, r, page, &all->targets[i], &all->items[i], err) < 0)
			return err->code;
		all->there += all->items[i].result == LOOK_THERE;
		all->news |= all->items[i].result == LOOK_GONE && !is_away(&all->targets[i]);
	}
	return 0;
}

int writer_take_look(struct writer *w, struct reading *r, struct err *err)
{
	struct takedown_look proof = { .status = r->receipt.status };
	struct frontier_outcome next = { 0 };
	struct sights all = { 0 };

	w->round.fetched++;
	if (look(w, r, &all, err) < 0 || (all.news && writer_seal_proof(w, r, &proof.evidence_id, err) < 0))
		return err->code;
	proof.capture_id = r->capture_id;
	for (size_t i = 0; i < all.n; i++)
		if (settle(w, r->o->source, &all.targets[i], &all.items[i], &proof, r->now, err) < 0)
			return err->code;
	if (all.there == all.n) /* only then a 304 says something of each */
		next = (struct frontier_outcome){ .etag = r->page.etag,
						  .last_modified = r->page.last_modified,
						  .body_digest = r->page.body_digest };
	return frontier_done(w->store, r->o->id, &next, err);
}

int writer_look_same(struct writer *w, const struct out *o, int64_t now, struct err *err)
{
	const struct takedown_look seen = { .status = 304 };
	const struct sight still = saw(LOOK_THERE, STR("it stands there"));
	struct takedown_watched *targets;
	size_t n;

	w->round.fetched++;
	w->round.not_modified++;
	if (takedown_watched(w->store, o->id, w->a, &targets, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) /* one that is new here stays due, and reads the page whole */
		if (targets[i].last.id && targets[i].last.result == LOOK_THERE &&
		    settle(w, o->source, &targets[i], &still, &seen, now, err) < 0)
			return err->code;
	return frontier_again(w->store, o->id, &(struct frontier_outcome){ 0 }, err);
}

int writer_look_failed(struct writer *w, const struct out *o, const struct outcome *m, int64_t now, struct err *err)
{
	const struct takedown_look unseen = { 0 };
	struct sight s = saw(LOOK_UNCLEAR, arena_printf(w->a, "%.*s: %.*s", STR_ARG(m->class_name), STR_ARG(m->detail)));
	struct takedown_watched *targets;
	size_t n;

	w->round.failed++;
	s.how = mail_line(w->a, s.how, WORDS);
	s.again_at = m->kind == OUTCOME_QUARANTINED ? now + UNCLEAR_MOST : m->retry_at;
	if (takedown_watched(w->store, o->id, w->a, &targets, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (settle(w, o->source, &targets[i], &s, &unseen, now, err) < 0)
			return err->code;
	return frontier_done(w->store, o->id, &(struct frontier_outcome){ 0 }, err);
}

/* It stands at another place of a case: one more target. */
static int spread(struct writer *w, const struct takedown_kin *k, int64_t finding_id, struct str url, int64_t now,
		  struct err *err)
{
	const struct str note = STR("nearly the same text was found");
	const int64_t due = now + interval_of(w, url);
	int64_t target_id = 0;

	if (k->targets >= LIMIT_TARGETS) {
		log_event(LOG_WARN, "takedown-full", "takedown=%.8s", k->public_id.p);
		return 0;
	}
	if ((!k->open && takedown_reopen(w->store, k->id, w->role->operator_name, note, now, err) < 0) ||
	    takedown_target_add(w->store, k->id, url, w->role->operator_name, now, &target_id, err) < 0 ||
	    takedown_target_finding(w->store, target_id, finding_id, err) < 0 ||
	    takedown_target_due(w->store, target_id, due, err) < 0)
		return err->code;
	return tell_back(w, k->id, k->public_id, target_id, url, now, err);
}

/* It stands at a place that the case knows: news only when it was gone from there. */
static int returned(struct writer *w, const struct takedown_kin *k, int64_t target_id, struct str url, int64_t now,
		    struct err *err)
{
	const struct str note = STR("the text was found there again");
	int back = takedown_back(w->store, target_id, w->role->operator_name, note, now + interval_of(w, url), now, err);

	if (back <= 0)
		return back;
	if (!k->open && takedown_reopen(w->store, k->id, w->role->operator_name, note, now, err) < 0)
		return err->code;
	return tell_back(w, k->id, k->public_id, target_id, url, now, err);
}

int writer_text_back(struct writer *w, const struct read_post *post, const struct stored_result *kept, int64_t now,
		     struct err *err)
{
	struct takedown_kin *kin;
	int64_t target_id;
	size_t n;

	if (!kept->new_revision || post->post.url.n == 0)
		return 0;
	if (takedown_kin(w->store, kept->finding_id, w->a, &kin, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		int known = takedown_target_at(w->store, kin[i].id, post->post.url, &target_id, err);

		if (known > 0)
			known = returned(w, &kin[i], target_id, post->post.url, now, err);
		else if (known == 0 && kin[i].finding_id != kept->finding_id)
			known = spread(w, &kin[i], kept->finding_id, post->post.url, now, err);
		if (known < 0)
			return known;
	}
	return 0;
}
