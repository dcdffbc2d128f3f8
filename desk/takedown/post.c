/* post.c - an approved notice as a letter with its files */
#include "desk/takedown/post.h"

#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "desk/alert/letter.h"
#include "desk/takedown/draft.h"
#include "store/evidence.h"
#include "web/xarf.h"

enum { ITEMS = 50 }; /* of evidence that a summary lists */

/* What a letter is made of. */
struct posting {
	struct store *store;
	const struct config *config;
	const struct notice_row *notice;
	const struct notice_template *how;
	struct takedown_row its;
	struct takedown_target *targets;
	size_t n;
	struct gathered facts;
	struct letter letter;
	struct letter_attachment files[LIMIT_LETTER_FILES];
	struct arena *a;
};

struct str takedown_reply_to(const struct config *c, const struct notice_row *n, struct arena *a)
{
	const struct str to = c->takedowns->answers.text.n ? c->takedowns->answers.text : c->alerts.from.text;
	const ssize_t at = str_find(to, STR("@"));

	if (!c->takedowns->plus || at < 0)
		return to;
	return arena_printf(a, "%.*s+%.*s%.*s", (int)at, to.p, STR_ARG(n->public_id), STR_ARG(str_slice(to, (size_t)at, to.n)));
}

static void add_file(struct posting *p, const char *name, const char *type, struct str content, const char *coding)
{
	p->files[p->letter.n_attachments++] = (struct letter_attachment){ str_of(name), str_of(type), content, str_of(coding) };
}

/* For programs of hosts; it names one address, so it goes where the notice is about one. */
static void add_xarf(struct posting *p)
{
	AUTO(buf) json = BUF_INIT(LIMIT_LETTER / 4);
	struct finding_detail d = p->facts.finding;
	const struct host_card *card = p->facts.card;
	const struct xarf_report report = { .detail = &d,
					    .organisation = p->config->organisation.text,
					    .contact = p->config->contact.text,
					    .exposure = card ? host_roles[card->role].exposure : "other" };

	d.finding.url = p->targets[0].url;
	if (p->n != 1 || !notice_has_xarf(p->how, p->its.grounds) || !xarf_fits(&d))
		return;
	xarf_put(&json, &report);
	if (!json.full)
		add_file(p, "xarf.json", "application/json", arena_copy(p->a, buf_str(&json)), NULL);
}

static void put_time(struct buf *out, const char *name, int64_t at)
{
	char text[CLOCK_TEXT];

	buf_printf(out, "%s%s\n", name, at ? clock_rfc3339(at, text) : "not known");
}

static void put_digest(struct buf *out, const char *name, struct str digest)
{
	char hex[DIGEST_HEX];

	if (digest.n == DIGEST_BYTES)
		buf_printf(out, "%s%s\n", name, digest_hex((const unsigned char *)digest.p, DIGEST_BYTES, hex));
}

static void put_item(struct buf *out, const struct evidence_row *r)
{
	buf_printf(out, "\ncapture       %.*s\naddress       %.*s\n", STR_ARG(r->capture), STR_ARG(r->url));
	put_time(out, "from          ", r->started_at);
	put_time(out, "to            ", r->ended_at);
	buf_printf(out, "answer        %d\n", r->status);
	put_digest(out, "body SHA-256  ", r->body_digest);
	put_digest(out, "sealed SHA-256 ", r->id ? r->digest : STR(""));
}

/* What was captured when, by its digests: enough to hold a copy against, and nothing of what it says. */
static int add_evidence(struct posting *p, struct err *err)
{
	const struct evidence_filter filter = { .finding_id = p->facts.finding.finding.id, .limit = ITEMS };
	AUTO(buf) out = BUF_INIT(LIMIT_LETTER / 4);
	struct evidence_row *rows;
	size_t n;

	if (evidence_list(p->store, &filter, p->a, &rows, &n, err) < 0)
		return err->code;
	buf_printf(&out,
		   "What was captured of the text that notice %.8s is about (our reference %.8s).\n"
		   "Digests are SHA-256; of a body: as it was on the wire.\n\nfinding       %.8s\n",
		   p->notice->public_id.p, p->its.public_id.p, p->facts.finding.finding.public_id.p);
	put_time(&out, "first known   ", p->its.first_aware_at);
	for (size_t i = 0; i < n; i++)
		put_item(&out, &rows[i]);
	if (n == 0)
		buf_add(&out, STR("\nno capture of it is kept\n"));
	add_file(p, "evidence.txt", "text/plain; charset=utf-8", arena_copy(p->a, buf_str(&out)), NULL);
	return 0;
}

static const char *type_of(struct str name)
{
	static const struct {
		const char *ending, *type;
	} types[] = {
		{ ".pdf", "application/pdf" }, { ".png", "image/png" }, { ".jpg", "image/jpeg" }, { ".txt", "text/plain" }
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_ends(name, str_of(types[i].ending)))
			return types[i].type;
	return "application/octet-stream";
}

static int add_authorisation(struct posting *p, struct err *err)
{
	const char *path = p->config->takedowns->authorisation, *slash = strrchr(path, '/');
	AUTO(buf) bytes = BUF_INIT(LIMIT_AUTHORISATION);
	AUTO(buf) coded = BUF_INIT(LIMIT_LETTER);

	if (file_read(path, &bytes, err) < 0)
		return err_at(err, "the letter of authorisation");
	base64_encode(buf_str(&bytes), &coded);
	add_file(p, slash ? slash + 1 : path, type_of(str_of(path)), arena_copy(p->a, buf_str(&coded)), "base64");
	return 0;
}

static int load(struct posting *p, struct err *err)
{
	const struct notice_row *n = p->notice;
	struct gather_wish about = { .its = &p->its, .language = n->language, .written_at = n->made_at };

	p->how = notice_template_of(p->config->takedowns->notices, n->template_name, n->language);
	if (!p->how)
		return err_set(err, E_USAGE, "no template is called %.*s any more", STR_ARG(n->template_name));
	if (takedown_get(p->store, n->takedown_id, p->a, &p->its, err) < 0 ||
	    notice_targets(p->store, n->id, p->a, &p->targets, &p->n, err) < 0)
		return err->code;
	about.targets = p->targets;
	about.n = p->n;
	return takedown_gather(p->store, p->config->takedowns, &about, p->a, &p->facts, err);
}

static int write_letter(struct posting *p, struct err *err)
{
	const struct notice_row *n = p->notice;

	p->letter = (struct letter){ .subject = n->subject,
				     .text = n->content,
				     .reply_to = takedown_reply_to(p->config, n, p->a),
				     .from_name = fact_value(p->facts.facts, p->facts.n, STR("claimant")),
				     .references = arena_printf(p->a, "takedown.%.*s", STR_ARG(p->its.public_id)),
				     .attachments = p->files };
	if (p->how->xarf)
		add_xarf(p);
	if (p->how->evidence && add_evidence(p, err) < 0)
		return err->code;
	if (p->how->authorisation && p->config->takedowns->authorisation && add_authorisation(p, err) < 0)
		return err->code;
	return 0;
}

int takedown_post(struct store *s, const struct config *c, const struct notice_row *n, struct str operator_name, int64_t now,
		  struct arena *a, struct err *err)
{
	AUTO(buf) content = BUF_INIT(LIMIT_LETTER);
	struct posting p = { .store = s, .config = c, .notice = n, .a = a };

	if (n->way != NOTICE_MAIL)
		return err_set(err, E_USAGE, "notice %.8s does not go by mail", n->public_id.p);
	if (!alerts_can_send(&c->alerts))
		return err_set(err, E_USAGE, "the configuration names no relay: `alerts: {smtp: ..., from: ...}`");
	if (load(&p, err) < 0 || write_letter(&p, err) < 0)
		return err->code;
	letter_put(&content, &p.letter);
	if (content.full)
		return err_set(err, E_LIMIT, "notice %.8s and its files have more than %zu bytes", n->public_id.p,
			       (size_t)LIMIT_LETTER);
	return notice_send(s, n, c->takedowns->approvals, buf_str(&content), operator_name, now, err);
}

int takedown_sent(struct store *s, const struct takedowns *t, const struct notice_row *n, struct str operator_name, int64_t now,
		  struct arena *a, struct err *err)
{
	struct takedown_target *targets;
	size_t count;
	int fresh = notice_sent(s, n, operator_name, now, err);

	if (fresh <= 0)
		return fresh;
	if (notice_targets(s, n->id, a, &targets, &count, err) < 0)
		return err->code;
	for (size_t i = 0; i < count; i++)
		if (str_eq(targets[i].state, STR("sent")) &&
		    takedown_target_due(s, targets[i].id, now + takedowns_recheck(t, targets[i].url), err) < 0)
			return err->code;
	return 1;
}
