/* writer_watch.c - the heartbeat, and words about the watch itself: the mail whose absence is the alarm, and what is not well
 */
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/log.h"
#include "desk/alert/compose.h"
#include "desk/alert/machine.h"
#include "desk/writer.h"
#include "store/custody.h"
#include "store/duty.h"
#include "store/health.h"
#include "store/outbox.h"
#include "store/watch.h"

enum { LOOK_US = 15000000, CONCERNS = 1000 };

#define MINUTE	 INT64_C(60000000)
#define PATIENCE (10 * MINUTE) /* a source that fails for less is no news: sites restart, networks blink */
#define DAY	 (1440 * MINUTE)

/* All that is not well now. */
struct concerns {
	struct writer *w;
	int64_t now;
	struct concern *items;
	size_t n;
};

static void add(struct concerns *c, struct str name, struct str words)
{
	struct concern *one;

	if (c->n == CONCERNS)
		return;
	one = arena_push(c->w->a, &c->items, &c->n, sizeof(*one));
	*one = (struct concern){ name, words };
	log_event(LOG_DEBUG, "not-well", "what=\"%.*s\" words=\"%.*s\"", STR_ARG(name), STR_ARG(words));
}

static struct str minute(struct arena *a, int64_t at)
{
	char text[CLOCK_TEXT];

	clock_rfc3339(at, text);
	return arena_printf(a, "%.10s %.5s UTC", text, text + 11);
}

static bool brings_answers(const struct writer *w, struct str name)
{
	for (size_t i = 0; i < w->role->config->n_sources; i++)
		if (writer_source(w, (int)i)->answers && str_eq(writer_source(w, (int)i)->name.text, name))
			return true;
	return false;
}

/* What its health says, in a sentence. */
static struct str words_of(const struct concerns *c, const struct source_health *h)
{
	struct arena *a = c->w->a;

	if (strcmp(h->state, "failing") == 0 && brings_answers(c->w, h->source))
		return arena_printf(
			a,
			"Answers to our mail cannot be read since %.*s, so that nobody can acknowledge, confirm or leave by "
			"it: %.*s (%.*s).",
			STR_ARG(minute(a, h->failing_since)), STR_ARG(h->failure), STR_ARG(h->detail));
	if (strcmp(h->state, "failing") == 0)
		return arena_printf(a, "The source %.*s has failed since %.*s: %.*s (%.*s).", STR_ARG(h->source),
				    STR_ARG(minute(a, h->failing_since)), STR_ARG(h->failure), STR_ARG(h->detail));
	if (strcmp(h->state, "no canary") == 0)
		return arena_printf(a, "The source %.*s does not show its canary: it had to be seen until %.*s.",
				    STR_ARG(h->source), STR_ARG(minute(a, h->canary_due_at)));
	if (strcmp(h->state, "silent") == 0)
		return arena_printf(a, "The source %.*s is silent: nothing new since %.*s.", STR_ARG(h->source),
				    STR_ARG(minute(a, h->pulse.news_at)));
	if (strcmp(h->state, "thin") == 0)
		return arena_printf(a, "The source %.*s is thin: it lists %lld where it usually lists %lld.",
				    STR_ARG(h->source), (long long)h->pulse.items, (long long)h->pulse.usual);
	if (h->pulse.missed == 0) /* how often it has something is not known well enough for a number */
		return arena_printf(a, "The source %.*s has gaps: items went by unseen in the last seven days.",
				    STR_ARG(h->source));
	return arena_printf(a, "The source %.*s has gaps: about %lld items went by unseen in the last seven days.",
			    STR_ARG(h->source), (long long)h->pulse.missed);
}

static bool is_watched(const struct writer *w, struct str name)
{
	for (size_t i = 0; i < w->role->config->n_sources; i++)
		if (writer_source(w, (int)i)->enabled && str_eq(writer_source(w, (int)i)->name.text, name))
			return true;
	return false;
}

static void look_at_source(struct concerns *c, const struct source_health *h)
{
	struct arena *a = c->w->a;

	if (!is_watched(c->w, h->source))
		return;
	if (!health_is_well(h) && (strcmp(h->state, "failing") != 0 || c->now - h->failing_since >= PATIENCE))
		add(c, arena_printf(a, "source %.*s", STR_ARG(h->source)), words_of(c, h));
	for (size_t i = 0; i < h->n_troubles; i++)
		if (str_eq(h->troubles[i].class_name, STR("quarantine")) && c->now - h->troubles[i].last_at < DAY)
			add(c, arena_printf(a, "quarantine %.*s", STR_ARG(h->source)),
			    arena_printf(a, "A page of %.*s ended its reader and is put aside, %lld in all; the last at %.*s.",
					 STR_ARG(h->source), (long long)h->troubles[i].pages,
					 STR_ARG(minute(a, h->troubles[i].last_at))));
}

static int look_at_machine(struct concerns *c, struct err *err)
{
	struct machine m = { .clock_back_at = c->w->clock_back_at, .has_landlock = confine_has_landlock() };
	struct concern found[MACHINE_CONCERNS];
	struct watch_figures f;
	struct statvfs disk;
	char clock[CLOCK_STATE];

	if (watch_figures(c->w->store, c->now - DAY, c->now, &f, err) < 0)
		return err->code;
	m.waiting = f.waiting;
	m.oldest_at = f.oldest_at;
	m.clock = clock_state(clock);
	m.disk_is_known = statvfs(store_folder(c->w->store), &disk) == 0;
	m.free_bytes = m.disk_is_known ? (uint64_t)disk.f_bavail * disk.f_frsize : 0;
	for (size_t i = 0, n = machine_concerns(&m, c->now, c->w->a, found); i < n; i++)
		add(c, found[i].name, found[i].words);
	return 0;
}

static int look(struct concerns *c, struct err *err)
{
	struct source_health *sources;
	size_t n;

	if (health_list(c->w->store, c->now, c->w->a, &sources, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		look_at_source(c, &sources[i]);
	return look_at_machine(c, err);
}

static struct compose_manner manner(const struct writer *w)
{
	return (struct compose_manner){ .format = COMPOSE_HTML, .organisation = w->role->config->organisation.text };
}

/* To each who hears of the watch; with a topic once, else anew. 1 when any of them was new. */
static int send_all(struct writer *w, const struct letter *letter, const struct outbox_message *like, int64_t now,
		    struct err *err)
{
	const struct yaml_texts *to = &w->role->config->alerts.heartbeat_to;
	AUTO(buf) content = BUF_INIT(LIMIT_LETTER);
	int fresh = 0;

	letter_put(&content, letter);
	for (size_t i = 0; i < to->n; i++) {
		struct outbox_message m = *like;
		int64_t id;

		m.recipient = to->items[i].text;
		m.subject = letter->subject;
		m.content = buf_str(&content);
		if (outbox_add(w->store, &m, now, &id, err) < 0)
			return err->code;
		fresh |= id != 0;
	}
	return fresh;
}

static struct str sentence_of(struct arena *a, const struct concern_news *news)
{
	const struct str words = news->concern.words;

	if (news->kind == CONCERN_NEW)
		return words;
	return arena_printf(a, "%s since %.*s: %.*s", news->kind == CONCERN_LASTS ? "Still so" : "Well again, was so",
			    STR_ARG(minute(a, news->since)), STR_ARG(words));
}

int writer_watch_say(struct writer *w, struct str subject, struct str sentence, int64_t now, struct err *err)
{
	return writer_watch_say_once(w, (struct str){ 0 }, 0, subject, sentence, now, err);
}

int writer_watch_say_once(struct writer *w, struct str topic, int64_t step, struct str subject, struct str sentence,
			  int64_t now, struct err *err)
{
	struct compose_manner how = manner(w);
	struct letter letter;

	if (w->role->config->alerts.heartbeat_to.n == 0)
		return 0;
	compose_note(w->a, &how, subject, &sentence, 1, &letter);
	return send_all(w, &letter, &(struct outbox_message){ .kind = STR("watch"), .topic = topic, .step = step }, now, err);
}

static int tell_concerns(struct writer *w, int64_t now, struct err *err)
{
	struct concerns c = { .w = w, .now = now };
	struct compose_manner how = manner(w);
	struct concern_news *news;
	struct letter letter;
	struct str *sentences, subject;
	bool any_ill = false;
	size_t n;

	if (look(&c, err) < 0 || concern_settle(w->store, c.items, c.n, now, w->a, &news, &n, err) < 0)
		return err->code;
	if (n == 0)
		return 0;
	sentences = arena_alloc(w->a, n * sizeof(*sentences));
	for (size_t i = 0; i < n; i++) {
		sentences[i] = sentence_of(w->a, &news[i]);
		any_ill |= news[i].kind != CONCERN_OVER;
		log_event(news[i].kind == CONCERN_OVER ? LOG_INFO : LOG_WARN, "watch", "what=\"%.*s\" words=\"%.*s\"",
			  STR_ARG(news[i].concern.name), STR_ARG(sentences[i]));
	}
	subject = n == 1 ? arena_printf(w->a, "%s: %.*s", any_ill ? "not well" : "well again", STR_ARG(news[0].concern.name))
			 : arena_printf(w->a, "%s: %zu things", any_ill ? "not well" : "well again", n);
	compose_note(w->a, &how, subject, sentences, n, &letter);
	return send_all(w, &letter, &(struct outbox_message){ .kind = STR("watch") }, now, err);
}

/* A copy of the head of custody goes outside with it. */
static int keep_anchor(struct writer *w, const struct custody_head *head, int64_t now, struct err *err)
{
	const struct anchor anchor = { .sequence = head->sequence,
				       .at = now,
				       .hash = { (const char *)head->hash, DIGEST_BYTES },
				       .kind = STR("mail"),
				       .place = w->role->config->alerts.heartbeat_to.items[0].text };

	return head->sequence ? anchor_add(w->store, &anchor, err) : 0;
}

/* Sources that are not well, a sentence each. */
static int list_ill(struct writer *w, int64_t now, struct str **sentences, size_t *n, struct err *err)
{
	struct concerns c = { .w = w, .now = now };
	struct source_health *sources;
	size_t all;

	if (health_list(w->store, now, w->a, &sources, &all, err) < 0)
		return err->code;
	*sentences = arena_alloc(w->a, all * sizeof(**sentences));
	*n = 0;
	for (size_t i = 0; i < all; i++)
		if (!health_is_well(&sources[i]) && is_watched(w, sources[i].source))
			(*sentences)[(*n)++] = words_of(&c, &sources[i]);
	return 0;
}

static int list_clocks(struct writer *w, int64_t since, struct str *sentences, size_t *n, struct err *err)
{
	struct duty_clocks clocks;

	*n = 0;
	if (duty_clocks(w->store, since, &clocks, err) < 0)
		return err->code;
	for (int i = 0; i < DUTY_CLOCKS; i++)
		if (clocks.n[i])
			sentences[(*n)++] = arena_printf(w->a, "%s: %lld s in the median of %zu", duty_clock_names[i],
							 (long long)(clocks.median[i] / 1000000), clocks.n[i]);
	return 0;
}

static int64_t count_watched(const struct writer *w)
{
	int64_t n = 0;

	for (size_t i = 0; i < w->role->config->n_sources; i++)
		n += writer_source(w, (int)i)->enabled && !writer_source(w, (int)i)->recheck;
	return n;
}

static int beat(struct writer *w, int64_t due, int64_t now, struct err *err)
{
	/* Each host that watches has a heart of its own. */
	const struct outbox_message like = { .kind = STR("heartbeat"),
					     .topic = arena_printf(w->a, "heartbeat %.*s", STR_ARG(store_node_id(w->store))),
					     .step = due / 1000000 };
	struct compose_heartbeat facts = { .manner = manner(w),
					   .from = day_hours_began(&w->role->config->alerts.heartbeat_at, due - 1),
					   .to = now,
					   .sources = count_watched(w) };
	AUTO(buf) text = BUF_INIT(KIB(1));
	struct str clocks[DUTY_CLOCKS], *ill = NULL;
	struct custody_head head = { 0 };
	struct watch_figures f;
	struct letter letter;
	int fresh;

	if (watch_figures(w->store, facts.from, now, &f, err) < 0 || custody_head(w->store, &head, err) < 0 ||
	    anchor_text(w->store, &text, err) < 0 || list_ill(w, now, &ill, &facts.n_silent, err) < 0 ||
	    list_clocks(w, facts.from, clocks, &facts.n_clocks, err) < 0)
		return err->code;
	facts.silent = ill;
	facts.clocks = clocks;
	facts.posts = f.posts;
	facts.findings = f.findings;
	facts.waiting = f.waiting;
	facts.dead = f.dead;
	facts.custody_head = buf_str(&text);
	compose_heartbeat(w->a, &facts, &letter);
	fresh = send_all(w, &letter, &like, now, err);
	if (fresh <= 0)
		return fresh;
	log_event(LOG_INFO, "heartbeat", "posts=%lld findings=%lld not_well=%zu", (long long)f.posts, (long long)f.findings,
		  facts.n_silent);
	return keep_anchor(w, &head, now, err);
}

int writer_watch_turn(struct writer *w, struct err *err)
{
	const struct alerts *alerts = &w->role->config->alerts;
	int64_t now = clock_now_us(), steady = clock_steady_us(), due;

	if (alerts->heartbeat_to.n == 0 || w->stopping || steady < w->watch_at)
		return 0;
	arena_clear(w->a);
	due = day_hours_began(&alerts->heartbeat_at, now);
	if (writer_open_group(w, err) < 0 || tell_concerns(w, now, err) < 0 ||
	    (due != w->beat_at && beat(w, due, now, err) < 0))
		return err->code;
	w->beat_at = due;
	w->watch_at = steady + LOOK_US;
	return 0;
}
