/* alert_duty.c - the verbs of whoever answers */
#include "desk/alert_duty.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "classify/severity.h"
#include "store/duty.h"
#include "store/finding.h"
#include "store/health.h"
#include "store/outbox.h"

#define DAY INT64_C(86400000000)

enum { DAYS = 30, SHOWN = 100 };

/* What `alert ack` and `alert assign` share. */
struct task {
	struct store *store;
	struct arena *a;
	struct duty_answer answer;
	bool assigns;
};

static int task_one(struct task *t, const char *id, struct err *err)
{
	struct finding_detail d;
	int found = finding_load(t->store, str_of(id), t->a, &d, err), result;

	if (found <= 0)
		return found < 0 ? found : err_set(err, E_USAGE, "no finding has the id %s; `watchdesk list` shows them", id);
	t->answer.finding_id = d.finding.id;
	result = t->assigns ? duty_assign(t->store, &t->answer, clock_now_us(), err)
			    : duty_acknowledge(t->store, &t->answer, clock_now_us(), err);
	if (result < 0)
		return err_at(err, "%.8s", d.finding.public_id.p);
	return result;
}

/* All of them or none. */
static int task_all(struct task *t, char **ids, int n, struct err *err)
{
	if (store_begin(t->store, err) < 0)
		return err->code;
	for (int k = 0; k < n; k++)
		if (task_one(t, ids[k], err) < 0) {
			store_rollback(t->store);
			return err->code;
		}
	return store_commit(t->store, err);
}

static int tell(struct task *t, char **ids, int n, bool json, struct err *err)
{
	for (int k = 0; k < n; k++) {
		struct finding_detail d;
		struct str holder;

		if (finding_load(t->store, str_of(ids[k]), t->a, &d, err) < 0 ||
		    duty_words(t->store, d.finding.id, t->a, &holder, err) < 0)
			return err->code;
		if (json) {
			AUTO(buf) out = BUF_INIT(KIB(16));
			struct json_writer w = { .out = &out };

			json_open(&w, NULL, '{');
			json_put_text(&w, "id", d.finding.public_id);
			json_put_text(&w, "duty", holder);
			json_close(&w, '}');
			print_json(&out);
			continue;
		}
		print("%.8s  ", d.finding.public_id.p);
		print_text(holder, false, 0);
		print("\n");
	}
	return 0;
}

/* `ids`: of the command line, and behind them whose they are when it assigns. */
static int run(const struct invocation *i, const struct config *config, char **ids, bool assigns, struct err *err)
{
	AUTO_FREE(store) store = store_open(&config->store, STORE_WRITE, err);
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const char *as = assigns ? i->arguments[i->n - 1] : option_of(i, "as");
	const int n = i->n - (int)(ids - i->arguments) - assigns;
	struct task t = { .store = store, .a = a, .assigns = assigns };
	size_t replaced;

	if (!store)
		return err->code;
	if (n < 1)
		return err_set(err, E_USAGE, assigns ? "expected ID... NAME" : "expected ID...");
	t.answer.operator_name = user_name(a);
	t.answer.name = as ? utf8_clean(a, str_of(as), &replaced) : t.answer.operator_name;
	t.answer.how = STR("command");
	if (t.answer.name.n == 0 || t.answer.name.n > LIMIT_FIELD)
		return err_set(err, E_USAGE, "the name of who has it is empty or longer than %d bytes", LIMIT_FIELD);
	if (task_all(&t, ids, n, err) < 0)
		return err->code;
	return tell(&t, ids, n, i->json, err);
}

int alert_ack(const struct invocation *i, const struct config *config, struct err *err)
{
	return run(i, config, i->arguments + 1, false, err);
}

int alert_assign(const struct invocation *i, const struct config *config, struct err *err)
{
	return run(i, config, i->arguments + 1, true, err);
}

int assign_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);

	return config ? run(i, config, i->arguments, true, err) : err->code;
}

/* What one shift tells the next. */
struct handover {
	int64_t since, now;
	struct str by; /* who handed over last */
	struct duty_row *waiting, *held;
	struct finding *fresh;
	struct source_health *sources;
	struct outbox_row *dead, *mail;
	size_t n_waiting, n_held, n_fresh, n_sources, n_dead, n_mail;
};

static int gather(struct store *s, struct arena *a, struct handover *h, struct err *err)
{
	const struct finding_filter fresh = { .least_severity = 40, .found_since = h->since, .limit = SHOWN };
	const struct outbox_filter dead = { .state = STR("dead"), .limit = SHOWN },
				   waiting = { .state = STR("waiting"), .limit = SHOWN };

	if (duty_list(s, &(struct duty_filter){ .waiting = true, .limit = SHOWN }, a, &h->waiting, &h->n_waiting, err) < 0 ||
	    duty_list(s, &(struct duty_filter){ .since = h->since, .limit = SHOWN }, a, &h->held, &h->n_held, err) < 0 ||
	    finding_list(s, &fresh, a, &h->fresh, &h->n_fresh, err) < 0 ||
	    health_list(s, h->now, a, &h->sources, &h->n_sources, err) < 0 ||
	    outbox_list(s, &dead, a, &h->dead, &h->n_dead, err) < 0 ||
	    outbox_list(s, &waiting, a, &h->mail, &h->n_mail, err) < 0)
		return err->code;
	return 0;
}

static void duty_line(const struct duty_row *r)
{
	char at[32];

	print("  %.8s %3d ", r->public_id.p, r->severity);
	print_text(r->category, false, 9);
	print("  ");
	print_text(r->asset.n ? r->asset : r->source, false, 16);
	print("  ");
	if (r->holder.n) {
		print_text(r->holder, false, 18);
		print(" since %s\n", print_time(r->held_since, at) + 5);
	} else {
		print("asked %lld since %s\n", (long long)r->steps, print_time(r->opened_at, at) + 5);
	}
}

static void title(const char *what, size_t n)
{
	print("\n%s%s: %zu%s\n", style("1"), what, n, style(""));
}

static void handover_print(const struct handover *h)
{
	size_t held = 0, ill = 0;
	char at[32];

	print("Since %s UTC", print_time(h->since, at));
	if (h->by.n) {
		print(", handed over by ");
		print_text(h->by, false, 30);
	}
	print("\n");
	title("Nobody has answered", h->n_waiting);
	for (size_t k = 0; k < h->n_waiting; k++)
		duty_line(&h->waiting[k]);
	for (size_t k = 0; k < h->n_held; k++)
		held += h->held[k].holder.n > 0;
	title("Somebody has it", held);
	for (size_t k = 0; k < h->n_held; k++)
		if (h->held[k].holder.n)
			duty_line(&h->held[k]);
	title("New findings of severity 40 and more", h->n_fresh);
	for (size_t k = 0; k < h->n_fresh && k < 20; k++) {
		print("  %.8s %3d ", h->fresh[k].public_id.p, h->fresh[k].severity);
		print_text(h->fresh[k].category, false, 9);
		print("  ");
		print_text(h->fresh[k].title.n ? h->fresh[k].title : h->fresh[k].url, false, 52);
		print("\n");
	}
	for (size_t k = 0; k < h->n_sources; k++)
		ill += !health_is_well(&h->sources[k]);
	title("Sources that are not well", ill);
	for (size_t k = 0; k < h->n_sources; k++)
		if (!health_is_well(&h->sources[k])) {
			print("  ");
			print_text(h->sources[k].source, false, 20);
			print("  %-9s  ", h->sources[k].state);
			print_text(h->sources[k].detail, false, 44);
			print("\n");
		}
	title("Mails that will not go any more", h->n_dead);
	for (size_t k = 0; k < h->n_dead && k < 20; k++) {
		print("  ");
		print_text(h->dead[k].recipient, false, 28);
		print("  ");
		print_text(h->dead[k].answer, false, 46);
		print("\n");
	}
	title("Mails that wait", h->n_mail);
}

static void duty_json(struct json_writer *w, const char *name, const struct duty_row *rows, size_t n)
{
	json_open(w, name, '[');
	for (size_t k = 0; k < n; k++) {
		json_open(w, NULL, '{');
		json_put_text(w, "id", rows[k].public_id);
		json_put_int(w, "severity", rows[k].severity);
		json_put_text(w, "category", rows[k].category);
		json_put_text(w, "asset", rows[k].asset);
		json_put_text(w, "source", rows[k].source);
		json_put_text(w, "title", rows[k].title);
		json_put_text(w, "holder", rows[k].holder);
		json_put_int(w, "asked", rows[k].steps);
		json_put_time(w, "opened_at", rows[k].opened_at);
		if (rows[k].acknowledged_at)
			json_put_time(w, "acknowledged_at", rows[k].acknowledged_at);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void handover_json(const struct handover *h)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	json_open(&w, NULL, '{');
	json_put_time(&w, "since", h->since);
	json_put_text(&w, "handed_over_by", h->by);
	duty_json(&w, "waiting", h->waiting, h->n_waiting);
	duty_json(&w, "opened", h->held, h->n_held);
	json_open(&w, "findings", '[');
	for (size_t k = 0; k < h->n_fresh; k++)
		json_put_text(&w, NULL, h->fresh[k].public_id);
	json_close(&w, ']');
	json_open(&w, "sources", '{');
	for (size_t k = 0; k < h->n_sources; k++)
		if (!health_is_well(&h->sources[k]))
			json_put_text(&w, h->sources[k].source.p, str_of(h->sources[k].state));
	json_close(&w, '}');
	json_put_int(&w, "mails_dead", (int64_t)h->n_dead);
	json_put_int(&w, "mails_waiting", (int64_t)h->n_mail);
	json_close(&w, '}');
	print_json(&out);
}

static int note(struct store *s, struct arena *a, int64_t now, struct err *err)
{
	if (store_begin(s, err) < 0)
		return err->code;
	if (handover_add(s, user_name(a), now, err) < 0) {
		store_rollback(s);
		return err->code;
	}
	return store_commit(s, err);
}

int alert_handover(const struct invocation *i, const struct config *config, struct err *err)
{
	const bool looks = option_of(i, "look") != NULL;
	AUTO_FREE(store) store = store_open(&config->store, looks ? STORE_READ : STORE_WRITE, err);
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct handover h = { .now = clock_now_us() };

	if (!store || handover_last(store, a, &h.since, &h.by, err) < 0)
		return err->code;
	if (h.since == 0)
		h.since = h.now - DAY;
	if (gather(store, a, &h, err) < 0 || (!looks && note(store, a, h.now, err) < 0))
		return err->code;
	if (i->json)
		handover_json(&h);
	else
		handover_print(&h);
	return 0;
}

/* "1 h 5 min", "12 s", "250 ms" */
static struct str span(int64_t us, struct arena *a)
{
	if (us < INT64_C(1000000))
		return arena_printf(a, "%lld ms", (long long)(us / 1000));
	if (us < INT64_C(120000000))
		return arena_printf(a, "%lld s", (long long)(us / 1000000));
	if (us < INT64_C(7200000000))
		return arena_printf(a, "%lld min", (long long)(us / 60000000));
	return arena_printf(a, "%lld h %lld min", (long long)(us / INT64_C(3600000000)), (long long)(us / 60000000 % 60));
}

static void clocks_json(const struct duty_clocks *c)
{
	AUTO(buf) out = BUF_INIT(KIB(16));
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	for (int k = 0; k < DUTY_CLOCKS; k++) {
		json_open(&w, duty_clock_names[k], '{');
		json_put_int(&w, "findings", (int64_t)c->n[k]);
		json_put_int(&w, "median_ms", c->median[k] / 1000);
		json_put_int(&w, "longest_ms", c->longest[k] / 1000);
		json_close(&w, '}');
	}
	json_close(&w, '}');
	print_json(&out);
}

int alert_clocks(const struct invocation *i, const struct config *config, struct err *err)
{
	AUTO_FREE(store) store = store_open(&config->store, STORE_READ, err);
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct duty_clocks clocks;
	int64_t days = DAYS;

	if (!store || option_number(i, "days", 1, 36500, &days, err) < 0 ||
	    duty_clocks(store, clock_now_us() - days * DAY, &clocks, err) < 0)
		return err->code;
	if (i->json) {
		clocks_json(&clocks);
		return 0;
	}
	print("%-24s %9s %12s %12s\n", "", "findings", "median", "longest");
	for (int k = 0; k < DUTY_CLOCKS; k++)
		print("%-24s %9zu %12s %12s\n", duty_clock_names[k], clocks.n[k],
		      clocks.n[k] ? span(clocks.median[k], a).p : "-", clocks.n[k] ? span(clocks.longest[k], a).p : "-");
	return 0;
}
