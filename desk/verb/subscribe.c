/* subscribe.c - `watchdesk subscribe`: who gets alerts; a subscription by command waits for its subscriber's answer */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mailbox.h"
#include "base/smime.h"
#include "desk/alert/subscribers.h"
#include "desk/alert/tell_letter.h"
#include "desk/verb.h"
#include "store/outbox.h"

/* What one invocation works with. */
struct desk {
	const struct invocation *i;
	struct config *config;
	struct store *store;
	struct arena *a;
	int64_t now;
};

/* ---- list ---- */

static void row_json(const struct subscription_row *r, struct str suspended)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	json_open(&w, NULL, '{');
	json_put_text(&w, "id", r->public_id);
	json_put_text(&w, "recipient", r->recipient);
	json_put_text(&w, "state", str_of(subscription_states[r->state]));
	json_put_text(&w, "origin", r->of_file ? STR("file") : STR("store"));
	json_put_text(&w, "terms", r->terms);
	json_put_text(&w, "operator", r->operator_name);
	json_put_time(&w, "since", r->changed_at);
	if (suspended.n)
		json_put_text(&w, "suspended", suspended);
	json_close(&w, '}');
	print_json(&out);
}

static void print_terms(const struct subscription_row *r, const struct subscription *s)
{
	AUTO(buf) words = BUF_INIT(LIMIT_CONFIG);

	subscription_say(&words, s);
	print("%.8s  %-9s  %.*s, ", r->public_id.p, subscription_states[r->state], STR_ARG(r->recipient));
	print_text(buf_str(&words), false, 0);
	print("%s\n", r->of_file ? " (configuration)" : "");
}

static int row_print(const struct desk *d, const struct subscription_row *r, struct err *err)
{
	struct subscription s;
	struct str reason = { 0 };
	struct err why = { 0 };

	if (recipient_is_suspended(d->store, r->recipient, d->a, &reason, err) < 0)
		return err->code;
	if (d->i->json) {
		row_json(r, reason);
		return 0;
	}
	if (subscribers_read(r, d->a, &s, &why) < 0) {
		print("%.8s  unreadable: ", r->public_id.p);
		print_text(str_of(why.text), false, 0);
		print("\n");
		return 0;
	}
	print_terms(r, &s);
	if (reason.n) {
		print("          suspended: ");
		print_text(reason, false, 0);
		print("; `watchdesk subscribe resume %.*s` when it is right again\n", STR_ARG(r->recipient));
	}
	return 0;
}

static int list(const struct desk *d, struct err *err)
{
	struct subscription_row *rows;
	size_t n;

	if (subscription_rows(d->store, d->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++)
		if (rows[k].state != SUBSCRIPTION_WITHDRAWN && row_print(d, &rows[k], err) < 0)
			return err->code;
	return 0;
}

/* ---- ADDRESS ---- */

/* A list on the command line has commas. */
static void put_names(struct json_writer *w, const char *key, const char *names)
{
	struct str rest = str_of(names), name;

	if (!names)
		return;
	json_open(w, key, '[');
	while (str_split(&rest, ',', &name))
		json_put_text(w, NULL, str_trim(name));
	json_close(w, ']');
}

static int put_number(const struct desk *d, struct json_writer *w, const char *option, const char *key, struct err *err)
{
	int64_t n = -1;

	if (option_number(d->i, option, 20, 100, &n, err) < 0)
		return err->code;
	if (n >= 0)
		json_put_int(w, key, n);
	return 0;
}

static int put_certificate(const struct desk *d, struct json_writer *w, struct err *err)
{
	const char *path = option_of(d->i, "certificate");
	AUTO(buf) pem = BUF_INIT(LIMIT_TRUST);
	struct err why = { 0 };

	if (file_read(path, &pem, err) < 0)
		return err->code;
	if (smime_check(buf_str(&pem), d->now, &why) < 0)
		return err_set(err, E_USAGE, "%s: %s", path, why.text);
	json_put_text(w, "certificate", buf_str(&pem));
	return 0;
}

/* The options as an entry of the configuration, read as those are. */
static int entry_of(const struct desk *d, struct str recipient, struct subscription *out, struct err *err)
{
	static const char *const lists[][2] = {
		{ "asset", "assets" }, { "category", "categories" }, { "source", "sources" }, { "language", "languages" }
	};
	static const char *const texts[] = { "campaign", "finding", "search", "when", "quiet", "format", "audience" };
	const struct subscription_names names = config_names(d->config, d->a);
	AUTO(buf) entry = BUF_INIT(LIMIT_CONFIG);
	struct json_writer w = { .out = &entry };
	const struct yaml *y;

	json_open(&w, NULL, '{');
	json_put_text(&w, "to", recipient);
	if (put_number(d, &w, "severity", "severity", err) < 0 || put_number(d, &w, "quiet-above", "quiet_above", err) < 0)
		return err->code;
	for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++)
		put_names(&w, lists[k][1], option_of(d->i, lists[k][0]));
	for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
		if (option_of(d->i, texts[k]))
			json_put_text(&w, texts[k], str_of(option_of(d->i, texts[k])));
	if (option_of(d->i, "certificate") && put_certificate(d, &w, err) < 0)
		return err->code;
	json_close(&w, '}');
	y = yaml_parse(d->a, arena_copy(d->a, buf_str(&entry)), "the command line", err);
	return y ? subscription_read(y, &names, d->a, out, err) : err->code;
}

/* Nobody is asked twice for the same. */
static int is_new(const struct desk *d, const struct subscription_row *asked, struct err *err)
{
	const int64_t day_us = INT64_C(86400000000);
	struct subscription_row *rows;
	size_t n;

	if (subscription_rows(d->store, d->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++) {
		const struct subscription_row *r = &rows[k];

		if (!str_eq(r->recipient, asked->recipient) || !str_eq(r->terms, asked->terms))
			continue;
		if (r->state == SUBSCRIPTION_ACTIVE)
			return err_set(err, E_USAGE, "%.*s has that already, as subscription %.8s", STR_ARG(r->recipient),
				       r->public_id.p);
		if (r->state == SUBSCRIPTION_ASKED && d->now < r->made_at + SUBSCRIBERS_CONFIRM_DAYS * day_us)
			return err_set(err, E_USAGE,
				       "%.*s was asked already, as subscription %.8s, and has not answered yet; `watchdesk "
				       "unsubscribe "
				       "%.8s` takes the question back",
				       STR_ARG(r->recipient), r->public_id.p, r->public_id.p);
	}
	return 0;
}

static int ask(const struct desk *d, struct subscription *s, struct subscription_row *r, struct err *err)
{
	const struct letter_for to = { d->config, d->store, s, d->now, d->a };
	struct outbox_message m = { .kind = STR("question"), .recipient = r->recipient, .topic = STR("question"), .step = 1 };
	struct written w;
	int64_t id;

	if (is_new(d, r, err) < 0 || subscription_add(d->store, r, d->now, d->a, err) < 0)
		return err->code;
	s->public_id = r->public_id;
	if (letter_of_question(&to, &w, err) < 0)
		return err->code;
	m.subscription_id = r->id;
	m.subject = w.subject;
	m.content = w.content;
	return outbox_add(d->store, &m, d->now, &id, err);
}

/* The desk has named it in its configuration: nobody has to be asked. */
static int add_channel(const struct desk *d, struct err *err)
{
	AUTO(buf) terms = BUF_INIT(LIMIT_CONFIG);
	struct subscription_row r = { .state = SUBSCRIPTION_ACTIVE, .operator_name = user_name(d->a) };
	struct subscription s;

	if (entry_of(d, str_of(d->i->arguments[0]), &s, err) < 0)
		return err->code;
	subscription_put(&terms, &s);
	r.recipient = s.recipient;
	r.terms = buf_str(&terms);
	if (is_new(d, &r, err) < 0 || subscription_add(d->store, &r, d->now, d->a, err) < 0)
		return err->code;
	print("%.8s: %.*s gets alerts\n", r.public_id.p, STR_ARG(r.recipient));
	return 0;
}

static int add(const struct desk *d, struct err *err)
{
	AUTO(buf) terms = BUF_INIT(LIMIT_CONFIG);
	struct subscription_row r = { .state = SUBSCRIPTION_ASKED, .operator_name = user_name(d->a) };
	struct subscription s;

	if (channel_name(str_of(d->i->arguments[0])).n)
		return add_channel(d, err);

	if (mailbox_read(str_of(d->i->arguments[0]), d->a, &r.recipient, err) < 0 || entry_of(d, r.recipient, &s, err) < 0)
		return err->code;
	if (!alerts_can_send(&d->config->alerts))
		return err_set(
			err, E_USAGE,
			"%s has no relay that could take the question to %.*s; name one as `alerts: {smtp: ..., from: ...}`",
			d->i->config_path, STR_ARG(r.recipient));
	subscription_put(&terms, &s);
	r.terms = buf_str(&terms);
	if (ask(d, &s, &r, err) < 0)
		return err->code;
	print("%.8s: %.*s is asked by mail, and gets nothing else before the answer, for which there are %d days\n",
	      r.public_id.p, STR_ARG(r.recipient), SUBSCRIBERS_CONFIRM_DAYS);
	return 0;
}

/* ---- confirm, resume ---- */

static int confirm(const struct desk *d, struct err *err)
{
	struct subscription_row r;
	int done = subscribers_answer(d->store, str_trim(str_of(d->i->arguments[1])), user_name(d->a), d->now, d->a, &r, err);

	if (done < 0)
		return done;
	if (!done)
		return err_set(err, E_USAGE, "this token is not ours, was used before or is too old; nothing was changed");
	print("%.8s: %.*s %s\n", r.public_id.p, STR_ARG(r.recipient),
	      r.state == SUBSCRIPTION_ASKED ? "has confirmed it and gets alerts" : "has left");
	return 0;
}

static int resume(const struct desk *d, struct err *err)
{
	struct str recipient;
	int done;

	if (mailbox_read(str_of(d->i->arguments[1]), d->a, &recipient, err) < 0)
		return err->code;
	done = recipient_resume(d->store, recipient, err);
	if (done == 0)
		return err_set(err, E_USAGE, "%.*s is not suspended", STR_ARG(recipient));
	if (done > 0)
		print("%.*s gets mail again\n", STR_ARG(recipient));
	return done < 0 ? done : 0;
}

static const struct {
	const char *word;
	int arguments;
	int (*run)(const struct desk *d, struct err *err);
} acts[] = { { "list", 1, list }, { "confirm", 2, confirm }, { "resume", 2, resume } };

/* In one transaction, with what the configuration says now. */
static int act(const struct desk *d, int (*run)(const struct desk *, struct err *), struct err *err)
{
	if (store_begin(d->store, err) < 0)
		return err->code;
	if (subscribers_sync(d->store, d->config->subscriptions, d->config->n_subscriptions, d->now, err) < 0 ||
	    run(d, err) < 0) {
		store_rollback(d->store);
		return err->code;
	}
	return store_commit(d->store, err);
}

static int subscribe_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_WRITE, err) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct desk d = { i, config, store, a, clock_now_us() };

	if (!store)
		return err->code;
	for (size_t k = 0; k < sizeof(acts) / sizeof(acts[0]); k++)
		if (strcmp(i->arguments[0], acts[k].word) == 0)
			return i->n == acts[k].arguments ? act(&d, acts[k].run, err)
							 : err_set(err, E_USAGE, "usage: watchdesk subscribe %s%s",
								   acts[k].word, acts[k].arguments > 1 ? " TOKEN|ADDRESS" : "");
	return i->n == 1 ? act(&d, add, err)
			 : err_set(err, E_USAGE, "expected one address, or list, confirm TOKEN, resume ADDRESS");
}

static const struct option_row options[] = {
	{ "severity", "N", "findings of at least this severity (40)" },
	{ "asset", "NAME,...", "that concern one of these assets" },
	{ "category", "NAME,...", "of these categories: violence, extortion, leak, dox" },
	{ "source", "NAME,...", "seen at these sources" },
	{ "language", "CODE,...", "in these languages (en, de), and where the language cannot be told" },
	{ "campaign", "ID", "of this campaign alone" },
	{ "search", "NAME", "that fit this kept search (`search --save`)" },
	{ "finding", "ID", "this one alone: when it gets worse" },
	{ "when", "W", "\"at once\" (unless given), hourly, \"daily 07:00 ZONE\", \"weekly mon 07:00 ZONE\"" },
	{ "quiet", "Q", "hours in which mail waits: \"22:00-06:00 Europe/Berlin\"" },
	{ "quiet-above", "N", "severity that does not wait for their end (90)" },
	{ "format", "F", "text+html (unless given), text, json, xarf: a leak as a report for its host" },
	{ "certificate", "FILE", "of the recipient (PEM): each mail is encrypted to it (S/MIME)" },
	{ "audience", "A", "desk (unless given), or management, which gets no text and no values" },
	{ 0 },
};

const struct verb verb_subscribe = {
	.name = "subscribe",
	.arguments = "ADDRESS | \"channel NAME\" | list | confirm TOKEN | resume ADDRESS",
	.summary = "who gets which findings by mail",
	.text = "ADDRESS: one mail asks whether the alerts are wanted; nothing else goes there before it is answered, within "
		"14 days, or\n"
		"before `subscribe confirm` gets the token that stands in it. \"channel NAME\": one of the configuration, at "
		"once. list: all subscriptions, those of the "
		"configuration too.\n"
		"resume: send to an address again whose mail came back.\n"
		"\n"
		"A campaign is one mail; another follows when it is worse by a class (low, medium, high, critical). What is "
		"judged known,\n"
		"false-positive or duplicate is not told.",
	.options = options,
	.least = 1,
	.most = 2,
	.run = subscribe_run,
};
