/* alert_mail.c - the verbs of what is sent */
#include "desk/alert_mail.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mailbox.h"
#include "base/net.h"
#include "desk/alert/compose.h"
#include "desk/channel_try.h"
#include "desk/mailer.h"
#include "store/outbox.h"

enum { WAIT_MS = 500, ID_BYTES = 16 };

static int can_send(const struct config *c, struct err *err)
{
	if (alerts_can_send(&c->alerts))
		return 0;
	return err_set(err, E_USAGE, "%s names no relay, expected `alerts: {smtp: smtp://HOST:PORT, from: ADDRESS}`", c->path);
}

static void test_letter(const struct config *c, struct arena *a, struct buf *out)
{
	const struct compose_manner manner = { .format = COMPOSE_HTML, .organisation = c->organisation.text };
	const struct str sentences[] = {
		STR("This is a test: what the watch says arrives."),
		STR("It went the way that alerts go. Nothing has happened, and nobody has to do anything."),
	};
	struct letter l;

	compose_note(a, &manner, STR("test of the alerts"), sentences, 2, &l);
	letter_put(out, &l);
}

/* Send it and wait until it went or did not: the capture, the caller's to free. NULL with the reason. */
static struct capture *send_letter(const struct config *c, const struct mail *mail, struct net *net, struct err *err)
{
	AUTO_FREE(mailer) mailer = mailer_new(&c->alerts);
	struct capture *capture = NULL;

	if (mailer_send(mailer, net, mail, true, err) < 0)
		return NULL;
	while (!(capture = net_next(net)))
		net_wait(net, NULL, 0, WAIT_MS);
	return capture;
}

static void show_test(const struct capture *c, const struct mail *mail, bool json)
{
	const struct mailed r = mailer_result(c);
	AUTO(buf) out = BUF_INIT(4 * LIMIT_DIALOGUE);
	struct json_writer w = { .out = &out };

	if (!json) {
		print_text(buf_str(&c->request), true, 0);
		print("%s%s\n", c->tls[0] ? "TLS: " : r.code ? "no TLS" : "no answer", c->tls);
		return;
	}
	json_open(&w, NULL, '{');
	json_put_text(&w, "recipient", mail->recipient);
	json_put_bool(&w, "sent", c->sent);
	json_put_int(&w, "code", r.code);
	json_put_text(&w, "answer", r.words);
	json_put_text(&w, "tls", str_of(c->tls));
	json_put_text(&w, "dialogue", buf_str(&c->request));
	json_close(&w, '}');
	print_json(&out);
}

static int test_mail(const struct invocation *i, const struct config *config, struct mail *mail, struct arena *a,
		     struct err *err)
{
	AUTO_FREE(net) net = NULL;
	AUTO_FREE(capture) c = NULL;

	if (can_send(config, err) < 0 || mailbox_read(str_of(i->arguments[1]), a, &mail->recipient, err) < 0)
		return err->code;
	net = net_new(err);
	c = net ? send_letter(config, mail, net, err) : NULL;
	if (!c)
		return err->code;
	show_test(c, mail, i->json);
	if (!c->sent)
		return err_set(err, E_NET, "%s: %s; `watchdesk doctor` tests the relay by itself", config->alerts.smtp.text.p,
			       c->failure_text);
	if (!i->json)
		print("sent; is it in the mailbox of %s?\n", i->arguments[1]);
	return 0;
}

/* "channel NAME", in one word or two; the name alone of one that there is. */
static struct str channel_asked_for(const struct invocation *i, const struct config *config, struct arena *a)
{
	struct str to = str_of(i->arguments[1]);

	if (i->n == 3 && str_eq(to, STR("channel")))
		to = str_of(i->arguments[2]);
	else if (i->n != 2)
		return (struct str){ 0 };
	if (!str_starts(to, STR("channel ")))
		to = arena_printf(a, "channel %.*s", STR_ARG(to));
	return channel_of(&config->channels, to) ? to : (struct str){ 0 };
}

int alert_test(const struct invocation *i, const struct config *config, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(8 * LIMIT_LETTER);
	AUTO(buf) letter = BUF_INIT(LIMIT_LETTER);
	unsigned char random[ID_BYTES];
	char id[2 * ID_BYTES + 1];
	struct mail mail = { .public_id = { id, 2 * ID_BYTES }, .made_at = clock_now_us() };

	if (i->n >= 2)
		mail.recipient = channel_asked_for(i, config, a);
	if (i->n != 2 && !mail.recipient.n)
		return err_set(err, E_USAGE,
			       "alert test needs one address, or the name of a channel that the configuration has");
	digest_random(random, sizeof(random));
	digest_hex(random, sizeof(random), id);
	test_letter(config, a, &letter);
	mail.letter = buf_str(&letter);
	return mail.recipient.n ? alert_test_channel(i, config, &mail, err) : test_mail(i, config, &mail, a, err);
}

int alert_relay_check(const struct config *config, struct err *err)
{
	AUTO_FREE(net) net = net_new(err);
	AUTO_FREE(mailer) mailer = net ? mailer_new(&config->alerts) : NULL;
	struct capture *c = NULL;

	if (!mailer || mailer_greet(mailer, net, err) < 0)
		return err->code;
	while (!(c = net_next(net)))
		net_wait(net, NULL, 0, WAIT_MS);
	if (!c->sent)
		err_set(err, E_NET, "%s", c->failure_text);
	capture_free(c);
	return err->code;
}

static void row_json(const struct outbox_row *r)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	json_open(&w, NULL, '{');
	json_put_text(&w, "id", r->public_id);
	json_put_text(&w, "state", r->state);
	json_put_text(&w, "kind", r->kind);
	json_put_text(&w, "recipient", r->recipient);
	json_put_text(&w, "subject", r->subject);
	json_put_int(&w, "tries", r->tries);
	json_put_text(&w, "answer", r->answer);
	json_put_time(&w, "made_at", r->made_at);
	if (r->ended_at)
		json_put_time(&w, "ended_at", r->ended_at);
	else
		json_put_time(&w, "due_at", r->due_at);
	json_close(&w, '}');
	print_json(&out);
}

static void row_line(const struct outbox_row *r)
{
	bool dead = str_eq(r->state, STR("dead"));
	char at[32];

	print("%.8s  %s%-8.*s%s  %s  ", r->public_id.p, style(dead ? "31" : ""), STR_ARG(r->state), style(""),
	      print_time(r->ended_at ? r->ended_at : r->due_at, at));
	print_text(r->recipient, false, 28);
	print("  ");
	print_text(r->subject, false, 60);
	print("\n");
	if (r->answer.n && !str_eq(r->state, STR("sent"))) {
		print("          after %lld %s: ", (long long)r->tries, r->tries == 1 ? "try" : "tries");
		print_text(r->answer, false, 0);
		print("\n");
	}
}

static int filter_read(const struct invocation *i, struct outbox_filter *f, struct err *err)
{
	static const char *const states[] = { "waiting", "sent", "dead", "silenced" };

	f->state = str_of(option_of(i, "state"));
	for (size_t k = 0; k < sizeof(states) / sizeof(states[0]); k++)
		if (f->state.n == 0 || str_eq(f->state, str_of(states[k])))
			return option_number(i, "limit", 1, 1000000, &f->limit, err);
	return err_set(err, E_USAGE, "--state %.*s: expected waiting, sent, dead or silenced", STR_ARG(f->state));
}

int alert_log(const struct invocation *i, const struct config *config, struct err *err)
{
	struct outbox_filter filter = { .limit = 50 };
	AUTO_FREE(store) store = filter_read(i, &filter, err) == 0 ? store_open(&config->store, STORE_READ, err) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct outbox_row *rows;
	size_t n;

	if (!store || outbox_list(store, &filter, a, &rows, &n, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++)
		if (i->json)
			row_json(&rows[k]);
		else
			row_line(&rows[k]);
	if (n == 0 && !i->json)
		print("nothing was sent, and nothing waits\n");
	return 0;
}

/* One that went is a letter of its own when it goes once more: mail programs hide what has an id that they know. */
static int send_again(struct store *s, const struct outbox_row *r, struct err *err)
{
	const struct outbox_message m = { .kind = r->kind,
					  .recipient = r->recipient,
					  .subject = r->subject,
					  .content = r->content,
					  .finding_id = r->finding_id,
					  .campaign_id = r->campaign_id,
					  .subscription_id = r->subscription_id,
					  .takedown_id = r->takedown_id };
	int64_t id;

	if (str_eq(r->state, STR("sent")) && str_eq(r->kind, STR("notice")))
		return err_set(err, E_USAGE, "a notice goes once; draft the next one with `watchdesk takedown draft`");
	if (!str_eq(r->state, STR("sent")))
		return outbox_again(s, r->id, clock_now_us(), err);
	return outbox_add(s, &m, clock_now_us(), &id, err);
}

int alert_resend(const struct invocation *i, const struct config *config, struct err *err)
{
	AUTO_FREE(store) store = store_open(&config->store, STORE_WRITE, err);
	AUTO_FREE(arena) a = arena_new(8 * LIMIT_LETTER);
	struct outbox_row row;
	int found;

	if (!store)
		return err->code;
	if (i->n != 2)
		return err_set(err, E_USAGE, "alert resend needs the id of one letter; `watchdesk alert log` shows them");
	found = outbox_load(store, str_of(i->arguments[1]), a, &row, err);
	if (found <= 0)
		return found < 0 ? found
				 : err_set(err, E_USAGE, "no letter has the id %s; `watchdesk alert log` shows them",
					   i->arguments[1]);
	if (store_begin(store, err) < 0)
		return err->code;
	if (send_again(store, &row, err) < 0) {
		store_rollback(store);
		return err->code;
	}
	if (store_commit(store, err) < 0)
		return err->code;
	if (!i->json)
		print("due now; the monitor sends it\n");
	return 0;
}
