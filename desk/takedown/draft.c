/* draft.c - a notice from a template */
#include "desk/takedown/draft.h"

#include "base/limits.h"
#include "base/mail_header.h"
#include "base/mailbox.h"
#include "base/utf8.h"

static struct str first_of(struct yaml_text first, struct yaml_text second)
{
	return first.text.n ? first.text : second.text;
}

int draft_recipient(const struct host_card *card, const struct notice_template *notice, struct str grounds,
		    enum notice_way *way, struct str *recipient)
{
	const bool is_copyright = str_eq(grounds, STR("copyright"));
	struct str mail, form;

	if (!card || notice->to == NOTICE_TO_OTHER)
		return 0;
	mail = is_copyright ? first_of(card->agent, card->contact) : card->contact.text;
	form = is_copyright ? first_of(card->copyright_form, card->form) : card->form.text;
	if (notice->to == NOTICE_TO_SEARCH && card->delisting.text.n)
		form = card->delisting.text;
	*way = form.n && (card->form_only || mail.n == 0) ? NOTICE_FORM : NOTICE_MAIL;
	*recipient = *way == NOTICE_FORM ? form : mail;
	return recipient->n > 0;
}

/* The recipient of a form or a letter is a line; that of a mail one address and nothing else. */
static int recipient_clean(enum notice_way way, struct str *recipient, struct arena *a, struct err *err)
{
	if (way == NOTICE_MAIL)
		return mailbox_read(*recipient, a, recipient, err);
	*recipient = str_trim(mail_line(a, *recipient, LIMIT_URL));
	if (way == NOTICE_FORM && !str_starts(*recipient, STR("https://")))
		return err_set(err, E_USAGE, "a form is an https:// address, not \"%.*s\"",
			       STR_ARG(str_slice(*recipient, 0, 80)));
	return recipient->n ? 0 : err_set(err, E_USAGE, "a letter needs a recipient: name and address, with --to");
}

/* Lines end with "\n" alone, and hold no other control character but tabs. */
static struct str text_clean(struct str text, struct arena *a)
{
	size_t replaced, n = 0;
	struct str clean = utf8_clean(a, text, &replaced);
	char *out = arena_alloc(a, clean.n + 1);

	for (size_t i = 0; i < clean.n; i++) {
		const char c = clean.p[i];

		if ((unsigned char)c >= ' ' || c == '\n' || c == '\t')
			out[n++] = c == 0x7f ? ' ' : c;
	}
	return (struct str){ out, n };
}

int draft_clean(enum notice_way way, struct str *recipient, struct str *subject, struct str *text, struct arena *a,
		struct err *err)
{
	if (recipient_clean(way, recipient, a, err) < 0)
		return err->code;
	*subject = str_trim(mail_line(a, *subject, LIMIT_SUBJECT));
	if (text->n > LIMIT_NOTICE)
		return err_set(err, E_LIMIT, "a notice of %zu bytes; at most %zu are sent", text->n, (size_t)LIMIT_NOTICE);
	*text = text_clean(*text, a);
	if (subject->n == 0 || str_trim(*text).n == 0)
		return err_set(err, E_USAGE, "a notice needs a subject and a text");
	return 0;
}

static struct draft_text fill(const struct notice_template *notice, const struct gathered *g, struct arena *a)
{
	AUTO(buf) subject = BUF_INIT(KIB(64));
	AUTO(buf) text = BUF_INIT(2 * LIMIT_NOTICE);

	notice_fill(notice, g->facts, g->n, &subject, &text);
	return (struct draft_text){ arena_copy(a, buf_str(&subject)), arena_copy(a, buf_str(&text)) };
}

/* The case's public name of its targets is theirs; ids are what the store wants. */
static int64_t *ids_of(const struct draft_wish *w, struct arena *a)
{
	int64_t *ids = arena_alloc(a, w->n * sizeof(*ids));

	for (size_t i = 0; i < w->n; i++)
		ids[i] = w->targets[i].id;
	return ids;
}

int draft_make(struct store *s, const struct takedowns *t, const struct draft_wish *w, int64_t now, struct arena *a,
	       struct str *public_id, struct err *err)
{
	const struct gather_wish about = { w->its, w->targets, w->n, w->notice->language, now };
	struct notice_wish wish = { .takedown_id = w->its->id,
				    .template_name = w->notice->name,
				    .language = w->notice->language,
				    .way = w->way,
				    .recipient = w->recipient,
				    .operator_name = w->operator_name,
				    .target_ids = ids_of(w, a),
				    .n_targets = w->n };
	struct draft_text text;
	struct gathered g;
	int64_t id;

	if (notice_fits(w->notice, w->its->grounds, err) < 0 || takedown_gather(s, t, &about, a, &g, err) < 0 ||
	    takedown_basis(s, &g.finding, a, &wish.basis, err) < 0)
		return err->code;
	text = fill(w->notice, &g, a);
	wish.subject = text.subject;
	wish.content = text.text;
	if (draft_clean(w->way, &wish.recipient, &wish.subject, &wish.content, a, err) < 0)
		return err->code;
	return notice_add(s, &wish, now, a, &id, public_id, err);
}

/* A notice as it is, with what it was made of. */
struct opened {
	const struct notice_template *notice;
	struct takedown_row its;
	struct takedown_target *targets;
	size_t n;
	struct gathered facts;
};

static int open_notice(struct store *s, const struct takedowns *t, const struct notice_row *n, struct arena *a,
		       struct opened *out, struct err *err)
{
	struct gather_wish about = { .its = &out->its, .language = n->language, .written_at = n->made_at };

	out->notice = notice_template_of(t->notices, n->template_name, n->language);
	if (!out->notice)
		return err_set(err, E_USAGE,
			       "no template is called %.*s any more: without it nobody can say whether notice %.8s is whole",
			       STR_ARG(n->template_name), n->public_id.p);
	if (takedown_get(s, n->takedown_id, a, &out->its, err) < 0 ||
	    notice_targets(s, n->id, a, &out->targets, &out->n, err) < 0)
		return err->code;
	if (out->n == 0)
		return err_set(err, E_STORE, "notice %.8s is about nothing", n->public_id.p);
	about.targets = out->targets;
	about.n = out->n;
	return takedown_gather(s, t, &about, a, &out->facts, err);
}

int draft_again(struct store *s, const struct takedowns *t, const struct notice_row *n, struct arena *a, struct draft_text *out,
		struct err *err)
{
	struct opened o;

	if (open_notice(s, t, n, a, &o, err) < 0)
		return err->code;
	*out = fill(o.notice, &o.facts, a);
	return 0;
}

int draft_missing(struct store *s, const struct takedowns *t, const struct notice_row *n, struct arena *a,
		  struct missing **rows, size_t *n_rows, struct err *err)
{
	struct opened o;

	if (open_notice(s, t, n, a, &o, err) < 0)
		return err->code;
	notice_missing(o.notice, o.facts.facts, o.facts.n, n->content, a, rows, n_rows);
	if (o.facts.card && o.notice->to != NOTICE_TO_OTHER)
		notice_missing_of_host(o.notice, o.facts.card, o.facts.facts, o.facts.n, n->content, a, rows, n_rows);
	return 0;
}

static const struct takedown_target *target_of(const struct takedown_target *targets, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (targets[i].id == id)
			return &targets[i];
	return NULL;
}

/* The last that was sent about the case, to be written once more; 0 when there is none, or one is on its way. */
static int last_sent(struct store *s, int64_t case_id, int64_t target_id, struct arena *a, struct notice_row *out,
		     struct err *err)
{
	int found = notice_last(s, case_id, target_id, false, a, out, err);

	return found ? (found < 0 ? found : 0) : notice_last(s, case_id, target_id, true, a, out, err);
}

/* To the same recipient when it is the same host that has it; at another one, to whom that one's card names. */
static int readdress(const struct takedowns *t, const struct takedown_target *target, const struct takedown_target *before,
		     struct draft_wish *w, struct err *err)
{
	if (str_eq(target->host, before->host) ||
	    draft_recipient(takedowns_card(t, target->url), w->notice, w->its->grounds, &w->way, &w->recipient))
		return 0;
	return err_set(err, E_USAGE, "no card names who is written to at %.*s; draft its notice with --to",
		       STR_ARG(str_slice(target->host, 0, 253)));
}

int takedown_redraft(struct store *s, const struct takedowns *t, int64_t case_id, int64_t target_id, int64_t now,
		     struct arena *a, struct err *err)
{
	struct takedown_target *all, *before;
	struct draft_wish w = { .n = 1, .operator_name = STR(FINDING_CARRIER) };
	struct takedown_row its;
	struct notice_row last;
	struct str public_id;
	size_t n, n_before;
	int found = last_sent(s, case_id, target_id, a, &last, err);

	if (found <= 0)
		return found;
	if (takedown_get(s, case_id, a, &its, err) < 0 || takedown_targets(s, case_id, a, &all, &n, err) < 0 ||
	    notice_targets(s, last.id, a, &before, &n_before, err) < 0)
		return err->code;
	w.its = &its;
	w.targets = target_of(all, n, target_id);
	w.notice = notice_template_of(t->notices, last.template_name, last.language);
	w.way = last.way;
	w.recipient = last.recipient;
	if (!w.targets || !w.notice || n_before == 0)
		return 0;
	if (readdress(t, w.targets, &before[0], &w, err) < 0 || draft_make(s, t, &w, now, a, &public_id, err) < 0)
		return err->code;
	return 1;
}
