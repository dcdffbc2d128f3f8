/* stealer.c - logs of password stealers */
/* Hot: a line without a colon, or without a label that is known, costs a look-up. */
#include "classify/stealer.h"

#include <string.h>

enum {
	RECORD_LINES = 8, /* a record's fields stand within so many lines */
	FAR = 12,	  /* lines between two that describe one machine */
	LEAST_MARKERS = 4,
	LABEL_MOST = 32,
};

enum family { REDLINE, META, LUMMA, VIDAR, RACCOON, STEALC, RISEPRO, RHADAMANTHYS, AMOS, AZORULT, WHITESNAKE, FAMILIES };

static const char *const family_names[FAMILIES] = { "RedLine", "Meta",	       "Lumma", "Vidar",   "Raccoon",	"StealC",
						    "RisePro", "Rhadamanthys", "AMOS",	"Azorult", "WhiteSnake" };

/* Words by which the makers name themselves in their logs. */
static const struct {
	const char *word;
	enum family family;
} names[] = {
	{ "redline", REDLINE }, { "metastealer", META }, { "meta stealer", META },
	{ "lumma", LUMMA },	{ "vidar", VIDAR },	 { "raccoon", RACCOON },
	{ "stealc", STEALC },	{ "risepro", RISEPRO },	 { "rhadamanthys", RHADAMANTHYS },
	{ "amos", AMOS },	{ "azorult", AZORULT },	 { "whitesnake", WHITESNAKE },
};

enum { URL = 1, LOGIN, PASSWORD, MARKER };

#define ALL 0xff /* no family */

/* Labels in byte order, small letters: what the line holds, and of which family it is typical. */
static const struct label {
	const char *name;
	unsigned char kind, family;
} labels[] = {
	{ "anti-viruses", MARKER, REDLINE },
	{ "antivirus", MARKER, ALL },
	{ "architecture", MARKER, ALL },
	{ "available keyboardlayouts", MARKER, REDLINE },
	{ "avs", MARKER, VIDAR },
	{ "bot_id", MARKER, RACCOON },
	{ "build", MARKER, RISEPRO },
	{ "build id", MARKER, REDLINE },
	{ "computer", MARKER, ALL },
	{ "computer name", MARKER, ALL },
	{ "computername", MARKER, ALL },
	{ "configuration", MARKER, LUMMA },
	{ "country", MARKER, ALL },
	{ "cpu", MARKER, ALL },
	{ "cpu name", MARKER, ALL },
	{ "current language", MARKER, REDLINE },
	{ "display resolution", MARKER, ALL },
	{ "display size", MARKER, RACCOON },
	{ "e-mail", LOGIN, ALL },
	{ "elevated", MARKER, LUMMA },
	{ "email", LOGIN, ALL },
	{ "filelocation", MARKER, REDLINE },
	{ "gpu", MARKER, ALL },
	{ "guid", MARKER, VIDAR },
	{ "host", URL, ALL },
	{ "hostname", URL, ALL },
	{ "hwid", MARKER, ALL },
	{ "install date", MARKER, ALL },
	{ "ip", MARKER, ALL },
	{ "ip address", MARKER, ALL },
	{ "keyboard languages", MARKER, ALL },
	{ "keyboards", MARKER, ALL },
	{ "launch time", MARKER, RISEPRO },
	{ "lid", MARKER, LUMMA },
	{ "lid(lumma id)", MARKER, LUMMA },
	{ "link", URL, ALL },
	{ "local date", MARKER, LUMMA },
	{ "local time", MARKER, ALL },
	{ "locale", MARKER, RACCOON },
	{ "location", MARKER, ALL },
	{ "log date", MARKER, REDLINE },
	{ "login", LOGIN, ALL },
	{ "machine id", MARKER, ALL },
	{ "machineguid", MARKER, RACCOON },
	{ "machineid", MARKER, VIDAR },
	{ "machinename", MARKER, REDLINE },
	{ "mail", LOGIN, ALL },
	{ "netbios", MARKER, LUMMA },
	{ "operating system", MARKER, ALL },
	{ "operation system", MARKER, REDLINE },
	{ "origin", URL, ALL },
	{ "origin_url", URL, ALL },
	{ "os", MARKER, ALL },
	{ "os version", MARKER, ALL },
	{ "pass", PASSWORD, ALL },
	{ "passwd", PASSWORD, ALL },
	{ "password", PASSWORD, ALL },
	{ "path", MARKER, ALL },
	{ "physical installed memory", MARKER, LUMMA },
	{ "process elevation", MARKER, REDLINE },
	{ "processor", MARKER, ALL },
	{ "product key", MARKER, ALL },
	{ "pwd", PASSWORD, ALL },
	{ "ram", MARKER, ALL },
	{ "running path", MARKER, STEALC },
	{ "screen resolution", MARKER, ALL },
	{ "screensize", MARKER, REDLINE },
	{ "site", URL, ALL },
	{ "system language", MARKER, RACCOON },
	{ "threads", MARKER, ALL },
	{ "time zone", MARKER, ALL },
	{ "timezone", MARKER, ALL },
	{ "uac", MARKER, REDLINE },
	{ "url", URL, ALL },
	{ "user", LOGIN, ALL },
	{ "user login", LOGIN, ALL },
	{ "user name", LOGIN, ALL },
	{ "user password", PASSWORD, ALL },
	{ "username", LOGIN, ALL },
	{ "usr", LOGIN, ALL },
	{ "utc", MARKER, STEALC },
	{ "videocard", MARKER, ALL },
	{ "web", URL, ALL },
	{ "website", URL, ALL },
	{ "work dir", MARKER, VIDAR },
	{ "zip code", MARKER, REDLINE },
};
enum { LABELS = sizeof(labels) / sizeof(*labels) };
_Static_assert(LABELS <= 128, "sets of labels are two words of 64 bits");

/* How long labels are that begin with each letter, as bits: most words are told by it. */
static const uint32_t label_lengths[26] = { 0x2001208, 0x160,	0x13188, 0x41000, 0x160, 0x1000,  0x18,	     0x110, 0x1404,
					    0x0,       0x40200, 0x2d78,	 0xe10,	  0x80,	 0x10444, 0x2020b58, 0x0,   0x1008,
					    0x28410,   0x380,	0x2718,	 0x200,	  0x188, 0x0,	  0x0,	     0x100 };

static const struct label *find_label(struct str name)
{
	size_t low = 0, high = LABELS;
	char small[LABEL_MOST + 1];

	if (name.n == 0 || name.n >= LABEL_MOST || !ascii_is_alpha(name.p[0]) ||
	    !(label_lengths[ascii_lower(name.p[0]) - 'a'] >> name.n & 1))
		return NULL;
	for (size_t i = 0; i < name.n; i++)
		small[i] = ascii_lower(name.p[i]);
	small[name.n] = '\0';
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(small, labels[middle].name);

		if (order == 0)
			return &labels[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* "- HWID", "[*] IP", "\"url\"": a label without what stands around it. */
static struct str bare(struct str s)
{
	s = str_trim(s);
	while (s.n && !ascii_is_alpha(s.p[0]))
		s = str_slice(s, 1, s.n);
	while (s.n && !ascii_is_alnum(s.p[s.n - 1]) && s.p[s.n - 1] != ')')
		s.n--;
	return s;
}

/* "label: value" or "label = value": the label that is known; NULL when it is none. */
static const struct label *read_label(struct str line, struct str *value)
{
	size_t most = line.n < LABEL_MOST + 8 ? line.n : LABEL_MOST + 8, at;
	const struct label *label;

	const char *sign = memchr(line.p, ':', most);

	if (!sign)
		sign = memchr(line.p, '=', most);
	if (!sign)
		return NULL;
	at = (size_t)(sign - line.p);
	label = find_label(bare(str_slice(line, 0, at)));
	*value = str_trim(str_slice(line, at + 1, line.n));
	if (value->n && value->p[0] == '>')
		*value = str_trim(str_slice(*value, 1, value->n)); /* => */
	if (value->n && value->p[value->n - 1] == ',')
		value->n--;
	*value = line_unquote(*value);
	return value->n ? label : NULL;
}

static int count_markers(const struct stealer *s)
{
	return __builtin_popcountll(s->markers[0]) + __builtin_popcountll(s->markers[1]);
}

static void see_marker(struct stealer *s, const struct label *label, struct str line)
{
	size_t start = (size_t)(line.p - s->found->text.p);

	if (s->line > s->marker_line + FAR && count_markers(s) < LEAST_MARKERS)
		s->markers[0] = s->markers[1] = 0;
	if (count_markers(s) == 0)
		s->start = start;
	s->markers[(size_t)(label - labels) / 64] |= 1ULL << ((size_t)(label - labels) % 64);
	s->marker_line = s->line;
	s->end = start + line.n;
	if (label->family != ALL)
		s->families |= 1u << label->family;
}

/* A password closes a record when a login stands before it; without an address the login must be one of mail. */
static bool close_record(struct stealer *s, struct str secret, struct credential *out)
{
	struct str domain = line_mail_domain(s->login);

	if (!s->login.n || (!s->host.n && !domain.n) || !line_is_password(secret) || s->line > s->record_line + RECORD_LINES)
		return false;
	*out = (struct credential){
		.shape = CREDENTIAL_RECORD,
		.host = s->host.n ? s->host : domain,
		.login = s->login,
		.secret = secret,
		.whole = str_slice(s->found->text, s->record_start, (size_t)(secret.p - s->found->text.p) + secret.n),
		.plausible = true,
	};
	s->host = s->login = (struct str){ 0 };
	s->records++;
	return true;
}

static void open_record(struct stealer *s, struct str line)
{
	s->record_line = s->line;
	s->record_start = (size_t)(line.p - s->found->text.p);
}

static bool read_field(struct stealer *s, unsigned kind, struct str line, struct str value, struct credential *out)
{
	if (s->line > s->record_line + RECORD_LINES)
		s->host = s->login = (struct str){ 0 };
	if (kind == PASSWORD)
		return close_record(s, value, out);
	if (kind == URL) {
		s->host = line_host_of(value);
		if (!line_is_host(s->host) && !str_starts(value, STR("android://")))
			s->host = (struct str){ 0 };
		s->login = (struct str){ 0 };
		open_record(s, line);
		return false;
	}
	if (value.n <= 100) {
		if (!s->host.n)
			open_record(s, line);
		s->login = value;
	}
	return false;
}

/* Names of the files of a log, and what programs write them. */
static const char *const files[] = { "passwords.txt",	  "autofills",	     "userinformation.txt", "installedsoftware.txt",
				     "processlist.txt",	  "domaindetects",   "importantautofills",  "installedbrowsers.txt",
				     "system.txt",	  "software.txt",    "processes.txt",	    "brute.txt",
				     "cookies",		  "creditcards",     "screenshot.jpg",	    "screenshot.png",
				     "all passwords.txt", "information.txt", "clipboard.txt",	    "filegrabber",
				     "restore.txt",	  "history.txt",     "tokens.txt",	    "wallets" };

static void see_files(struct stealer *s, struct str line)
{
	size_t start = (size_t)(line.p - s->found->text.p);

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		if (str_find_nocase(line, str_of(files[i])) < 0)
			continue;
		if (!s->files)
			s->files_start = start;
		s->files |= 1u << i;
		s->files_end = start + line.n;
	}
}

static bool may_name_file(struct str line)
{
	const char *dot = line.n > 6 && line.n < 200 ? memrchr(line.p, '.', line.n) : NULL;

	return dot && line.p + line.n - dot == 4 && (dot[1] | 32) != 'c' &&
	       (ascii_lower(dot[1]) == 't' || ascii_lower(dot[1]) == 'j' || ascii_lower(dot[1]) == 'p');
}

void stealer_file(struct stealer *s, struct str line)
{
	s->line++;
	if (may_name_file(line))
		see_files(s, line);
}

bool stealer_line(struct stealer *s, struct str line, struct credential *out)
{
	const struct label *label;
	struct str value;

	s->line++;
	if (line.n > 600 || line.n < 4)
		return false;
	label = read_label(line, &value);
	if (!label) {
		if (may_name_file(line))
			see_files(s, line);
		return false;
	}
	if (label->kind == MARKER ||
	    (label->kind == LOGIN && count_markers(s))) /* "User:" is a field of a record and of a machine */
		see_marker(s, label, line);
	return label->kind != MARKER && read_field(s, label->kind, line, value, out);
}

/* ---- one line of JSON ---- */

/* The text between the next pair of quotation marks at `at` or later: where it ends, s.n for none. */
static size_t quoted(struct str s, size_t at, struct str *text)
{
	size_t start = line_until(s, at, "\""), end;

	for (end = start + 1; end < s.n && s.p[end] != '"'; end++)
		end += s.p[end] == '\\';
	if (end >= s.n)
		return s.n;
	*text = str_slice(s, start + 1, end);
	return end + 1;
}

bool stealer_json(struct str line, struct credential *out)
{
	struct str key, value;
	size_t at = 0;

	*out = (struct credential){ .shape = CREDENTIAL_ROW, .whole = line, .plausible = true };
	while ((at = quoted(line, at, &key)) < line.n) {
		const struct label *label = find_label(key);
		size_t colon = at;

		while (colon < line.n && line.p[colon] == ' ')
			colon++;
		if (colon >= line.n || line.p[colon] != ':')
			continue;
		if (str_eq_nocase(key, STR("hash")) || str_eq_nocase(key, STR("password_hash")) ||
		    str_eq_nocase(key, STR("passhash")) || str_eq_nocase(key, STR("encrypted_password")))
			label = find_label(STR("password"));
		if (!label || label->kind == MARKER)
			continue;
		for (colon++; colon < line.n && line.p[colon] == ' ';)
			colon++;
		if (colon >= line.n || line.p[colon] != '"')
			continue;
		value = (struct str){ 0 };
		at = quoted(line, colon, &value);
		if (!value.p)
			break;
		if (label->kind == URL)
			out->host = line_host_of(value);
		else if (label->kind == LOGIN && (!out->login.n || line_mail_domain(value).n))
			out->login = value;
		else if (label->kind == PASSWORD)
			out->secret = value;
	}
	if (line_mail_domain(out->login).n && !out->host.n)
		out->host = line_mail_domain(out->login);
	return out->login.n && (out->host.n || line_is_hash(out->secret)) && line_is_password(out->secret);
}

/* <email>x</email><password>y</password> */
bool stealer_xml(struct str line, struct credential *out)
{
	size_t at = 0;

	*out = (struct credential){ .shape = CREDENTIAL_ROW, .whole = line, .plausible = true };
	while ((at = line_until(line, at, "<")) < line.n) {
		size_t name = at + 1, end = line_until(line, name, ">"), stop = line_until(line, end, "<");
		const struct label *label = end < line.n ? find_label(str_slice(line, name, end)) : NULL;
		struct str value = str_trim(str_slice(line, end + 1, stop));

		at = stop > at ? stop : at + 1;
		if (!label || label->kind == MARKER || !value.n)
			continue;
		if (label->kind == URL)
			out->host = line_host_of(value);
		else if (label->kind == LOGIN && (!out->login.n || line_mail_domain(value).n))
			out->login = value;
		else if (label->kind == PASSWORD)
			out->secret = value;
	}
	if (!out->host.n)
		out->host = line_mail_domain(out->login);
	return out->login.n && out->host.n && line_is_password(out->secret);
}

/* ---- what it was ---- */

/* The family that was named, or the one whose labels stand there. */
static const char *family_of(const struct stealer *s)
{
	const char *family = NULL;
	struct str text = str_slice(s->found->text, 0, 20000);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_find_nocase(text, str_of(names[i].word)) >= 0)
			return family_names[names[i].family];
	for (int i = 0; i < FAMILIES; i++)
		if (s->families >> i & 1) {
			if (family)
				return family; /* the first in the table is the commoner one */
			family = family_names[i];
		}
	return family;
}

static void keep_description(struct stealer *s, const char *family)
{
	struct found *f = s->found;
	struct hit hit = {
		.rule = STR("stealer-system"),
		.label = STR("description of a machine by a password stealer"),
		.kind = STR("credential"),
		.span = found_span(f, s->start, s->end),
		.confidence = count_markers(s) >= 6 ? CONFIDENCE_HIGH : CONFIDENCE_MEDIUM,
		.gravity = GRAVITY_MEDIUM,
	};

	hit.why = arena_printf(f->a, "description of a machine by a password stealer: %d kinds of lines%s%s", count_markers(s),
			       family ? ", as written by " : "", family ? family : "");
	hit.masked = found_sample(f, hit.span, (struct span){ 0 });
	found_hit(f, &hit);
	found_weigh(f, CATEGORY_LEAK, hit.confidence == CONFIDENCE_HIGH ? 0.75 : 0.55);
}

static void keep_folder(struct stealer *s)
{
	struct found *f = s->found;
	struct hit hit = {
		.rule = STR("stealer-folder"),
		.label = STR("folder of a password stealer's log"),
		.kind = STR("credential"),
		.span = found_span(f, s->files_start, s->files_end),
		.confidence = CONFIDENCE_MEDIUM,
		.gravity = GRAVITY_LOW,
	};

	hit.why = arena_printf(f->a, "folder of a password stealer's log: %d of its files are named",
			       __builtin_popcount(s->files));
	hit.masked = found_sample(f, hit.span, (struct span){ 0 });
	found_hit(f, &hit);
	found_weigh(f, CATEGORY_LEAK, 0.55);
}

/* How many of the lines are typical of one family: of the one with most. */
static int typical_markers(const struct stealer *s)
{
	int count[FAMILIES] = { 0 }, most = 0;

	for (size_t i = 0; i < LABELS; i++)
		if (labels[i].family != ALL && s->markers[i / 64] >> (i % 64) & 1)
			count[labels[i].family]++;
	for (int i = 0; i < FAMILIES; i++)
		most = count[i] > most ? count[i] : most;
	return most;
}

/* HWID, Build ID, MachineID ...: what no other list of a machine's properties has. */
static bool has_sure_marker(const struct stealer *s)
{
	static const char *const sure[] = { "hwid",	"machineid",	"machine id", "build id", "bot_id",	  "lid",
					    "log date", "filelocation", "work dir",   "guid",	  "lid(lumma id)" };

	for (size_t i = 0; i < sizeof(sure) / sizeof(*sure); i++) {
		const struct label *label = find_label(str_of(sure[i]));

		if (label && s->markers[(size_t)(label - labels) / 64] >> ((size_t)(label - labels) % 64) & 1)
			return true;
	}
	return typical_markers(s) >= 2;
}

void stealer_finish(struct stealer *s)
{
	bool described = count_markers(s) >= LEAST_MARKERS && has_sure_marker(s);
	const char *family = described || s->records ? family_of(s) : NULL;

	if (described)
		keep_description(s, family);
	if (__builtin_popcount(s->files) >= 3 && (s->files & 0x3f || s->files & 1u << 16))
		keep_folder(s);
	if (family && s->records && !described)
		found_reason(s->found, arena_printf(s->found->a, "log of a password stealer, as written by %s", family));
}
