/* host.c - what is known of a host that serves posts */
#include "desk/takedown/host.h"

#include "base/limits.h"
#include "desk/takedown/element.h"
#include "desk/takedown/shipped.h"

#define SHIPPED "desk/takedown/hosts/"
#define ENDING	".yaml"

const struct host_role_words host_roles[HOST_ROLES] = {
	[HOST_PASTE] = { "paste", "paste site", "site", "paste_site" },
	[HOST_CODE] = { "code", "code host", "site", "git_repository" },
	[HOST_FORUM] = { "forum", "forum", "site", "forum_post" },
	[HOST_FILES] = { "files", "file host", "site", "other" },
	[HOST_SOCIAL] = { "social", "social network", "site", "forum_post" },
	[HOST_CHAT] = { "chat", "chat preview", "site", "forum_post" },
	[HOST_ARCHIVE] = { "archive", "web archive", "site", "other" },
	[HOST_SEARCH] = { "search", "search engine", "site", "other" },
	[HOST_CDN] = { "cdn", "content delivery network", "cdn", "other" },
	[HOST_NETWORK] = { "network", "network or hosting company", "network", "other" },
	[HOST_REGISTRAR] = { "registrar", "registrar of domains", "registrar", "other" },
};

static const char *const role_names[] = { "paste",   "code",   "forum", "files",   "social",	"chat",
					  "archive", "search", "cdn",	"network", "registrar", NULL };

/* A card as it is written. */
struct card_rows {
	struct host_card card;
	int role;
	struct yaml_texts grounds;
	const struct yaml *subjects, *sentences, *facts;
	int64_t reply_ms, recheck_ms;
};

#define CARD(key, type, member, ...)                                       \
	{                                                                  \
		key, type, offsetof(struct card_rows, member), __VA_ARGS__ \
	}

static const struct yaml_field card_fields[] = {
	CARD("title", YAML_TEXT, card.title, .required = true, .like = "Example Paste"),
	CARD("role", YAML_CHOICE, role, .required = true, .choices = role_names, .like = "paste"),
	CARD("domains", YAML_TEXTS, card.domains),
	CARD("contact", YAML_TEXT, card.contact),
	CARD("form", YAML_TEXT, card.form),
	CARD("form_only", YAML_BOOL, card.form_only),
	CARD("agent", YAML_TEXT, card.agent),
	CARD("copyright_form", YAML_TEXT, card.copyright_form),
	CARD("delisting", YAML_TEXT, card.delisting),
	CARD("policy", YAML_TEXT, card.policy),
	CARD("security", YAML_TEXT, card.security),
	CARD("grounds", YAML_TEXTS, grounds),
	CARD("required", YAML_TEXTS, card.required),
	CARD("languages", YAML_TEXTS, card.languages),
	CARD("gone", YAML_TEXTS, card.gone),
	CARD("subjects", YAML_MAP, subjects),
	CARD("sentences", YAML_MAP, sentences),
	CARD("reply", YAML_DURATION, reply_ms),
	CARD("recheck", YAML_DURATION, recheck_ms),
	CARD("verified", YAML_BOOL, card.verified, .required = true, .like = "no"),
	CARD("note", YAML_TEXT, card.note),
	CARD("facts", YAML_LIST, facts),
	{ 0 },
};

static const struct yaml_field fact_fields[] = {
	{ "of", YAML_TEXTS, offsetof(struct host_fact, of), .required = true, .like = "[contact]" },
	{ "says", YAML_TEXT, offsetof(struct host_fact, says), .required = true, .like = "Abuse is reported by mail." },
	{ "source", YAML_TEXT, offsetof(struct host_fact, source), .required = true, .like = "https://example.com/terms" },
	{ "seen", YAML_TEXT, offsetof(struct host_fact, seen), .required = true, .like = "2026-01-31" },
	{ 0 },
};

static bool is_plain(struct str s, const char *not_in)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || strchr(not_in, s.p[i]))
			return false;
	return s.n > 0;
}

/* A mailbox that no header can hide in. */
static int mail_check(struct yaml_text t, struct err *err)
{
	ssize_t at = str_find(t.text, STR("@"));

	if (t.text.n == 0 || (at > 0 && (size_t)at + 1 < t.text.n && t.text.n <= 254 && is_plain(t.text, "<>()[]\\,;:\"") &&
			      str_find(str_slice(t.text, (size_t)at + 1, t.text.n), STR("@")) < 0))
		return 0;
	return yaml_wrong(err, t, "\"%.*s\" is no mail address, expected one like abuse@example.com",
			  STR_ARG(str_slice(t.text, 0, 80)));
}

static int url_check(struct yaml_text t, struct err *err)
{
	if (t.text.n == 0 || (t.text.n <= LIMIT_URL && is_plain(t.text, "<>\"") &&
			      (str_starts(t.text, STR("https://")) || str_starts(t.text, STR("http://")))))
		return 0;
	return yaml_wrong(err, t, "\"%.*s\" is no address, expected one like https://example.com/abuse",
			  STR_ARG(str_slice(t.text, 0, 80)));
}

static int date_check(struct yaml_text t, struct err *err)
{
	static const char like[] = "0000-00-00";
	bool right = t.text.n == sizeof(like) - 1;

	for (size_t i = 0; right && i < t.text.n; i++)
		right = like[i] == '0' ? ascii_is_digit(t.text.p[i]) : t.text.p[i] == like[i];
	return right ? 0
		     : yaml_wrong(err, t, "\"%.*s\" is no date, expected one like 2026-01-31",
				  STR_ARG(str_slice(t.text, 0, 40)));
}

static int domains_check(const struct yaml_texts *domains, struct err *err)
{
	for (size_t i = 0; i < domains->n; i++) {
		struct str s = domains->items[i].text;
		bool right = s.n > 0 && s.n <= 253 && s.p[0] != '.' && s.p[s.n - 1] != '.' && str_find(s, STR("..")) < 0;

		for (size_t k = 0; right && k < s.n; k++)
			right = ascii_is_digit(s.p[k]) || (s.p[k] >= 'a' && s.p[k] <= 'z') || s.p[k] == '-' || s.p[k] == '.';
		if (!right)
			return yaml_wrong(err, domains->items[i],
					  "\"%.*s\" is no domain, expected one like paste.example.com, in small letters",
					  STR_ARG(str_slice(s, 0, 80)));
	}
	return 0;
}

static int languages_check(const struct yaml_texts *languages, struct err *err)
{
	for (size_t i = 0; i < languages->n; i++) {
		struct str s = languages->items[i].text;

		if (s.n != 2 || !(s.p[0] >= 'a' && s.p[0] <= 'z') || !(s.p[1] >= 'a' && s.p[1] <= 'z'))
			return yaml_wrong(err, languages->items[i], "\"%.*s\" is no language, expected one like en",
					  STR_ARG(str_slice(s, 0, 40)));
	}
	return 0;
}

static int required_check(const struct yaml_texts *required, struct err *err)
{
	for (size_t i = 0; i < required->n; i++)
		if (!fact_kind_named(required->items[i].text))
			return yaml_wrong(err, required->items[i],
					  "no fact is called \"%.*s\", expected one of a notice's, like urls or claimant_mail",
					  STR_ARG(str_slice(required->items[i].text, 0, 40)));
	return 0;
}

/* Which of the six it is; E_USAGE. */
static int grounds_index(struct yaml_text t, struct err *err)
{
	const struct takedown_grounds *g = takedown_grounds_named(t.text);

	return g ? (int)(g - takedown_grounds)
		 : yaml_wrong(err, t,
			      "no grounds are called %.*s, expected threat, credentials, personal-data, copyright, "
			      "trade-secret or impersonation",
			      STR_ARG(str_slice(t.text, 0, 40)));
}

static int grounds_read(const struct yaml_texts *list, unsigned *out, struct err *err)
{
	for (size_t i = 0; i < list->n; i++) {
		int g = grounds_index(list->items[i], err);

		if (g < 0)
			return g;
		*out |= 1u << g;
	}
	return 0;
}

static int subjects_read(const struct yaml *map, struct host_card *c, struct err *err)
{
	for (size_t i = 0; map && i < yaml_count(map); i++) {
		struct yaml_text value = yaml_scalar(yaml_item(map, i));
		int g = grounds_index(yaml_key(map, i), err);

		if (g < 0)
			return g;
		if (value.text.n == 0 || value.text.n > 60)
			return yaml_wrong(err, yaml_key(map, i),
					  "what a subject begins with, expected 1 to 60 bytes like URGENT");
		c->subjects[g] = value;
	}
	return 0;
}

static int sentences_read(const struct yaml *map, struct arena *a, struct host_card *c, struct err *err)
{
	for (size_t i = 0; map && i < yaml_count(map); i++) {
		const struct yaml *list = yaml_item(map, i);
		int g = grounds_index(yaml_key(map, i), err);

		if (g < 0)
			return g;
		if (!yaml_is_list(list) || yaml_count(list) > LIMIT_ELEMENTS)
			return yaml_wrong(err, yaml_key(map, i),
					  "the sentences for these grounds, expected a list of at most %d", LIMIT_ELEMENTS);
		for (size_t k = 0; k < yaml_count(list); k++) {
			struct yaml_text t = yaml_scalar(yaml_item(list, k));

			if (t.text.n == 0 || t.text.n > LIMIT_SENTENCE)
				return yaml_wrong(err, yaml_place(yaml_item(list, k)),
						  "a sentence, expected 1 to %d bytes of text", LIMIT_SENTENCE);
			*(struct yaml_text *)arena_push(a, &c->sentences[g].items, &c->sentences[g].n, sizeof(t)) = t;
		}
	}
	return 0;
}

static int gone_check(const struct yaml_texts *gone, struct err *err)
{
	for (size_t i = 0; i < gone->n; i++)
		if (gone->items[i].text.n < 8 || gone->items[i].text.n > 300)
			return yaml_wrong(err, gone->items[i],
					  "words that say a text is gone, expected 8 to 300 bytes of them");
	return 0;
}

static int fact_of_check(const struct host_fact *f, struct err *err)
{
	for (size_t i = 0; i < f->of.n; i++) {
		const struct yaml_field *k = card_fields;

		while (k->key && !str_eq(f->of.items[i].text, str_of(k->key)))
			k++;
		if (!k->key)
			return yaml_wrong(err, f->of.items[i], "a card has no %.*s, expected keys of it like contact or form",
					  STR_ARG(str_slice(f->of.items[i].text, 0, 40)));
	}
	return 0;
}

static int facts_read(const struct yaml *list, struct arena *a, struct host_card *c, struct err *err)
{
	size_t n = list ? yaml_count(list) : 0;

	if (n > LIMIT_ELEMENTS)
		return yaml_wrong(err, yaml_place(list), "%zu facts, expected at most %d", n, LIMIT_ELEMENTS);
	c->facts = arena_alloc(a, n * sizeof(*c->facts));
	for (; c->n_facts < n; c->n_facts++) {
		struct host_fact *f = &c->facts[c->n_facts];

		if (yaml_read(yaml_item(list, c->n_facts), fact_fields, f, a, err) < 0 || fact_of_check(f, err) < 0 ||
		    url_check(f->source, err) < 0 || date_check(f->seen, err) < 0)
			return err->code;
	}
	return 0;
}

static int card_check(const struct host_card *c, struct err *err)
{
	if (mail_check(c->contact, err) < 0 || mail_check(c->agent, err) < 0 || url_check(c->form, err) < 0 ||
	    url_check(c->copyright_form, err) < 0 || url_check(c->delisting, err) < 0 || url_check(c->policy, err) < 0 ||
	    url_check(c->security, err) < 0 || domains_check(&c->domains, err) < 0 || languages_check(&c->languages, err) < 0 ||
	    required_check(&c->required, err) < 0 || gone_check(&c->gone, err) < 0)
		return err->code;
	if (c->form_only && c->form.text.n == 0)
		return yaml_wrong(err, c->title, "form_only without a form, expected its address");
	return 0;
}

int host_card_read(struct str text, const char *path, struct arena *a, struct host_card *out, struct err *err)
{
	const struct yaml *y = yaml_parse(a, text, path, err);
	struct card_rows rows = { 0 };
	struct host_card *c = &rows.card;

	if (!y || yaml_read(y, card_fields, &rows, a, err) < 0 || card_check(c, err) < 0 ||
	    grounds_read(&rows.grounds, &c->grounds, err) < 0 || subjects_read(rows.subjects, c, err) < 0 ||
	    sentences_read(rows.sentences, a, c, err) < 0 || facts_read(rows.facts, a, c, err) < 0)
		return err->code;
	c->role = (enum host_role)rows.role;
	c->reply_us = rows.reply_ms * 1000;
	c->recheck_us = rows.recheck_ms * 1000;
	*out = *c;
	return 0;
}

static int card_add(const struct shipped_file *f, struct arena *a, struct host_cards *all, struct err *err)
{
	struct host_card *c = arena_push(a, &all->items, &all->n, sizeof(*all->items));

	if (host_card_read(f->text, f->path, a, c, err) < 0)
		return err->code;
	c->name = str_slice(f->name, 0, f->name.n - strlen(ENDING));
	c->own = f->own;
	return 0;
}

int host_cards_read(const char *folder, struct arena *a, struct host_cards *out, struct err *err)
{
	struct shipped_files files;
	struct host_cards all = { 0 };

	if (shipped_files_read(SHIPPED, folder, ENDING, NULL, a, &files, err) < 0)
		return err->code;
	for (size_t i = 0; i < files.n; i++)
		if (card_add(&files.items[i], a, &all, err) < 0)
			return err->code;
	*out = all;
	return 0;
}

/* Is the host the domain, or below it? */
static bool is_within(struct str host, struct str domain)
{
	if (host.n < domain.n || !str_eq_nocase(str_slice(host, host.n - domain.n, host.n), domain))
		return false;
	return host.n == domain.n || host.p[host.n - domain.n - 1] == '.';
}

const struct host_card *host_card_of(const struct host_cards *all, struct str host)
{
	const struct host_card *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct host_card *c = &all->items[i];

		for (size_t k = 0; k < c->domains.n; k++) {
			struct str domain = c->domains.items[k].text;

			if (is_within(host, domain) && (domain.n > longest || (domain.n == longest && c->own))) {
				best = c;
				longest = domain.n;
			}
		}
	}
	return best;
}

const struct host_card *host_card_named(const struct host_cards *all, struct str name)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->items[i].name, name))
			return &all->items[i];
	return NULL;
}

bool host_card_accepts(const struct host_card *card, struct str grounds)
{
	const struct takedown_grounds *g = takedown_grounds_named(grounds);

	return g && card->grounds & (1u << (g - takedown_grounds));
}

struct str host_card_subject(const struct host_card *card, struct str grounds)
{
	const struct takedown_grounds *g = takedown_grounds_named(grounds);

	return g ? card->subjects[g - takedown_grounds].text : (struct str){ 0 };
}

struct str host_card_sentences(const struct host_card *card, struct str grounds, struct arena *a)
{
	const struct takedown_grounds *g = takedown_grounds_named(grounds);
	const struct yaml_texts *all = g ? &card->sentences[g - takedown_grounds] : NULL;
	struct str out = { 0 };

	for (size_t i = 0; all && i < all->n; i++)
		out = arena_printf(a, "%.*s%s%.*s", STR_ARG(out), i ? "\n" : "", STR_ARG(all->items[i].text));
	return out;
}
