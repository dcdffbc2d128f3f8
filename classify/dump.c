/* dump.c - what is leaked line by line: which reader a line is shown to, and what the credentials among them weigh */
/* Hot: every line of every post is counted for signs once; what holds none of them goes on to the next. */
#include "classify/dump.h"

#include <string.h>

#include "base/limits.h"
#include "classify/credential.h"
#include "classify/listing.h"
#include "classify/records.h"
#include "classify/seed.h"
#include "classify/sheet.h"
#include "classify/sql.h"
#include "classify/stealer.h"
#include "classify/tally.h"
#include "classify/validate.h"

enum {
	LINE = 600,    /* longer lines are prose or code */
	LEAST = 7,     /* a@b.c:d is no credential */
	PAIRS = 4,     /* lines of name and password that are a list */
	AGAINST = 160, /* bytes before a hash in which words say what else it is */
};

static const struct {
	const char *rule, *label, *many;
} shapes[CREDENTIAL_SHAPES] = {
	[CREDENTIAL_MAIL] = { "credential-line", "mail address with password", "lines of mail address and password" },
	[CREDENTIAL_URL] = { "url-login-password", "address, login and password", "lines of address, login and password" },
	[CREDENTIAL_HASH] = { "user-hash", "login with password hash", "lines of login and password hash" },
	[CREDENTIAL_RECORD] = { "stealer-record", "record of address, login and password",
				"records of address, login and password" },
	[CREDENTIAL_PAIR] = { "login-password-list", "login with password in a list", "lines of login and password" },
	[CREDENTIAL_ROW] = { "credential-row", "row with login and password", "rows with login and password" },
};

/* Lines of name:password, one below the other. */
struct pairs {
	size_t n, plausible, repeated, start, end;
	uint32_t last; /* login, hashed */
};

struct dump {
	struct found *found;
	const struct assets *assets;
	struct credential_memory memory;
	struct sheet sheet;
	const char *maker; /* of the export whose rows were read */
	struct stealer stealer;
	struct records records;
	struct seed seed;
	struct sql sql;
	struct listing listing;
	struct tallies domains;
	struct pairs pairs;
	size_t count[CREDENTIAL_SHAPES], plausible, strong, doubted, examples, empty, lines, n_owned;
};

static struct span span_in(const struct dump *d, struct str s)
{
	size_t start = (size_t)(s.p - d->found->text.p);

	return s.n ? found_span(d->found, start, start + s.n) : (struct span){ 0 };
}

/* What must not be stored of a login: all of a name, of a mail address what stands before the domain. */
static struct str private_part(struct str login)
{
	const char *at = login.n ? memchr(login.p, '@', login.n) : NULL;

	return at ? str_slice(login, 0, (size_t)(at - login.p)) : login;
}

/* The same, as it stands in the text. */
static struct str account_of(const struct credential *c)
{
	return private_part(c->account.n ? c->account : c->login);
}

static bool is_inside(const char *p, struct str s)
{
	return s.n && p >= s.p && p < s.p + s.n;
}

/* The line as a report may show it: nothing of the password, of the login its first letter. */
static struct str mask(struct dump *d, const struct credential *c)
{
	enum { SHOWN = 100 };
	char *out = arena_alloc(d->found->a, SHOWN);
	struct str account = account_of(c);
	size_t n = 0;

	for (size_t i = 0; i < c->whole.n && n < SHOWN; i++) {
		const char *p = c->whole.p + i;
		unsigned char b = (unsigned char)*p;

		if (is_inside(p, c->secret) || (is_inside(p, account) && p != account.p))
			b = '*';
		out[n++] = (char)(b < 0x20 || b >= 0x7f ? '.' : b);
	}
	return (struct str){ out, n };
}

/* "of 8 characters, letters and digits": all that is ever said of a password. */
static struct str shape_of(struct dump *d, struct str secret)
{
	size_t letters = line_letters(secret), digits = line_digits(secret);
	bool signs = letters + digits < secret.n;

	if (line_is_hash(secret))
		return arena_printf(d->found->a, "a hash of %zu characters", secret.n);
	return arena_printf(d->found->a, "a password of %zu characters (%s%s%s%s%s)", secret.n, letters ? "letters" : "",
			    letters && digits ? ", " : "", digits ? "digits" : "", (letters || digits) && signs ? ", " : "",
			    signs ? "signs" : "");
}

/* A word near a hash that says it is the digest of a file or of code; NULL for none. */
static const char *other_use(const struct dump *d, const struct credential *c)
{
	static const char *const words[] = { "commit",	  "checksum", "sha256sum", "sha1sum", "md5sum",	   "etag",
					     "integrity", "digest",   "git",	   "blob",    "sha256",	   "sha512",
					     "sha1",	  "md5",      "trace",	   "uuid",    "signature", "fingerprint" };
	size_t start = (size_t)(c->whole.p - d->found->text.p);
	struct str near = str_slice(d->found->text, start > AGAINST ? start - AGAINST : 0, start + c->whole.n - c->secret.n);

	if (c->shape != CREDENTIAL_HASH || c->secret.p[0] == '$' || line_mail_domain(c->login).n)
		return NULL;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_find_nocase(near, str_of(words[i])) >= 0)
			return words[i];
	return memchr(c->login.p, '.', c->login.n) ? "the name of a file" : NULL;
}

/* 8-4-4-4-12: a number of something, hardly a password. */
static bool is_uuid(struct str s)
{
	return s.n == 36 && s.p[8] == '-' && s.p[13] == '-' && s.p[18] == '-' && s.p[23] == '-';
}

/* Few lines of domains that documentation uses are an example, many are still a dump. */
static bool is_example_host(const struct credential *c)
{
	return line_is_example_host(line_mail_domain(c->login)) || line_is_example_host(c->host);
}

/* A password that only says where one goes. */
static bool is_example(const struct credential *c)
{
	return c->secret.n < 64 && (validate_template(c->secret) || (is_example_host(c) && validate_placeholder(c->secret)));
}

/* Behind a login stands the number of something, or a word that says where the password goes: told in a sentence, no hit. */
static bool is_no_secret(const struct credential *c)
{
	return is_uuid(c->secret) || is_example(c);
}

static struct str owner_of(const struct dump *d, const struct credential *c)
{
	struct str domain = line_mail_domain(c->login);
	struct str owner = domain.n ? assets_owner(d->assets, domain) : (struct str){ 0 };

	return owner.n || !c->host.n ? owner : assets_owner(d->assets, c->host);
}

static void explain(struct dump *d, const struct credential *c, struct hit *hit, const char *against)
{
	struct found *f = d->found;
	struct str shape = shape_of(d, c->secret);

	hit->masked = mask(d, c);
	if (hit->asset.n)
		hit->why = arena_printf(f->a, "%s: the domain %.*s belongs to %.*s, %.*s", shapes[c->shape].label,
					STR_ARG(c->host), STR_ARG(hit->asset), STR_ARG(shape));
	else
		hit->why = arena_printf(f->a, "%s: the line has this form, %.*s%s%s%s%s", shapes[c->shape].label,
					STR_ARG(shape), c->plausible ? "" : ", but the password is a plain word",
					against ? ", but near it stands \"" : "", against ? against : "", against ? "\"" : "");
}

static void keep(struct dump *d, const struct credential *c)
{
	struct found *f = d->found;
	const char *against = other_use(d, c);
	struct str owner = owner_of(d, c);
	struct hit hit = {
		.gravity = GRAVITY_MEDIUM,
		.rule = str_of(shapes[c->shape].rule),
		.label = str_of(shapes[c->shape].label),
		.kind = STR("credential"),
		.span = span_in(d, c->whole),
		.secret = span_in(d, c->secret),
		.asset = owner,
	};

	if (!owner.n && is_no_secret(c)) {
		d->empty++;
		found_secret(f, span_in(d, account_of(c)));
		found_secret(f, span_in(d, c->secret));
		return;
	}
	d->count[c->shape]++;
	d->doubted += against != NULL;
	d->examples += is_example_host(c) && line_kinds(c->secret) < 3;
	d->plausible += c->plausible && !against;
	d->strong += c->strong;
	d->n_owned += owner.n > 0;
	tallies_add(&d->domains, f->a, line_mail_domain(c->login).n && owner.n ? line_mail_domain(c->login) : c->host,
		    c->login);
	hit.confidence = owner.n ? CONFIDENCE_HIGH : c->plausible && !against ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
	if (f->out->n_hits < LIMIT_HITS)
		explain(d, c, &hit, against);
	found_secret(f, span_in(d, account_of(c)));
	found_hit(f, &hit);
}

static bool has_small(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'a' && s.p[i] <= 'z')
			return true;
	return false;
}

/* name:password without a domain: one such line may be anything, a list of them is a list of accounts. */
static bool read_pair(struct str line, struct credential *c)
{
	size_t colon = line_until(line, 0, ":");

	*c = (struct credential){ .shape = CREDENTIAL_PAIR, .whole = line };
	c->login = str_slice(line, 0, colon);
	c->secret = str_slice(line, colon + 1, line.n);
	if (c->login.n < 3 || c->login.n > 40 || line_until(c->login, 0, " /\\\"'<>(){}[]=#*,;") < c->login.n ||
	    !line_letters(c->login) || !line_is_password(c->secret) || line_until(c->secret, 0, "\"'<>()[];,") < c->secret.n ||
	    c->secret.n > 40)
		return false;
	c->plausible = has_small(c->secret) &&
		       (line_kinds(c->secret) >= 3 ||
			(line_kinds(c->secret) == 2 && line_digits(c->secret) && line_letters(c->secret) >= 3));
	return true;
}

/* Lists of such lines are kept when they end: most of the passwords must look like some, and no two logins be the same. */
static void end_pairs(struct dump *d)
{
	struct pairs *p = &d->pairs;
	struct str rest = str_slice(d->found->text, p->start, p->end), line;
	struct credential c;

	if (p->n >= PAIRS && p->plausible * 10 >= p->n * 7 && p->repeated * 5 < p->n)
		while (str_split(&rest, '\n', &line))
			if (read_pair(line_peel(str_trim(line)), &c))
				keep(d, &c);
	*p = (struct pairs){ 0 };
}

static void see_pair(struct dump *d, struct str line)
{
	struct pairs *p = &d->pairs;
	struct credential c;
	uint32_t login;

	if (!read_pair(line, &c)) {
		end_pairs(d);
		return;
	}
	login = line_hash(c.login);
	if (p->n == 0)
		p->start = (size_t)(line.p - d->found->text.p);
	p->end = (size_t)(line.p - d->found->text.p) + line.n;
	p->repeated += login == p->last;
	p->last = login;
	p->plausible += c.plausible;
	p->n++;
}

/* A line written so that nothing in it is a link, put back: where each of its bytes stood. */
struct refanged {
	char text[LINE];
	uint16_t from[LINE + 1];
	size_t n;
};

/* "[.]", "(at)", "hxxp": true when there was such a thing. */
static bool refang(struct str line, struct refanged *out)
{
	static const struct {
		const char *written;
		const char *meant;
	} ways[] = { { "[.]", "." }, { "(.)", "." },  { "[dot]", "." }, { "(dot)", "." }, { "[@]", "@" },
		     { "(@)", "@" }, { "[at]", "@" }, { "(at)", "@" },	{ "[:]", ":" },	  { "hxxp", "http" } };
	bool changed = false;

	out->n = 0;
	for (size_t i = 0; i < line.n;) {
		size_t way = 0;

		while (way < sizeof(ways) / sizeof(*ways) &&
		       (!strchr("[(h", line.p[i]) || !str_starts(str_slice(line, i, line.n), str_of(ways[way].written))))
			way++;
		if (way == sizeof(ways) / sizeof(*ways)) {
			out->from[out->n] = (uint16_t)i;
			out->text[out->n++] = line.p[i++];
			continue;
		}
		for (const char *p = ways[way].meant; *p; p++) {
			out->from[out->n] = (uint16_t)i;
			out->text[out->n++] = *p;
		}
		i += strlen(ways[way].written);
		changed = true;
	}
	out->from[out->n] = (uint16_t)line.n;
	return changed;
}

/* The piece of the text that a piece of the line put back came from. */
static struct str origin(const struct refanged *r, struct str line, struct str piece)
{
	size_t at = piece.n ? (size_t)(piece.p - r->text) : 0;

	return piece.n ? str_slice(line, r->from[at], r->from[at + piece.n]) : piece;
}

/* A login and a password in a line whose links were made harmless. Its domain and login are kept as they are meant. */
static bool read_defanged(struct dump *d, struct str line, struct credential *c)
{
	struct refanged *r = arena_alloc(d->found->a, sizeof(*r));
	struct str meant;
	struct census census;

	if (!refang(line, r))
		return false;
	meant = (struct str){ r->text, r->n };
	census = line_census(meant);
	if (!credential_read(meant, &census, &d->memory, c))
		return false;
	c->secret = origin(r, line, c->secret);
	c->whole = origin(r, line, c->whole);
	c->account = origin(r, line, c->login);
	return true;
}

/* "[.]", "[@]", "[dot]" ..., or an address that begins with hxxp. */
static bool may_be_defanged(struct str line)
{
	const char *p = memchr(line.p, '[', line.n), *end = line.p + line.n;

	if (str_starts(line, STR("hxxp")))
		return true;
	for (; p && p + 2 < end; p = memchr(p + 1, '[', (size_t)(end - p) - 1))
		if (strchr(".@:", p[1]) ? p[2] == ']' : (p[1] == 'd' && p[2] == 'o') || (p[1] == 'a' && p[2] == 't'))
			return true;
	return false;
}

/* {"id": 1, "content": "a line\\n"}: a post of one line, as an interface gave it. */
static void read_content(struct dump *d, struct str line)
{
	size_t end = line.n, start;
	struct credential c;
	struct census census;

	while (end > 0 && line.p[end - 1] != '"')
		end--;
	for (start = end ? end - 1 : 0; start > 0 && line.p[start - 1] != '"';)
		start--;
	line = str_slice(line, start, end ? end - 1 : 0);
	if (str_ends(line, STR("\\n")))
		line.n -= 2;
	if (line.n < LEAST || memchr(line.p, '\\', line.n))
		return;
	census = line_census(line);
	if ((census.at || census.colon || census.bar) && credential_read(line, &census, &d->memory, &c))
		keep(d, &c);
}

/* Show a line to the readers of credentials, the surer ones first. */
static void read_credential(struct dump *d, struct str line, const struct census *census)
{
	struct credential c;

	if (line.n <= LINE && line.n > LEAST && line.p[0] == '<' && stealer_xml(line, &c)) {
		keep(d, &c);
		return;
	}
	line = line_peel(line);
	if (sheet_line(&d->sheet, line, census, &c)) {
		d->maker = d->sheet.maker;
		keep(d, &c);
		return;
	}
	if (line.n < LEAST || line.n > LINE)
		return;
	if ((census->colon || census->equals) && stealer_line(&d->stealer, line, &c))
		keep(d, &c);
	else if (census->quote >= 8 && census->colon >= 2 && stealer_json(line, &c))
		keep(d, &c);
	else if ((census->at || census->colon || census->bar || census->tab || census->semicolon) &&
		 credential_read(line, census, &d->memory, &c))
		keep(d, &c);
	else if (may_be_defanged(line) && read_defanged(d, line, &c))
		keep(d, &c);
	else if (line.p[0] == '{')
		read_content(d, line);
	else if (census->colon == 1 && !census->at)
		see_pair(d, line);
}

static void read_line(struct dump *d, struct str line)
{
	struct census census;

	d->lines += line.n > 0;
	if (sql_line(&d->sql, line))
		return;
	census = line_census(line);
	if (census.colon || census.at || census.bar || census.tab || census.semicolon || census.comma || census.equals ||
	    d->sheet.separator)
		read_credential(d, line, &census);
	else
		stealer_file(&d->stealer, line);
	records_line(&d->records, line, &census);
	if ((!census.comma || census.quote) && !census.bar && !census.at)
		seed_line(&d->seed, line_peel(line));
}

static size_t total(const struct dump *d)
{
	size_t n = 0;

	for (int i = 0; i < CREDENTIAL_SHAPES; i++)
		n += d->count[i];
	return n;
}

/* A few lines may be a signature or a how-to; many, or most of the text, are a dump. */
static double weight_of(const struct dump *d)
{
	size_t n = total(d);
	size_t sure = d->count[CREDENTIAL_URL] + d->count[CREDENTIAL_RECORD] + d->count[CREDENTIAL_ROW];

	if (d->n_owned)
		return 0.9;
	if (d->doubted * 2 > n)
		return n >= 5 ? 0.45 : 0.15;
	if (n < 3 && d->examples == n)
		return 0.3;
	if (n >= 5 || (n >= 3 && 2 * n >= d->lines))
		return 2 * d->plausible >= n ? 0.95 : 0.7;
	if ((sure && d->plausible) || n >= 3)
		return 0.75;
	return d->strong ? 0.55 : d->plausible ? (2 * n >= d->lines ? 0.6 : 0.45) : 0.15;
}

static void say_counts(struct dump *d)
{
	struct found *f = d->found;

	for (int i = 0; i < CREDENTIAL_SHAPES; i++)
		if (d->count[i] > 1)
			found_reason(
				f, arena_printf(
					   f->a, "credential dump: %zu %s, %zu%s different domains, %zu%s different accounts",
					   d->count[i], shapes[i].many, d->domains.n_domains, d->domains.full ? " or more" : "",
					   d->domains.n_accounts, d->domains.full ? " or less" : ""));
	if (d->maker)
		found_reason(f, arena_printf(f->a, "export of passwords, as %s writes it", d->maker));
	if (d->domains.n_domains && total(d) > 1)
		found_reason(f, arena_printf(f->a, "domains with most lines: %.*s", STR_ARG(tallies_sentence(&d->domains, f))));
	if (total(d) < 3 && d->examples == total(d))
		found_reason(f, STR("the credentials are of domains that documentation uses: they weigh less"));
	if (d->doubted)
		found_reason(f, arena_printf(f->a, "%zu of the lines weigh less: digests of something else", d->doubted));
}

static void on_row(void *whose, const struct credential *c)
{
	keep(whose, c);
}

void dump_scan(const struct assets *assets, struct found *found)
{
	struct dump d = { .found = found,
			  .assets = assets,
			  .records = { .found = found },
			  .listing = { .found = found },
			  .stealer = { .found = found } };
	d.sql = (struct sql){ .found = found, .listener = { on_row, &d } };
	seed_init(&d.seed, found);
	for (struct str rest = found->text; rest.n;) {
		const char *end = memchr(rest.p, '\n', rest.n);
		struct str line = { rest.p, end ? (size_t)(end - rest.p) : rest.n };

		rest = str_slice(rest, line.n + 1, rest.n);
		listing_line(&d.listing, line);
		if (line.n && (ascii_is_space(line.p[0]) || ascii_is_space(line.p[line.n - 1])))
			line = str_trim(line);
		read_line(&d, line);
	}
	end_pairs(&d);
	records_finish(&d.records);
	seed_finish(&d.seed);
	stealer_finish(&d.stealer);
	sql_finish(&d.sql);
	listing_finish(&d.listing);
	if (d.empty) {
		found_weigh(found, CATEGORY_LEAK, 0.1);
		found_reason(found, arena_printf(found->a,
						 "%zu of the lines have the form of a credential, but hold an example, or "
						 "the number of something (UUID)",
						 d.empty));
	}
	if (total(&d) == 0)
		return;
	found_weigh(found, CATEGORY_LEAK, weight_of(&d));
	tallies_finish(&d.domains, found);
	say_counts(&d);
}
