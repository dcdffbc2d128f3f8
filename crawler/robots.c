/* robots.c - may we fetch this path? (RFC 9309) */
#include "crawler/robots.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"

enum {
	LINE = 8 * 2083 - 1, /* bytes of a line that are read; the reference parser's figure */
	ADDRESS = 1 << 17,   /* bytes of an address that are compared */
};

/*
 * Two written forms of one path. `literal` is RFC 9309 2.2.2 without its decoding of needless escapes, which is how the
 * reference parser compares; `plain` decodes them. An allow rule must match the literal form and a disallow rule either,
 * so where the two readings differ we stay away.
 */
struct forms {
	struct str literal, plain;
};

struct rule {
	struct forms path;
	struct str written; /* "disallow: /x" */
	int line;
	bool allows;
};

struct robots {
	struct rule *rules;
	size_t n;
	int64_t delay_ms;
};

enum key { KEY_NONE, KEY_AGENT, KEY_ALLOW, KEY_DISALLOW, KEY_DELAY };

struct line {
	enum key key;
	struct str value;
	int number;
};

/* What is known while the lines are walked. Rules for everybody are dropped once a group of our own is seen. */
struct walk {
	struct arena *a;
	struct str agent;
	struct robots own, others;
	bool seen_own;		/* a group names us */
	bool in_own, in_others; /* the group being read is for us, for everybody */
	bool in_rules;		/* the next user-agent line begins a new group */
};

static bool is_token(char c)
{
	return ascii_is_alpha(c) || c == '_' || c == '-';
}

static struct str token_of(struct str s)
{
	size_t n = 0;

	while (n < s.n && is_token(s.p[n]))
		n++;
	return str_slice(s, 0, n);
}

static enum key key_of(struct str name)
{
	static const struct {
		const char *name;
		enum key key;
	} keys[] = {
		{ "user-agent", KEY_AGENT },  { "useragent", KEY_AGENT },   { "user agent", KEY_AGENT },
		{ "allow", KEY_ALLOW },	      { "disallow", KEY_DISALLOW }, { "dissallow", KEY_DISALLOW },
		{ "dissalow", KEY_DISALLOW }, { "disalow", KEY_DISALLOW },  { "diasllow", KEY_DISALLOW },
		{ "disallaw", KEY_DISALLOW }, { "crawl-delay", KEY_DELAY },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (str_eq_nocase(name, str_of(keys[i].name)))
			return keys[i].key;
	return KEY_NONE;
}

/* Where the name ends: at the colon, or, where somebody forgot it, at the only white space of the line. */
static ssize_t separator_of(struct str s)
{
	ssize_t colon = str_find(s, STR(":"));
	size_t i = 0, end;

	if (colon >= 0)
		return colon;
	while (i < s.n && s.p[i] != ' ' && s.p[i] != '\t')
		i++;
	for (end = i; end < s.n && ascii_is_space(s.p[end]);)
		end++;
	if (end == s.n)
		return -1;
	for (size_t j = end; j < s.n; j++)
		if (ascii_is_space(s.p[j]))
			return -1;
	return (ssize_t)i;
}

static struct line line_read(struct str s, int number)
{
	struct line line = { .number = number };
	ssize_t at = str_find(s, STR("#"));

	s = str_trim(at >= 0 ? str_slice(s, 0, (size_t)at) : s);
	at = separator_of(s);
	if (at < 0)
		return line;
	line.key = key_of(str_trim(str_slice(s, 0, (size_t)at)));
	line.value = str_trim(str_slice(s, (size_t)at + 1, s.n));
	return line;
}

static bool is_unreserved(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static size_t escape_put(char *out, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";

	out[0] = '%';
	out[1] = digits[c >> 4];
	out[2] = digits[c & 15];
	return 3;
}

/*
 * One form, into `out` (three times the room): escapes in upper case, with `encode` bytes beyond ASCII escaped, and with
 * `decode` no escape that stands for an ordinary character.
 */
static struct str form_write(char *out, struct str s, bool decode, bool encode)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool escape = s.p[i] == '%' && i + 2 < s.n && ascii_hex(s.p[i + 1]) >= 0 && ascii_hex(s.p[i + 2]) >= 0;

		if (escape) {
			char c = (char)(ascii_hex(s.p[i + 1]) << 4 | ascii_hex(s.p[i + 2]));

			if (decode && is_unreserved(c))
				out[n++] = c;
			else
				n += escape_put(out + n, (unsigned char)c);
			i += 2;
		} else if (encode && (unsigned char)s.p[i] >= 0x80) {
			n += escape_put(out + n, (unsigned char)s.p[i]);
		} else {
			out[n++] = s.p[i];
		}
	}
	return (struct str){ out, n };
}

static struct str form_of(struct arena *a, struct str s, bool decode)
{
	return form_write(arena_alloc(a, s.n * 3 + 1), s, decode, true);
}

static void rule_keep(struct arena *a, struct robots *r, const struct line *line)
{
	struct rule *rule;

	if (line->value.n == 0) /* RFC 9309 2.2.2: an empty path says nothing */
		return;
	rule = arena_push(a, &r->rules, &r->n, sizeof(*rule));
	rule->allows = line->key == KEY_ALLOW;
	rule->line = line->number;
	rule->written = arena_printf(a, "%s: %.*s", rule->allows ? "allow" : "disallow", STR_ARG(line->value));
	rule->path.literal = form_of(a, line->value, false);
	rule->path.plain = form_of(a, line->value, true);
}

/* Seconds, with at most three places behind the point; nothing else counts. */
static void delay_keep(struct robots *r, struct str value)
{
	ssize_t point = str_find(value, STR("."));
	struct str whole = point >= 0 ? str_slice(value, 0, (size_t)point) : value;
	struct str part = point >= 0 ? str_slice(value, (size_t)point + 1, (size_t)point + 4) : (struct str){ 0 };
	uint64_t seconds = 0, thousandths = 0;

	if (whole.n && !str_number(whole, LIMIT_RETRY_AFTER_MS / 1000, &seconds))
		return;
	if (part.n && !str_number(part, 999, &thousandths))
		return;
	for (size_t i = part.n; i < 3; i++)
		thousandths *= 10;
	r->delay_ms = (int64_t)(seconds * 1000 + thousandths);
}

static void agent_take(struct walk *w, struct str value)
{
	bool everybody = value.n && value.p[0] == '*' && (value.n == 1 || ascii_is_space(value.p[1]));

	if (w->in_rules)
		w->in_own = w->in_others = w->in_rules = false;
	if (everybody)
		w->in_others = true;
	else if (w->agent.n && str_eq_nocase(token_of(value), w->agent))
		w->in_own = w->seen_own = true;
}

static void line_take(struct walk *w, const struct line *line)
{
	switch (line->key) {
	case KEY_NONE: /* RFC 9309 2.2.4: other records never end a group */
		return;
	case KEY_AGENT:
		agent_take(w, line->value);
		return;
	case KEY_DELAY:
		if (w->in_own)
			delay_keep(&w->own, line->value);
		if (w->in_others)
			delay_keep(&w->others, line->value);
		return;
	case KEY_ALLOW:
	case KEY_DISALLOW:
		w->in_rules = true;
		if (w->in_own)
			rule_keep(w->a, &w->own, line);
		if (w->in_others)
			rule_keep(w->a, &w->others, line);
		return;
	}
}

/* Take a line off the front; CR, LF and CR LF all end one. */
static bool line_split(struct str *rest, struct str *line)
{
	size_t n = 0;

	if (rest->n == 0)
		return false;
	while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r')
		n++;
	*line = str_slice(*rest, 0, n);
	if (n + 1 < rest->n && rest->p[n] == '\r' && rest->p[n + 1] == '\n')
		n++;
	*rest = str_slice(*rest, n + 1, rest->n);
	return true;
}

/* The product token of what we call ourselves: "name/1.0" is "name", but "some name" is no token at all. */
static struct str agent_token(struct str agent)
{
	struct str token = token_of(agent);

	return token.n < agent.n && agent.p[token.n] == ' ' ? (struct str){ 0 } : token;
}

/* A byte order mark is no part of the text, and a piece of one is not either. */
static struct str without_mark(struct str text)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t n = 0;

	while (n < 3 && n < text.n && text.p[n] == mark[n])
		n++;
	return str_slice(text, n, text.n);
}

struct robots *robots_parse(struct arena *a, struct str text, struct str agent)
{
	struct walk w = { .a = a, .agent = agent_token(agent) };
	struct robots *r = arena_alloc(a, sizeof(*r));
	struct str rest = without_mark(str_slice(text, 0, LIMIT_ROBOTS)), piece;
	int number = 0;

	while (line_split(&rest, &piece)) {
		struct line line = line_read(str_slice(piece, 0, LINE), ++number);

		line_take(&w, &line);
	}
	*r = w.seen_own ? w.own : w.others;
	return r;
}

/*
 * `*` is any run of characters, `$` at the end the end. Pieces between stars are looked for from left to right, each once:
 * the first place is as good as any later one, so nothing is tried twice.
 */
static bool path_matches(struct str pattern, struct str path)
{
	bool anchored = pattern.n && pattern.p[pattern.n - 1] == '$';
	struct str piece;
	bool first = true, star = false;

	if (anchored)
		pattern.n--;
	while (pattern.n) {
		ssize_t at = str_find(pattern, STR("*"));

		piece = at >= 0 ? str_slice(pattern, 0, (size_t)at) : pattern;
		star = at >= 0;
		pattern = at >= 0 ? str_slice(pattern, (size_t)at + 1, pattern.n) : (struct str){ 0 };
		if (first) {
			if (!str_starts(path, piece))
				return false;
			path = str_slice(path, piece.n, path.n);
		} else if (anchored && !star) { /* the last piece stands at the very end */
			return str_ends(path, piece);
		} else {
			at = str_find(path, piece);
			if (at < 0)
				return false;
			path = str_slice(path, (size_t)at + piece.n, path.n);
		}
		first = false;
	}
	return !anchored || star || path.n == 0;
}

/* The reference parser reads "allow: /x/index.html" also as "allow: /x/$". */
static struct str without_index(struct str pattern)
{
	ssize_t at = str_find(pattern, STR("/index.htm"));

	return at >= 0 && str_find(pattern, STR("*")) < 0 ? str_slice(pattern, 0, (size_t)at + 1) : (struct str){ 0 };
}

static bool rule_matches(const struct rule *rule, const struct forms *path)
{
	struct str folder;

	if (path_matches(rule->path.literal, path->literal))
		return true;
	if (!rule->allows)
		return path_matches(rule->path.plain, path->plain);
	folder = without_index(rule->path.literal);
	return folder.n && str_eq(folder, path->literal);
}

/* Path and query of an address; may begin with ? or be empty. */
static struct str path_of(struct str url)
{
	ssize_t at = str_find(url, STR("://"));
	size_t i = at >= 0 ? (size_t)at + 3 : 0;
	ssize_t fragment = str_find(url, STR("#"));

	if (fragment >= 0)
		url = str_slice(url, 0, (size_t)fragment);
	while (i < url.n && url.p[i] != '/' && url.p[i] != '?' && url.p[i] != ';')
		i++;
	return str_slice(url, i, url.n);
}

/* The longest rule wins; among equals, allow (RFC 9309 2.2.2). */
static const struct rule *rule_for(const struct robots *r, const struct forms *path)
{
	const struct rule *best = NULL;

	for (size_t i = 0; i < r->n; i++) {
		const struct rule *rule = &r->rules[i];
		size_t n = rule->path.literal.n;

		if (best && n < best->path.literal.n)
			continue;
		if (best && n == best->path.literal.n && (best->allows || !rule->allows))
			continue;
		if (rule_matches(rule, path))
			best = rule;
	}
	return best;
}

/* One form of an address's path, which begins with a slash even where nobody wrote it. */
static struct str path_form(char *room, struct str path, bool plain)
{
	bool slash = path.n == 0 || path.p[0] != '/';
	struct str form = form_write(room + slash, path, plain, plain);

	room[0] = '/';
	return (struct str){ room, form.n + slash };
}

/* `room` holds six bytes for each of the path, and two. */
static bool path_allowed(const struct robots *r, struct str path, char *room, struct robots_answer *answer)
{
	struct forms forms = { path_form(room, path, false), path_form(room + 3 * path.n + 1, path, true) };
	const struct rule *rule;

	rule = str_eq(forms.plain, STR("/robots.txt")) ? NULL : rule_for(r, &forms);
	if (answer)
		*answer = rule ? (struct robots_answer){ rule->allows, rule->line, rule->written }
			       : (struct robots_answer){ .allowed = true };
	return !rule || rule->allows;
}

bool robots_allows(const struct robots *r, struct str url, struct robots_answer *answer)
{
	struct str path = path_of(str_slice(url, 0, ADDRESS));
	char room[6 * LIMIT_URL + 2], *larger;
	bool allowed;

	if (path.n <= LIMIT_URL)
		return path_allowed(r, path, room, answer);
	larger = must_alloc(6, path.n + 1); /* only `stage` asks about such addresses */
	allowed = path_allowed(r, path, larger, answer);
	free(larger);
	return allowed;
}

int64_t robots_delay_ms(const struct robots *r)
{
	return r->delay_ms;
}
