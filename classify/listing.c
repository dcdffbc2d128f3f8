/* listing.c - lists of files, and spools of mail */
/* Hot: a line is told by its first bytes. */
#include "classify/listing.h"

#include <string.h>

#include "classify/line.h"

enum { LEAST = 4, MOST = 400, MAIL_HEADERS = 3 };

enum program { TAR, LS, UNZIP, DIR, TREE, SEVEN_ZIP, RAR, PROGRAMS };

static const char *const program_names[PROGRAMS] = {
	[TAR] = "tar", [LS] = "ls", [UNZIP] = "unzip", [DIR] = "dir", [TREE] = "tree", [SEVEN_ZIP] = "7-Zip", [RAR] = "rar",
};

static bool is_digits(struct str s, const char *form)
{
	for (size_t i = 0; form[i]; i++)
		if (i >= s.n || (form[i] == '0' ? !ascii_is_digit(s.p[i]) : form[i] != s.p[i]))
			return false;
	return true;
}

/* -rw-r--r--: the mode of a file. */
static bool is_mode(struct str s)
{
	if (s.n < 10 || !strchr("-dlbcsp", s.p[0]))
		return false;
	for (size_t i = 1; i < 10; i++)
		if (!strchr("rwxsStT-", s.p[i]))
			return false;
	return s.n > 10 && (s.p[10] == ' ' || s.p[10] == '+' || s.p[10] == '.');
}

/* What stands behind the mode: owner/group for tar, a number of links for ls. */
static enum program mode_program(struct str line)
{
	size_t at = 10;

	while (at < line.n && !ascii_is_alnum(line.p[at]))
		at++;
	at = line_until(line, at, " /");
	return at < line.n && line.p[at] == '/' ? TAR : LS;
}

/* "  |-- name", "├── name": a branch of a tree. */
static bool is_branch(struct str line)
{
	size_t at = 0;
	bool barred;

	while (at < line.n &&
	       (line.p[at] == ' ' || line.p[at] == '|' || str_starts(str_slice(line, at, line.n), STR("\xe2\x94\x82")) ||
		str_starts(str_slice(line, at, line.n), STR("\xc2\xa0")))) {
		at += line.p[at] == ' ' || line.p[at] == '|' ? 1u : line.p[at] == '\xc2' ? 2u : 3u;
		if (at > 60)
			return false;
	}
	barred = at && line.p[at - 1] == '|'; /* without, it is a comment of SQL or Lua */
	line = str_slice(line, at, line.n);
	return str_starts(line, STR("\xe2\x94\x9c\xe2\x94\x80")) || str_starts(line, STR("\xe2\x94\x94\xe2\x94\x80")) ||
	       (barred && str_starts(line, STR("-- "))) || str_starts(line, STR("`-- ")) ||
	       (str_starts(line, STR("+---")) && line.n > 4 && line.p[4] != '-' && line.p[4] != '+'); /* no border of a table */
}

/* Which program writes an entry of a list so; PROGRAMS for none. */
static enum program program_of(struct str line)
{
	struct str body = str_trim(line);

	if (body.n < 6)
		return PROGRAMS;
	if (is_mode(body))
		return mode_program(body);
	if (is_digits(body, "00/00/0000  00:00") || is_digits(body, "00.00.0000  00:00") ||
	    is_digits(body, "0000-00-00  00:00"))
		return DIR;
	if (is_digits(body, "0000-00-00 00:00:00 ") && body.n > 26 && strchr("D.", body.p[20]) && strchr("RHSA.", body.p[21]))
		return SEVEN_ZIP;
	if (ascii_is_digit(body.p[0])) { /* size, date, time, name */
		size_t at = 0;

		while (at < body.n && ascii_is_digit(body.p[at]))
			at++;
		while (at < body.n && body.p[at] == ' ')
			at++;
		body = str_slice(body, at, body.n);
		if (at > 1 && (is_digits(body, "0000-00-00 00:00 ") || is_digits(body, "00-00-0000 00:00 ") ||
			       is_digits(body, "00-00-00 00:00 ")))
			return UNZIP;
		return PROGRAMS;
	}
	return is_branch(line) ? TREE : PROGRAMS;
}

/* Parts of names that one does not give away. */
static bool is_private_name(struct str line)
{
	static const char *const parts[] = { "salar",	 "payroll", "passport",	   "contract", "confidential", "secret",
					     "password", ".pst",    ".kdbx",	   "backup",   "employee",     "invoice",
					     "budget",	 "legal",   "personnel",   ".sql",     "id_rsa",       ".pem",
					     ".pfx",	 ".p12",    "credentials", "customer", "finance",      "accounting",
					     "tax",	 "hr/",	    "nda",	   "merger",   "shadow",       ".ovpn",
					     ".bak",	 ".mdb",    "crm",	   "medical" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (str_find_nocase(line, str_of(parts[i])) >= 0)
			return true;
	return false;
}

static void see_entry(struct listing *l, enum program program, struct str line)
{
	size_t start = (size_t)(line.p - l->found->text.p), n = 0;

	for (int i = 0; i < PROGRAMS; i++)
		n += l->entries[i];
	if (n == 0)
		l->start = start;
	l->entries[program]++;
	l->end = start + line.n;
	if (n < 2000 && is_private_name(line)) {
		if (l->private_names++ == 0) {
			const char *blank = memrchr(line.p, ' ', line.n);

			l->named = blank ? str_slice(line, (size_t)(blank - line.p) + 1, line.n) : line;
		}
	}
}

/* The headers of a mail; which, as a bit. */
static uint32_t mail_header(struct str line)
{
	static const char *const headers[] = { "Received: ",	 "Message-ID: ",   "Return-Path: ", "Delivered-To: ",
					       "MIME-Version: ", "From: ",	   "To: ",	    "Subject: ",
					       "Date: ",	 "Content-Type: ", "X-Mailer: ",    "X-Originating-IP: ",
					       "Reply-To: ",	 "Cc: ",	   "X-MS-Exchange" };

	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		struct str header = str_of(headers[i]);

		if (str_eq_nocase(str_slice(line, 0, header.n), header))
			return 1u << i;
	}
	return 0;
}

/* From, To, Subject and Date alone are a quotation; a mail as it travelled has more. */
static bool is_travelled(uint32_t header)
{
	return header & 0x1f && __builtin_popcount(header) >= MAIL_HEADERS && header & 0x1e0;
}

static void end_mail(struct listing *l)
{
	l->mails += is_travelled(l->header);
	l->header = 0;
}

static void see_mail(struct listing *l, struct str line)
{
	uint32_t header = mail_header(line);
	size_t start = (size_t)(line.p - l->found->text.p);

	if (str_starts(line, STR("From ")) && memchr(line.p, ':', line.n) && line.n > 20) { /* mbox: "From who when" */
		end_mail(l);
		if (!l->mails)
			l->mail_start = start;
		l->mail_end = start + line.n;
		return;
	}
	if (!header)
		return;
	if (l->header & header & 2) /* another Message-ID */
		end_mail(l);
	if (!l->header && !l->mails)
		l->mail_start = start;
	l->header |= header;
	l->mail_end = start + line.n;
	l->attachments += str_find_nocase(line, STR("attachment")) >= 0;
}

/* Behind its blanks a number, a mode or a branch. */
static bool may_be_entry(struct str line)
{
	size_t at = 0;

	while (at < line.n && line.p[at] == ' ')
		at++;
	return at < line.n &&
	       (ascii_is_digit(line.p[at]) || strchr("|-`+\xe2\xc2", line.p[at]) ||
		(strchr("dlbcsp", line.p[at]) && at + 1 < line.n && (line.p[at + 1] == 'r' || line.p[at + 1] == '-')));
}

void listing_line(struct listing *l, struct str line)
{
	enum program program;

	if (line.n < 6 || line.n > MOST)
		return;
	if (line.p[0] >= 'A' && line.p[0] <= 'Z') {
		if (strchr("RMDFTSCX", line.p[0]))
			see_mail(l, line);
		return;
	}
	if (ascii_is_alpha(line.p[0]) && (!strchr("dlbcsp", line.p[0]) || (line.p[1] != 'r' && line.p[1] != '-')))
		return;
	if (line.p[0] == ' ' && !may_be_entry(line))
		return;
	program = program_of(line);
	if (program < PROGRAMS)
		see_entry(l, program, line);
}

static void keep_list(struct listing *l, enum program program)
{
	struct found *f = l->found;
	bool private = l->private_names > 0;
	struct hit hit = {
		.rule = STR("file-listing"),
		.label = STR("list of files"),
		.kind = STR("file-listing"),
		.span = found_span(f, l->start, l->end),
		.confidence = private ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW,
		.gravity = private ? GRAVITY_LOW : GRAVITY_INFO,
	};

	hit.why = arena_printf(f->a, "list of files, as %s writes it: %zu entries, %zu with names that are not for everybody",
			       program_names[program], l->entries[program], l->private_names);
	if (private)
		hit.why = arena_printf(f->a, "%.*s (\"%.*s\")", STR_ARG(hit.why), (int)(l->named.n < 60 ? l->named.n : 60),
				       l->named.p);
	hit.masked = STR("");
	found_hit(f, &hit);
	found_reason(f, hit.why);
	if (private)
		found_weigh(f, CATEGORY_LEAK, l->private_names >= 3 ? 0.45 : 0.2);
}

static void keep_mail(struct listing *l)
{
	struct found *f = l->found;
	struct hit hit = {
		.rule = STR("mail-spool"),
		.label = STR("mail with its headers"),
		.kind = STR("mail"),
		.span = found_span(f, l->mail_start, l->mail_end),
		.confidence = l->mails > 1 ? CONFIDENCE_HIGH : CONFIDENCE_MEDIUM,
		.gravity = GRAVITY_MEDIUM,
	};

	hit.why = arena_printf(f->a, "mail with the headers of its way: %zu message%s, %zu attachment%s", l->mails,
			       l->mails == 1 ? "" : "s", l->attachments, l->attachments == 1 ? "" : "s");
	hit.masked = STR("");
	found_hit(f, &hit);
	found_reason(f, hit.why);
	found_weigh(f, CATEGORY_LEAK, l->mails > 2 ? 0.7 : l->mails > 1 ? 0.5 : 0.3);
}

void listing_finish(struct listing *l)
{
	size_t best = 0;

	end_mail(l);
	for (size_t i = 1; i < PROGRAMS; i++)
		if (l->entries[i] > l->entries[best])
			best = i;
	if (l->entries[best] >= LEAST)
		keep_list(l, (enum program)best);
	if (l->mails)
		keep_mail(l);
}
