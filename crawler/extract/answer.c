/* answer.c - what came back by mail */
#include "crawler/extract/answer.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/mail.h"

enum {
	ID = 128, /* bytes of a Message-ID of ours before the @; they have 32 */
	IDS = 64, /* Message-IDs that are looked at; a report holds two, one of a forwarded mail some more */
};

/* U+FFFD has three bytes where a wrong one had one. */
static struct str clean(struct arena *a, struct str s)
{
	size_t replaced;

	return utf8_clean(a, str_slice(s, 0, LIMIT_FIELD / 3), &replaced);
}

static struct str header(struct arena *a, const struct mail *m, const char *name)
{
	return str_trim(mail_header_text(a, m->headers, name));
}

/* RFC 3834 2, and what programs from before it write. A person's mail has none of them. */
static bool is_automatic(struct arena *a, const struct mail *m)
{
	static const char *const said[] = { "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id" };
	static const char *const precedences[] = { "bulk", "junk", "list", "auto_reply" };
	struct str submitted = header(a, m, "Auto-Submitted"), precedence = header(a, m, "Precedence");

	if (submitted.n && !str_eq_nocase(submitted, STR("no")))
		return true;
	for (size_t i = 0; i < sizeof(precedences) / sizeof(precedences[0]); i++)
		if (str_eq_nocase(precedence, str_of(precedences[i])))
			return true;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if (header(a, m, said[i]).n)
			return true;
	return str_eq(header(a, m, "Return-Path"), STR("<>"));
}

static const struct mail_part *report_of(const struct mail *m)
{
	for (size_t i = 0; i < m->n_parts; i++)
		if (!m->parts[i].nested && str_eq(m->parts[i].type, STR("message/delivery-status")))
			return &m->parts[i];
	return NULL;
}

/* "rfc822; who@example.com" (RFC 3464 2.3.2), with or without <>. */
static struct str typed_address(struct arena *a, struct str value)
{
	ssize_t semicolon = str_find(value, STR(";"));

	return clean(a, mail_address(str_trim(str_slice(value, (size_t)(semicolon + 1), value.n))));
}

/* The groups of fields are parted by empty lines; the first is about the mail, each other one about a recipient. */
static bool take_group(struct str *rest, struct str *group)
{
	size_t n = 0;
	bool blank = true, any = false;

	for (; n < rest->n; n++) {
		if (rest->p[n] == '\n' && blank && any)
			break;
		if (rest->p[n] == '\n') {
			blank = true;
		} else if (rest->p[n] != '\r') {
			blank = false;
			any = true;
		}
	}
	*group = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n, rest->n);
	return any;
}

/* Without the empty lines before it. */
static struct str fields_of(struct str group)
{
	while (group.n && (group.p[0] == '\r' || group.p[0] == '\n'))
		group = str_slice(group, 1, group.n);
	return group;
}

/* The first recipient that was not reached: one of ours has one. False when all were, or it says nothing. */
static bool read_groups(struct arena *a, struct str report, struct answer *out)
{
	struct str group;

	while (take_group(&report, &group)) {
		struct str fields = fields_of(group), action = str_trim(mail_header(a, fields, "Action"));
		bool failed = str_eq_nocase(action, STR("failed"));

		if (!failed && !str_eq_nocase(action, STR("delayed")))
			continue;
		out->kind = failed ? ANSWER_FAILED : ANSWER_DELAYED;
		out->status = clean(a, str_trim(mail_header(a, fields, "Status")));
		out->address = typed_address(a, mail_header(a, fields, "Original-Recipient"));
		if (out->address.n == 0)
			out->address = typed_address(a, mail_header(a, fields, "Final-Recipient"));
		return true;
	}
	return false;
}

static bool begins_line(struct str s, size_t at)
{
	return at == 0 || s.p[at - 1] == '\n';
}

/* A report holds the mail that it is about, or its headers: of all Message-IDs, the last is that mail's. */
static struct str reported_message(struct arena *a, struct str bytes)
{
	const struct str name = STR("Message-ID:");
	struct str found = { 0 };
	size_t n = 0;
	ssize_t next;

	for (size_t at = 0; n < IDS && (next = str_find_nocase(str_slice(bytes, at, bytes.n), name)) >= 0;
	     at += (size_t)next + name.n) {
		size_t begin = at + (size_t)next;
		struct str id, value = str_slice(bytes, begin, begin + name.n + 4 * ID);
		ssize_t end;

		if (!begins_line(bytes, begin))
			continue;
		n++;
		id = mail_address(mail_header(a, value, "Message-ID"));
		end = str_find(id, STR("@"));
		if (end > 0 && end <= ID)
			found = str_slice(id, 0, (size_t)end);
	}
	return clean(a, found);
}

void answer_of(struct arena *a, const struct mail *m, struct str bytes, struct answer *out)
{
	const struct mail_part *report = report_of(m);
	struct answer found = { .kind = ANSWER_AUTOMATIC,
				.address = clean(a, mail_address(header(a, m, "From"))),
				.subject = header(a, m, "Subject") };

	if (report && read_groups(a, mail_part_bytes(a, report), &found)) {
		found.message = reported_message(a, bytes);
	} else if (!report && !is_automatic(a, m)) {
		found.kind = ANSWER_REPLY;
		found.text = m->text;
		found.quoted = m->quoted;
	}
	*out = found;
}
