/* source_check.c - is what a source definition says whole and sound? */
#include <string.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/clock.h"
#include "crawler/extract/json_page.h"
#include "crawler/extract/recognise.h"
#include "crawler/extract/xpath.h"
#include "crawler/local.h"
#include "crawler/login.h"
#include "crawler/source_inner.h"
#include "crawler/url.h"
#include "crawler/zone.h"

enum { PIN_TEXT = 44 }; /* base64 of 32 bytes, padded: curl compares texts */

static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_is_digit(name.p[i]) && !(name.p[i] >= 'a' && name.p[i] <= 'z') && !strchr("._-", name.p[i]))
			return false;
	return name.n > 0 && name.n <= SOURCE_NAME && name.p[0] != '.';
}

int source_name_check(struct reading *r, struct yaml_text name, const char *key)
{
	if (is_name(name.text))
		return 0;
	return yaml_wrong(r->err, name, "%s is \"%.*s\", expected 1 to %d of a-z, 0-9, dot, underscore and hyphen", key,
			  (int)(name.text.n < 80 ? name.text.n : 80), name.text.p, SOURCE_NAME);
}

static struct str replaced(struct arena *a, struct str s, struct str what, struct str by)
{
	ssize_t at = str_find(s, what);

	if (at < 0)
		return s;
	return arena_printf(a, "%.*s%.*s%.*s", (int)at, s.p, STR_ARG(by), STR_ARG(str_slice(s, (size_t)at + what.n, s.n)));
}

/* Put the source's url where an address says {url}. */
static int address_expand(struct reading *r, const struct entry *e, struct yaml_text *address)
{
	struct str base = e->s.url.text;

	if (str_find(address->text, STR("{url}")) < 0)
		return 0;
	if (base.n == 0)
		return yaml_wrong(r->err, e->place, "url is missing, expected the address of the site (%.*s asks for it)",
				  STR_ARG(address->text));
	while (base.n && base.p[base.n - 1] == '/')
		base.n--;
	address->text = replaced(r->a, address->text, STR("{url}"), base);
	return 0;
}

static int address_check(struct reading *r, const struct entry *e, const char *key, struct yaml_text *address)
{
	struct str filled;
	struct err why = { 0 };
	struct url url;

	if (!given(*address))
		return 0;
	if (address_expand(r, e, address) < 0)
		return E_USAGE;
	filled = replaced(r->a, address->text, STR("{href}"), STR("https://example.com/x"));
	filled = replaced(r->a, filled, STR("{key}"), STR("x"));
	if (url_parse(r->a, filled, (struct str){ 0 }, &url, &why) < 0)
		return yaml_wrong(r->err, *address, "%s is no address (%.150s), expected http:// or https://", key, why.text);
	return 0;
}

static int xpath_field(struct reading *r, const char *key, struct yaml_text expression)
{
	struct err why = { 0 };

	if (!given(expression) || xpath_check(expression.text, &why) == 0)
		return 0;
	return yaml_wrong(r->err, expression, "%s: %.250s, expected an XPath 1.0", key, why.text);
}

static int addresses_check(struct reading *r, struct entry *e)
{
	int result = address_check(r, e, "url", &e->s.url);

	result = result < 0 ? result : address_check(r, e, "listing", &e->s.listing);
	result = result < 0 ? result : address_check(r, e, "feed", &e->s.feed);
	result = result < 0 ? result : address_check(r, e, "raw", &e->s.raw);
	for (size_t i = 0; result == 0 && i < e->s.json.n; i++)
		result = address_check(r, e, "json", &e->s.json.items[i]);
	for (size_t i = 0; result == 0 && i < e->s.files.n; i++)
		result = address_check(r, e, "files", &e->s.files.items[i]);
	return result;
}

static int json_paths_check(struct reading *r, const struct source *s)
{
	struct yaml_text wrong = { 0 };
	struct err why = { 0 };

	if (s->json.n && (given(s->listing) || given(s->feed)))
		return yaml_wrong(r->err, s->json.items[0], "json stands beside listing or feed, expected a source for each");
	if (given(s->post.attachments))
		return yaml_wrong(r->err, s->post.attachments,
				  "post.attachments stands in a JSON source, expected it in one of HTML");
	if (json_page_check(s, r->a, &wrong, &why) < 0)
		return yaml_wrong(r->err, wrong, "%.300s", why.text);
	return xpath_field(r, "post.quotes", s->post.quotes);
}

static int xpaths_check(struct reading *r, const struct source *s)
{
	const struct {
		const char *key;
		struct yaml_text expression;
	} rows[] = {
		{ "links", s->links },
		{ "activity", s->activity },
		{ "next", s->next },
		{ "post.item", s->post.item },
		{ "post.key", s->post.key },
		{ "post.author", s->post.author },
		{ "post.author_id", s->post.author_id },
		{ "post.title", s->post.title },
		{ "post.date", s->post.date },
		{ "post.text", s->post.text },
		{ "post.quotes", s->post.quotes },
		{ "post.edited", s->post.edited },
		{ "post.attachments", s->post.attachments },
		{ "post.url", s->post.url },
	};
	int result = 0;

	if (s->json.n || s->local_format == LOCAL_JSONL)
		return json_paths_check(r, s);
	for (size_t i = 0; result == 0 && i < sizeof(rows) / sizeof(rows[0]); i++)
		result = xpath_field(r, rows[i].key, rows[i].expression);
	for (size_t i = 0; result == 0 && i < s->soft_404.n; i++)
		result = xpath_field(r, "soft_404", s->soft_404.items[i]);
	return result;
}

/* A source that reads files of this machine reads nothing else, and knows where they are whatever folder it is started in. */
static int local_check(struct reading *r, const struct source *s)
{
	struct yaml_text path = given(s->folder) ? s->folder : s->file;
	struct str ignored;

	if (!source_is_local(s))
		return 0;
	if (given(s->folder) && given(s->file))
		return yaml_wrong(r->err, s->file, "file stands beside folder, expected a source for each");
	if (given(s->listing) || given(s->feed) || s->json.n || s->files.n)
		return yaml_wrong(r->err, path, "a site's address stands beside %s, expected a source for each",
				  given(s->folder) ? "folder" : "file");
	if (local_path(r->a, local_url(r->a, path.text), &ignored, NULL) < 0)
		return yaml_wrong(r->err, path,
				  "\"%.*s\" is not an absolute path without . and .., expected one such as /var/spool/x",
				  (int)(path.text.n < 80 ? path.text.n : 80), path.text.p);
	return 0;
}

/* Pins as curl reads them: sha256//BASE64;sha256//BASE64 */
static int pin_check(struct reading *r, struct yaml_text pin)
{
	struct str rest = pin.text, one = { 0 }, digest;

	while (given(pin) && str_split(&rest, ';', &one)) {
		struct str coded = str_slice(one, strlen("sha256//"), one.n);

		if (!str_starts(one, STR("sha256//")) || base64_decode(r->a, coded, &digest, NULL) < 0 ||
		    digest.n != DIGEST_BYTES || coded.n != PIN_TEXT)
			return yaml_wrong(
				r->err, pin,
				"pin is \"%.*s\", expected sha256// and the base64 of a key's SHA-256 (44 characters), "
				"several with ; between",
				(int)(one.n < 80 ? one.n : 80), one.p);
	}
	return 0;
}

/* "5m" is both bounds, "1m to 30m" each. */
static int every_read(struct reading *r, struct entry *e)
{
	struct str text = given(e->every) ? e->every.text : STR("1m to 5m");
	ssize_t to = str_find(text, STR(" to "));
	struct str least = to < 0 ? text : str_trim(str_slice(text, 0, (size_t)to));
	struct str most = to < 0 ? text : str_trim(str_slice(text, (size_t)to + 4, text.n));

	if (!clock_read_duration_ms(least, &e->s.every_ms) || !clock_read_duration_ms(most, &e->s.slowest_ms) ||
	    e->s.every_ms <= 0 || e->s.slowest_ms < e->s.every_ms)
		return yaml_wrong(r->err, e->every,
				  "every is \"%.*s\", expected a duration such as 30s or 5m, or the shortest and the longest: "
				  "1m to 30m",
				  (int)(text.n < 80 ? text.n : 80), text.p);
	return 0;
}

static int visits_read(struct reading *r, struct entry *e)
{
	if (!given(e->hours) || day_hours_read(e->hours.text, e->s.zone.text, &e->s.hours))
		return 0;
	return yaml_wrong(r->err, e->hours,
			  "hours is \"%.*s\", expected from and until, and their zone: 22:00-06:00 Europe/Berlin",
			  (int)(e->hours.text.n < 80 ? e->hours.text.n : 80), e->hours.text.p);
}

/* "env:NAME" or "file:PATH". */
static bool is_elsewhere(struct str s)
{
	struct str name = str_slice(s, strlen("env:"), s.n);

	if (str_starts(s, STR("file:")))
		return s.n > strlen("file:");
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_is_alnum(name.p[i]) && name.p[i] != '_')
			return false;
	return str_starts(s, STR("env:")) && name.n > 0;
}

static int login_secrets_check(struct reading *r, const struct source_login *l, struct yaml_text place)
{
	bool user_is_plain = !str_starts(l->user.text, STR("env:")) && !str_starts(l->user.text, STR("file:"));

	if (!given(l->user))
		return yaml_wrong(r->err, place, "login.user is missing, expected a name, env:NAME or file:PATH");
	if (!user_is_plain && !is_elsewhere(l->user.text))
		return yaml_wrong(r->err, l->user, "login.user names nothing, expected a name, env:NAME or file:PATH");
	if (!given(l->password) || !is_elsewhere(l->password.text)) /* it is not repeated: it may be one */
		return yaml_wrong(
			r->err, given(l->password) ? l->password : place,
			"login.password does not say where the password is, expected env:NAME or file:PATH, never itself");
	return 0;
}

static int login_check(struct reading *r, struct entry *e)
{
	struct source_login *l = &e->s.login;
	int result = address_check(r, e, "login.url", &l->url);
	struct url url;

	if (result < 0 || (!given(l->url) && !given(l->user) && !given(l->password) && !given(l->signed_in)))
		return result;
	if (!given(l->url))
		return yaml_wrong(r->err, e->place, "login.url is missing, expected the address of the page with the form");
	if (url_parse(r->a, l->url.text, (struct str){ 0 }, &url, NULL) == 0 && !login_is_private(&url))
		return yaml_wrong(r->err, l->url,
				  "login.url would send a password over plain http, expected https://, or an .onion address");
	if (login_secrets_check(r, l, l->url) < 0)
		return E_USAGE;
	if (!given(l->signed_in))
		return yaml_wrong(r->err, l->url,
				  "login.signed_in is missing, expected an XPath that holds on pages that show that we are in");
	result = xpath_field(r, "login.form", l->form);
	result = result < 0 ? result : xpath_field(r, "login.signed_in", l->signed_in);
	return result < 0 ? result : xpath_field(r, "login.wall", l->wall);
}

/* What one field asks of another. */
static int whole_check(struct reading *r, const struct entry *e)
{
	const struct source *s = &e->s;

	if (!given(s->name))
		return yaml_wrong(r->err, e->place, "name is missing, expected a name for this source");
	if (s->followed && !given(s->raw))
		return yaml_wrong(r->err, e->place,
				  "%.*s is followed without raw, expected the address of a text: {key} or {href} in it",
				  STR_ARG(s->name.text));
	if (!given(s->listing) && !given(s->feed) && s->json.n == 0 && s->files.n == 0 && !s->followed && !source_is_local(s) &&
	    (s->enabled || !given(s->off)))
		return yaml_wrong(r->err, e->place,
				  "%.*s has no address to start from, expected listing, feed, json, files, folder or file",
				  STR_ARG(s->name.text));
	if (given(s->listing) && !given(s->links))
		return yaml_wrong(r->err, s->listing, "a listing without links, expected an XPath to the posts' addresses");
	if (s->json.n && !given(s->links) && !given(s->post.item))
		return yaml_wrong(r->err, s->json.items[0],
				  "nothing is read from the JSON, expected post (with item) or links");
	if (given(s->links) && !given(s->raw) && !given(s->post.item))
		return yaml_wrong(r->err, s->links,
				  "links lead nowhere, expected raw (the address of a text) or post (with item) beside them");
	if (given(s->activity) && !given(s->links))
		return yaml_wrong(r->err, s->activity, "activity stands beside no link, expected links with it");
	if (local_check(r, s) < 0)
		return E_USAGE;
	if (given(s->post.text) && !given(s->post.item))
		return yaml_wrong(r->err, s->post.text, "post has no item, expected an XPath to each post's element");
	if (given(s->raw) && str_find(s->raw.text, STR("{key}")) < 0 && str_find(s->raw.text, STR("{href}")) < 0)
		return yaml_wrong(r->err, s->raw, "raw is the same for every post, expected {key} or {href} in it");
	if (given(s->ignore_robots) && !given(s->operator_name))
		return yaml_wrong(r->err, s->ignore_robots,
				  "robots.txt is overridden by nobody, expected operator: WHO DECIDED IT");
	if (given(s->zone) && !zone_is_known(s->zone.text))
		return yaml_wrong(r->err, s->zone, "zone is \"%.*s\", expected +hh:mm, -hh:mm or a name such as Europe/Berlin",
				  (int)(s->zone.text.n < 80 ? s->zone.text.n : 80), s->zone.text.p);
	if (pin_check(r, s->pin) < 0)
		return E_USAGE;
	if (s->every_ms <= 0)
		return yaml_wrong(r->err, e->place, "every is 0, expected a duration such as 30s or 5m");
	return source_name_check(r, s->name, "name");
}

int source_signs_check(struct reading *r, const struct entry *e)
{
	struct err why = { 0 };

	for (size_t i = 0; i < e->recognise.n; i++)
		if (recognise_check(r->a, e->recognise.items[i].text, &why) < 0)
			return yaml_wrong(r->err, e->recognise.items[i], "recognise: %.250s", why.text);
	return xpath_field(r, "home", e->home);
}

int source_check(struct reading *r, struct entry *e)
{
	int result = addresses_check(r, e);

	result = result < 0 ? result : login_check(r, e);
	result = result < 0 ? result : xpaths_check(r, &e->s);
	result = result < 0 ? result : every_read(r, e);
	result = result < 0 ? result : visits_read(r, e);
	return result < 0 ? result : whole_check(r, e);
}
