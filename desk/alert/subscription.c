/* subscription.c - who wants which findings how */
#include "desk/alert/subscription.h"

#include <stddef.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/mailbox.h"
#include "classify/classify.h"
#include "desk/alert/channel.h"
#include "classify/tongue.h"
#include "store/saved.h"

const char *const subscription_formats[] = { "text+html", "text", "json", "xarf", NULL };
const char *const subscription_audiences[] = { "desk", "management", NULL };

static const struct yaml_field fields[] = {
	{ "to", YAML_TEXT, offsetof(struct subscription, to), .required = true, .like = "desk@example.com" },
	{ "severity", YAML_INT, offsetof(struct subscription, severity), .least = 20, .most = 100 },
	{ "assets", YAML_TEXTS, offsetof(struct subscription, assets) },
	{ "categories", YAML_TEXTS, offsetof(struct subscription, categories) },
	{ "sources", YAML_TEXTS, offsetof(struct subscription, sources) },
	{ "languages", YAML_TEXTS, offsetof(struct subscription, languages) },
	{ "campaign", YAML_TEXT, offsetof(struct subscription, campaign) },
	{ "finding", YAML_TEXT, offsetof(struct subscription, finding) },
	{ "search", YAML_TEXT, offsetof(struct subscription, search) },
	{ "when", YAML_TEXT, offsetof(struct subscription, when_text) },
	{ "quiet", YAML_TEXT, offsetof(struct subscription, quiet_text) },
	{ "quiet_above", YAML_INT, offsetof(struct subscription, quiet_above), .least = 20, .most = 100 },
	{ "format", YAML_CHOICE, offsetof(struct subscription, format), .choices = subscription_formats },
	{ "certificate", YAML_TEXT, offsetof(struct subscription, certificate) },
	{ "audience", YAML_CHOICE, offsetof(struct subscription, audience), .choices = subscription_audiences },
	{ 0 },
};

/* Each text of the list is one of the names. */
static int all_known(const struct yaml_texts *list, const char *what, const struct str *names, size_t n, struct err *err)
{
	for (size_t i = 0; names && i < list->n; i++) {
		size_t k = 0;

		while (k < n && !str_eq(list->items[i].text, names[k]))
			k++;
		if (k == n)
			return yaml_wrong(err, list->items[i],
					  "no %s is called %.*s, expected one that the configuration names", what,
					  STR_ARG(list->items[i].text));
	}
	return 0;
}

static int categories_check(const struct yaml_texts *list, struct err *err)
{
	struct str names[CATEGORIES];

	for (int i = 0; i < CATEGORIES; i++)
		names[i] = str_of(category_names[i]);
	for (size_t i = 0; i < list->n; i++) {
		const struct yaml_texts one = { &list->items[i], 1 };

		if (all_known(&one, "category", names, CATEGORIES, err) < 0)
			return yaml_wrong(err, list->items[i],
					  "no category is called %.*s, expected violence, extortion, leak or dox",
					  STR_ARG(list->items[i].text));
	}
	return 0;
}

static int times_read(struct subscription *s, struct err *err)
{
	if (s->when_text.text.n && !when_read(s->when_text.text, &s->when))
		return yaml_wrong(err, s->when_text, "when is \"%.*s\", expected %s", STR_ARG(s->when_text.text), when_words);
	if (s->quiet_text.text.n && !day_hours_read(s->quiet_text.text, (struct str){ 0 }, &s->quiet))
		return yaml_wrong(err, s->quiet_text,
				  "quiet is \"%.*s\", expected HH:MM-HH:MM and a zone, such as \"22:00-06:00 Europe/Berlin\"",
				  STR_ARG(s->quiet_text.text));
	return 0;
}

static int languages_check(const struct yaml_texts *list, struct err *err)
{
	for (size_t i = 0; i < list->n; i++)
		if (!tongue_is_known(list->items[i].text))
			return yaml_wrong(
				err, list->items[i],
				"no language that can be told is called %.*s, expected its code of ISO 639-1, such as en or de",
				STR_ARG(list->items[i].text));
	return 0;
}

static int id_check(struct yaml_text id, const char *key, struct err *err)
{
	struct str s = id.text;
	bool is_one = s.n == 0 || (s.n >= 6 && s.n <= 32);

	for (size_t i = 0; i < s.n; i++)
		is_one &= ascii_hex(s.p[i]) >= 0;
	return is_one ? 0 : yaml_wrong(err, id, "%s is \"%.*s\", expected 6 to 32 hexadecimal digits", key, STR_ARG(s));
}

int subscription_read(const struct yaml *map, const struct subscription_names *names, struct arena *a, struct subscription *out,
		      struct err *err)
{
	struct subscription s = { .severity = SUBSCRIPTION_SEVERITY, .quiet_above = SUBSCRIPTION_QUIET_ABOVE };
	struct err why = { 0 };

	if (yaml_read(map, fields, &s, a, err) < 0)
		return err->code;
	if (channel_name(s.to.text).n)
		s.recipient = arena_printf(a, "channel %.*s", STR_ARG(channel_name(s.to.text)));
	else if (mailbox_read(s.to.text, a, &s.recipient, &why) < 0)
		return yaml_wrong(err, s.to, "to: %.200s", why.text);
	if (channel_name(s.to.text).n &&
	    all_known(&(struct yaml_texts){ &s.to, 1 }, "channel", names->channels, names->n_channels, err) < 0)
		return err->code;
	if (id_check(s.campaign, "campaign", err) < 0 || id_check(s.finding, "finding", err) < 0 ||
	    languages_check(&s.languages, err) < 0 || categories_check(&s.categories, err) < 0 ||
	    all_known(&s.assets, "asset", names->assets, names->n_assets, err) < 0 ||
	    all_known(&s.sources, "source", names->sources, names->n_sources, err) < 0 || times_read(&s, err) < 0)
		return err->code;
	if (channel_name(s.to.text).n && s.certificate.text.n)
		return yaml_wrong(err, s.certificate, "a certificate for a channel, expected one for mail only");
	if (s.format == ALERT_XARF && s.audience == ALERT_TO_MANAGEMENT)
		return yaml_wrong(err, s.to,
				  "format is xarf, which names the address of a post; expected audience: desk beside it");
	if (s.search.text.n && saved_check(s.search.text, &why) < 0)
		return yaml_wrong(err, s.search, "search: %.200s", why.text);
	*out = s;
	return 0;
}

int subscriptions_read(const struct yaml *list, const struct subscription_names *names, struct arena *a,
		       struct subscription **out, size_t *n, struct err *err)
{
	*n = list ? yaml_count(list) : 0;
	*out = arena_alloc(a, *n * sizeof(**out));
	if (*n > LIMIT_SUBSCRIPTIONS)
		return yaml_wrong(err, yaml_place(list), "%zu subscriptions, expected at most %d", *n, LIMIT_SUBSCRIPTIONS);
	for (size_t i = 0; i < *n; i++) {
		if (subscription_read(yaml_item(list, i), names, a, &(*out)[i], err) < 0)
			return err->code;
		(*out)[i].of_file = true;
	}
	return 0;
}

static void put_list(struct json_writer *w, const char *key, const struct yaml_texts *list)
{
	if (!list->n)
		return;
	json_open(w, key, '[');
	for (size_t i = 0; i < list->n; i++)
		json_put_text(w, NULL, list->items[i].text);
	json_close(w, ']');
}

static void put_text(struct json_writer *w, const char *key, struct str text)
{
	if (text.n)
		json_put_text(w, key, text);
}

void subscription_put(struct buf *out, const struct subscription *s)
{
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "to", s->recipient);
	json_put_int(&w, "severity", s->severity);
	put_list(&w, "assets", &s->assets);
	put_list(&w, "categories", &s->categories);
	put_list(&w, "sources", &s->sources);
	put_list(&w, "languages", &s->languages);
	put_text(&w, "campaign", s->campaign.text);
	put_text(&w, "finding", s->finding.text);
	put_text(&w, "search", s->search.text);
	put_text(&w, "when", s->when_text.text);
	put_text(&w, "quiet", s->quiet_text.text);
	put_text(&w, "certificate", s->certificate.text);
	if (s->quiet_above != SUBSCRIPTION_QUIET_ABOVE)
		json_put_int(&w, "quiet_above", s->quiet_above);
	if (s->format != ALERT_BOTH)
		json_put_text(&w, "format", str_of(subscription_formats[s->format]));
	if (s->audience != ALERT_TO_DESK)
		json_put_text(&w, "audience", str_of(subscription_audiences[s->audience]));
	json_close(&w, '}');
}

static void say_names(struct buf *out, const char *of, const struct yaml_texts *list)
{
	for (size_t i = 0; i < list->n; i++) {
		buf_add(out, i ? STR(", ") : str_of(of));
		buf_add(out, list->items[i].text);
	}
}

void subscription_say(struct buf *out, const struct subscription *s)
{
	const struct str when = s->when_text.text.n ? s->when_text.text : STR("at once");

	buf_printf(out, "from severity %lld, %.*s", (long long)s->severity, STR_ARG(when));
	if (s->quiet_text.text.n)
		buf_printf(out, ", quiet %.*s below %lld", STR_ARG(s->quiet_text.text), (long long)s->quiet_above);
	say_names(out, "; assets ", &s->assets);
	say_names(out, "; categories ", &s->categories);
	say_names(out, "; sources ", &s->sources);
	say_names(out, "; languages ", &s->languages);
	if (s->finding.text.n)
		buf_printf(out, "; finding %.*s", STR_ARG(s->finding.text));
	if (s->campaign.text.n)
		buf_printf(out, "; campaign %.*s", STR_ARG(s->campaign.text));
	if (s->search.text.n)
		buf_printf(out, "; search %.*s", STR_ARG(s->search.text));
	if (s->certificate.text.n)
		buf_add(out, STR("; encrypted"));
	if (s->audience != ALERT_TO_DESK)
		buf_add(out, STR("; for management"));
}
