/* audiences.c - the section `audiences:` */
#include "desk/audiences.h"

#include <stddef.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "desk/config.h"
#include "web/words.h"

struct audience_rows {
	int tlp;
	int64_t severity;
	struct yaml_texts sees;
	struct yaml_text report, address, words;
};

static const char *const labels[] = { "clear", "green", "amber", "amber+strict", "red", NULL };

static const struct yaml_field fields[] = {
	{ "tlp", YAML_CHOICE, offsetof(struct audience_rows, tlp), .choices = labels },
	{ "sees", YAML_TEXTS, offsetof(struct audience_rows, sees) },
	{ "severity", YAML_INT, offsetof(struct audience_rows, severity), .least = FINDING_SEVERITY, .most = 100 },
	{ "report", YAML_TEXT, offsetof(struct audience_rows, report) },
	{ "address", YAML_TEXT, offsetof(struct audience_rows, address) },
	{ "words", YAML_TEXT, offsetof(struct audience_rows, words) },
	{ 0 },
};

static int sees_read(const struct yaml_texts *list, unsigned *out, struct err *err)
{
	unsigned sees = 0;

	for (size_t i = 0; i < list->n; i++) {
		int bit = audience_sees_named(list->items[i].text);

		if (bit < 0)
			return yaml_wrong(err, list->items[i], "sees names %.*s, expected some of " AUDIENCE_SEES_NAMES,
					  STR_ARG(str_slice(list->items[i].text, 0, 60)));
		sees |= (unsigned)bit;
	}
	*out = sees;
	return 0;
}

/* "de", and no path. */
static bool is_language(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return s.n > 0;
}

static int words_take(struct config *c, struct yaml_text named, const struct words **out, struct err *err)
{
	const char *path = config_path(c, named, NULL);
	struct words *words = arena_alloc(c->a, sizeof(*words));
	AUTO(buf) text = BUF_INIT(LIMIT_CONFIG);
	struct err why = { 0 };

	if (!path)
		return 0;
	if (is_language(named.text)) {
		int there = words_shipped(named.text, c->a, words, err);

		if (there == 0)
			return yaml_wrong(err, named, "words: no translation to %.*s ships, expected de, or the path of a file",
					  STR_ARG(str_slice(named.text, 0, 40)));
		*out = words;
		return there < 0 ? there : 0;
	}
	if (file_read(path, &text, &why) < 0)
		return yaml_wrong(err, named, "words: %.300s, expected a file of words that can be read", why.text);
	if (words_read(arena_copy(c->a, buf_str(&text)), path, c->a, words, err) < 0)
		return err->code;
	*out = words;
	return 0;
}

/* With its slash at the end, so that a name can follow. */
static int address_read(struct config *c, struct yaml_text address, struct str *out, struct err *err)
{
	struct str s = address.text;
	bool plain = str_starts(s, STR("https://")) || str_starts(s, STR("http://"));

	for (size_t i = 0; i < s.n; i++)
		plain = plain && s.p[i] > ' ' && !strchr("\"<>?#\\^`{|}", s.p[i]) && s.p[i] != 0x7f;
	if (!s.n)
		return 0;
	if (!plain)
		return yaml_wrong(err, address,
				  "address is \"%.*s\", expected where the folder is published: https://HOST/PATH/",
				  STR_ARG(str_slice(s, 0, 120)));
	*out = arena_printf(c->a, "%.*s%s", STR_ARG(s), str_ends(s, STR("/")) ? "" : "/");
	return 0;
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
			return false;
	return s.n > 0 && s.n <= 40;
}

static struct audience_report *find(const struct audience_reports *all, struct str name)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->items[i].audience.name, name))
			return &all->items[i];
	return NULL;
}

/* One that does not ship begins as who sees least. */
static struct audience_report *find_or_add(struct audience_reports *all, struct str name)
{
	struct audience_report *there = find(all, name);

	if (there)
		return there;
	there = &all->items[all->n++];
	*there = (struct audience_report){ .audience = audiences[AUDIENCES - 1] };
	there->audience.name = name;
	return there;
}

static int audience_read(struct config *c, const struct yaml *item, struct audience_report *r, struct err *err)
{
	struct audience_rows rows = { .tlp = r->audience.tlp, .severity = r->audience.least_severity, .sees.n = SIZE_MAX };

	if (yaml_read(item, fields, &rows, c->a, err) < 0 ||
	    (rows.sees.n != SIZE_MAX && sees_read(&rows.sees, &r->audience.sees, err) < 0) ||
	    words_take(c, rows.words, &r->words, err) < 0 || address_read(c, rows.address, &r->address, err) < 0)
		return err->code;
	r->audience.tlp = (enum tlp)rows.tlp;
	r->audience.least_severity = (int)rows.severity;
	r->folder = rows.report.text.n ? config_path(c, rows.report, NULL) : r->folder;
	return 0;
}

/* Is one the other, or inside it? What is in no edition of a folder is removed from it. */
static bool collide(const char *a, const char *b)
{
	struct str x = str_of(a), y = str_of(b);

	while (x.n > 1 && x.p[x.n - 1] == '/')
		x.n--;
	while (y.n > 1 && y.p[y.n - 1] == '/')
		y.n--;
	if (x.n > y.n)
		return str_starts(x, y) && x.p[y.n] == '/';
	return str_starts(y, x) && (y.n == x.n || y.p[x.n] == '/');
}

static int check_folders(const struct yaml *map, const struct audience_reports *all, struct err *err)
{
	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < i; k++)
			if (all->items[i].folder && all->items[k].folder && collide(all->items[i].folder, all->items[k].folder))
				return yaml_wrong(err, yaml_place(map),
						  "the reports of %.*s and %.*s stand in one folder, expected one for each",
						  STR_ARG(all->items[k].audience.name), STR_ARG(all->items[i].audience.name));
	return 0;
}

int audiences_read(struct config *c, const struct yaml *map, const char *report, struct audience_reports *out, struct err *err)
{
	size_t n = map ? yaml_count(map) : 0;
	struct audience_reports all = { arena_alloc(c->a, (n + AUDIENCES) * sizeof(*all.items)), 0 };

	for (; all.n < AUDIENCES; all.n++)
		all.items[all.n] = (struct audience_report){ .audience = audiences[all.n] };
	all.items[0].folder = report;
	if (n > LIMIT_AUDIENCES)
		return yaml_wrong(err, yaml_place(map), "%zu audiences, expected at most %d", n, LIMIT_AUDIENCES);
	for (size_t i = 0; i < n; i++) {
		struct yaml_text name = yaml_key(map, i);

		if (!is_name(name.text))
			return yaml_wrong(err, name, "an audience is called %.*s, expected letters, digits, - and _",
					  STR_ARG(str_slice(name.text, 0, 60)));
		if (audience_read(c, yaml_item(map, i), find_or_add(&all, name.text), err) < 0)
			return err->code;
	}
	*out = all;
	return map ? check_folders(map, &all, err) : 0;
}

const struct audience_report *audience_named(const struct audience_reports *all, const char *name, struct err *err)
{
	const struct audience_report *found = find(all, str_of(name));
	AUTO(buf) names = BUF_INIT(KIB(4));

	if (found)
		return found;
	for (size_t i = 0; i < all->n; i++)
		buf_printf(&names, "%s%.*s", i ? ", " : "", STR_ARG(all->items[i].audience.name));
	err_set(err, E_USAGE, "no audience is called %.100s, expected one of %.*s", name, (int)names.n, names.p);
	return NULL;
}
