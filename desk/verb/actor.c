/* actor.c - `watchdesk actor`: what goes together with an author's name or a contact, and how sure that is */
#include "base/json.h"
#include "base/limits.h"
#include "classify/severity.h"
#include "desk/verb.h"
#include "store/actor.h"

static void counts_json(struct json_writer *w, const char *key, const struct actor_count *rows, size_t n)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(w, NULL, '{');
		json_put_text(w, "name", rows[i].name);
		json_put_int(w, "findings", rows[i].n);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void actor_json(const struct actor *x)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	json_open(&w, NULL, '{');
	json_put_int(&w, "findings", x->findings);
	json_put_int(&w, "worst", x->worst);
	json_put_time(&w, "first", x->first_at);
	json_put_time(&w, "last", x->last_at);
	json_open(&w, "names", '[');
	for (size_t i = 0; i < x->n_names; i++) {
		const struct actor_name *one = &x->names[i];

		json_open(&w, NULL, '{');
		json_put_text(&w, "kind", one->kind);
		json_put_text(&w, "value", one->value);
		json_put_text(&w, "source", one->source);
		json_put_int(&w, "findings", one->findings);
		json_put_text(&w, "sure", str_of(actor_sures[one->sure]));
		json_put_text(&w, "through", one->through);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	counts_json(&w, "sources", x->sources, x->n_sources);
	counts_json(&w, "languages", x->languages, x->n_languages);
	counts_json(&w, "campaigns", x->campaigns, x->n_campaigns);
	json_open(&w, "hours_utc", '[');
	for (int i = 0; i < 24; i++)
		json_put_int(&w, NULL, x->hours[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	print_json(&out);
}

static const char *const words[ACTOR_SURES] = {
	[ACTOR_ASKED] = "asked for",
	[ACTOR_CONTACT] = "likely the same: a contact in common",
	[ACTOR_SAME_TEXT] = "perhaps: nearly the same text, which anybody can copy",
	[ACTOR_SAME_NAME] = "by name alone: anybody can take it",
};

static void names_print(const struct actor *x)
{
	enum actor_sure last = ACTOR_SURES;

	for (size_t i = 0; i < x->n_names; i++) {
		const struct actor_name *one = &x->names[i];

		if (one->sure != last)
			print("\n%s\n", words[one->sure]);
		last = one->sure;
		print("  %-15.*s ", STR_ARG(one->kind));
		print_text(one->value, false, 0);
		if (one->source.n) {
			print(" at ");
			print_text(one->source, false, 0);
		}
		print("  %lld finding%s", (long long)one->findings, one->findings == 1 ? "" : "s");
		if (one->through.n && one->sure == ACTOR_CONTACT) {
			print("  (");
			print_text(one->through, false, 0);
			print(")");
		}
		print("\n");
	}
}

static void counts_print(const char *title, const struct actor_count *rows, size_t n, size_t most)
{
	if (n == 0)
		return;
	print("%-10s ", title);
	for (size_t i = 0; i < n; i++) {
		print("%s", i ? ", " : "");
		print_text(str_slice(rows[i].name, 0, most), false, 0);
		print(" %lld", (long long)rows[i].n);
	}
	print("\n");
}

/* A column for each hour: ten steps of ASCII, so that it reads everywhere. */
static void hours_print(const struct actor *x)
{
	static const char steps[] = " .:-=+*#%@";
	int64_t most = 1;

	if (x->dated == 0)
		return;
	for (int i = 0; i < 24; i++)
		most = x->hours[i] > most ? x->hours[i] : most;
	print("\nWhen they write (UTC), %lld posts whose time is known\n  |", (long long)x->dated);
	for (int i = 0; i < 24; i++)
		print("%c", steps[x->hours[i] ? 1 + x->hours[i] * 8 / most : 0]);
	print("|\n   0     6     12    18\n");
}

static int actor_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_READ, err) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	char first[32], last[32];
	struct actor x;
	int found = store ? actor_load(store, str_of(i->arguments[0]), a, &x, err) : err->code;

	if (found <= 0)
		return found < 0 ? found
				 : err_set(err, E_USAGE, "no finding is by %.200s or names it, as it is spelled there",
					   i->arguments[0]);
	if (i->json) {
		actor_json(&x);
		return 0;
	}
	print("%s", style("1"));
	print_text(str_of(i->arguments[0]), false, 0);
	print("%s  %lld findings, worst %d %s, %s to %s UTC\n", style(""), (long long)x.findings, x.worst,
	      severity_name(x.worst), print_time(x.first_at, first), print_time(x.last_at, last));
	names_print(&x);
	print("\n");
	counts_print("sources", x.sources, x.n_sources, 60);
	counts_print("languages", x.languages, x.n_languages, 60);
	counts_print("campaigns", x.campaigns, x.n_campaigns, 8);
	hours_print(&x);
	return 0;
}

const struct verb verb_actor = {
	.name = "actor",
	.arguments = "NAME|CONTACT",
	.summary = "what goes together with an author or a contact, and how sure that is",
	.text = "An author's name, a wallet, a hidden service or an account, spelled as in the findings. What its findings "
		"name is "
		"followed to\nall findings that name it too, and to texts that are nearly the same: names and contacts with "
		"the reason "
		"and how sure it is,\nsites, languages, campaigns, hours of writing. It helps to find who wrote; it proves "
		"nothing.",
	.least = 1,
	.most = 1,
	.run = actor_run,
};
