/* answer.c - what came back by mail */
#include "crawler/extract/answer.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/mail.h"

enum {
	ID = 128,    /* bytes of a Message-ID of ours before the @; they have 32 */
	IDS = 64,    /* Message-IDs that are looked at; a report holds two, one of a forwarded mail some more */
	PUBLIC = 32, /* digits of a public id */
	NAMED = 8,   /* of them that an answer may name; one of ours names one, or two in its thread */
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

/* A public id between what begins and what ends it in "<ID@example.com>" and "desk+ID@example.com", in lower case. */
static bool public_id_at(struct str value, size_t at, char out[PUBLIC])
{
	if (at + PUBLIC + 1 >= value.n || (value.p[at] != '<' && value.p[at] != '+') || value.p[at + PUBLIC + 1] != '@')
		return false;
	for (size_t i = 0; i < PUBLIC; i++) {
		if (ascii_hex(value.p[at + 1 + i]) < 0)
			return false;
		out[i] = ascii_lower(value.p[at + 1 + i]);
	}
	return true;
}

static void add_about(struct buf *out, struct str value)
{
	char id[PUBLIC];

	for (size_t at = 0; at < value.n && out->n < (size_t)NAMED * (PUBLIC + 1) - 1; at++)
		if (public_id_at(value, at, id) && str_find(buf_str(out), (struct str){ id, PUBLIC }) < 0) {
			if (out->n)
				buf_add_char(out, ' ');
			buf_add(out, (struct str){ id, PUBLIC });
		}
}

static struct str about_of(struct arena *a, const struct mail *m)
{
	static const char *const names[] = { "To", "Delivered-To", "X-Original-To", "Cc", "In-Reply-To", "References" };
	AUTO(buf) out = BUF_INIT(KIB(1));

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add_about(&out, mail_header(a, m->headers, names[i]));
	return arena_copy(a, buf_str(&out));
}

void answer_of(struct arena *a, const struct mail *m, struct str bytes, struct answer *out)
{
	const struct mail_part *report = report_of(m);
	struct answer found = { .kind = ANSWER_AUTOMATIC,
				.address = clean(a, mail_address(header(a, m, "From"))),
				.subject = header(a, m, "Subject"),
				.id = clean(a, mail_address(header(a, m, "Message-ID"))) };

	if (report && read_groups(a, mail_part_bytes(a, report), &found)) {
		found.message = reported_message(a, bytes);
	} else if (!report) {
		found.kind = is_automatic(a, m) ? ANSWER_AUTOMATIC : ANSWER_REPLY;
		found.text = m->text;
		found.quoted = m->quoted;
		found.about = about_of(a, m);
	}
	*out = found;
}
