/* acts_notice.c - notices: drafted, looked through for what they lack, stood for, sent, answered */
#include "base/file.h"
#include "base/limits.h"
#include "base/mailbox.h"
#include "base/utf8.h"
#include "crawler/url.h"
#include "desk/assess.h"
#include "desk/takedown/post.h"
#include "desk/takedown/work.h"
#include "store/host_contact.h"
#include "store/takedown_fact.h"

int takedown_work_notice(struct takedown_work *x, const char *id, struct notice_row *out, struct err *err)
{
	int found = notice_load(x->store, str_of(id), x->a, out, err);

	if (found > 0)
		x->notice = out->public_id;
	return found ? (found < 0 ? found : 0)
		     : err_set(err, E_USAGE, "no notice has the id %.40s; `watchdesk takedown show ID` shows them", id);
}

/* What a draft is to be about. */
struct drafting {
	struct takedown_row its;
	struct draft_wish wish;
	struct takedown_target *targets;
	size_t n;
	const struct host_card *card;
};

static bool is_wished(const struct takedown_work *x, const struct takedown_target *t, struct str host)
{
	for (int k = 2; k < x->i->n; k++)
		if (str_eq(t->url, str_of(x->i->arguments[k])))
			return true;
	return x->i->n == 2 && !str_eq(t->state, STR("gone")) && !str_eq(t->state, STR("closed")) &&
	       (host.n == 0 || str_eq_nocase(t->host, host));
}

/* Those that are named, else all at one host that are there. */
static int targets_choose(struct takedown_work *x, struct drafting *d, struct err *err)
{
	const struct str host = takedown_work_option(x, "host");
	struct takedown_target *all;
	size_t n;

	if (takedown_targets(x->store, d->its.id, x->a, &all, &n, err) < 0)
		return err->code;
	d->targets = arena_alloc(x->a, (n + 1) * sizeof(*d->targets));
	for (size_t i = 0; i < n; i++)
		if (is_wished(x, &all[i], host))
			d->targets[d->n++] = all[i];
	if (d->n == 0 || (x->i->n > 2 && d->n != (size_t)x->i->n - 2))
		return err_set(err, E_USAGE, "takedown %.8s has no such address to write about; `watchdesk takedown show %.8s`",
			       d->its.public_id.p, d->its.public_id.p);
	for (size_t i = 1; i < d->n; i++)
		if (!str_eq(d->targets[i].host, d->targets[0].host) && !option_of(x->i, "to"))
			return err_set(err, E_USAGE,
				       "the addresses are at %.*s, at %.*s ...: choose one with --host, or name addresses",
				       STR_ARG(str_slice(d->targets[0].host, 0, 100)),
				       STR_ARG(str_slice(d->targets[i].host, 0, 100)));
	return 0;
}

/* The notice in the language that was asked for, that the host prefers, or English. */
static int template_choose(struct takedown_work *x, struct drafting *d, struct err *err)
{
	const struct str name = takedown_work_option(x, "template");
	struct str language = takedown_work_option(x, "language");

	if (name.n == 0)
		return err_set(err, E_USAGE,
			       "say which notice, with --template NAME; `watchdesk takedown templates` lists them");
	if (language.n == 0)
		language = d->card && d->card->languages.n ? d->card->languages.items[0].text : STR("en");
	d->wish.notice = notice_template_of(x->config->takedowns->notices, name, language);
	if (!d->wish.notice)
		return err_set(err, E_USAGE, "no template is called %.*s; `watchdesk takedown templates` lists them",
			       STR_ARG(str_slice(name, 0, 40)));
	if (option_of(x->i, "language") && !str_eq(d->wish.notice->language, language))
		return err_set(err, E_USAGE, "the template %.*s is not there in %.*s", STR_ARG(name),
			       STR_ARG(str_slice(language, 0, 20)));
	return 0;
}

/* Nobody is named by a card: a person chooses among those that were found out. */
static int nobody(struct takedown_work *x, const struct drafting *d, struct err *err)
{
	const struct str host = d->targets[0].host;
	struct host_contact *rows;
	size_t n;

	if (host_contact_list(x->store, host, x->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		print("%-10.*s ", STR_ARG(rows[i].role));
		print_text(rows[i].address, false, 0);
		print("  %.*s  ", STR_ARG(rows[i].origin));
		print_text(rows[i].why, false, 0);
		print("\n");
	}
	return err_set(err, E_USAGE,
		       n ? "no card names who is written to at %.*s: choose one of these with --to%s"
			 : "no card names who is written to at %.*s, and nobody was found out: `watchdesk takedown contacts` "
			   "asks, --to ADDRESS names somebody%s",
		       STR_ARG(str_slice(host, 0, 100)), "");
}

/* --to is an address, or the name of a card: of a search engine, a registrar. */
static int recipient_choose(struct takedown_work *x, struct drafting *d, struct err *err)
{
	struct draft_wish *w = &d->wish;
	const struct str to = takedown_work_option(x, "to");
	const struct host_card *named = host_card_named(x->config->takedowns->hosts, to);
	const bool form = option_of(x->i, "form"), post = option_of(x->i, "post");

	if (form && post)
		return err_set(err, E_USAGE, "--form or --post, not both");
	if (to.n == 0 || named) {
		if (!draft_recipient(named ? named : d->card, w->notice, d->its.grounds, &w->way, &w->recipient) && !form)
			return nobody(x, d, err);
	} else {
		w->way = post ? NOTICE_POST : form ? NOTICE_FORM : NOTICE_MAIL;
		w->recipient = to;
	}
	if (form && w->way != NOTICE_FORM) {
		w->way = NOTICE_FORM;
		w->recipient = d->card ? d->card->form.text : (struct str){ 0 };
	}
	if (named && named->role == HOST_SEARCH)
		return takedown_facts_set(x->store, d->its.id,
					  &(struct takedown_fact){ .name = STR("search_engine"), .value = named->title.text },
					  1, x->who, x->now, err);
	return 0;
}

static int say_missing(struct takedown_work *x, const struct notice_row *n, size_t *count, struct err *err)
{
	struct missing *rows;

	if (draft_missing(x->store, x->config->takedowns, n, x->a, &rows, count, err) < 0)
		return err->code;
	for (size_t i = 0; i < *count; i++)
		buf_printf(&x->said, "  missing %-16.*s %.*s\n", STR_ARG(rows[i].name), STR_ARG(rows[i].words));
	return 0;
}

int takedown_act_draft(struct takedown_work *x, struct err *err)
{
	struct drafting d = { .wish = { .operator_name = x->who } };
	struct notice_row n;
	struct str public_id;
	size_t lacks;

	if (takedown_work_case(x, x->i->arguments[1], &d.its, err) < 0 || targets_choose(x, &d, err) < 0)
		return err->code;
	d.card = takedowns_card(x->config->takedowns, d.targets[0].url);
	if (template_choose(x, &d, err) < 0 || recipient_choose(x, &d, err) < 0)
		return err->code;
	d.wish.its = &d.its;
	d.wish.targets = d.targets;
	d.wish.n = d.n;
	if (draft_make(x->store, x->config->takedowns, &d.wish, x->now, x->a, &public_id, err) < 0 ||
	    takedown_work_notice(x, public_id.p, &n, err) < 0)
		return err->code;
	buf_printf(&x->said, "notice %.8s of takedown %.8s is drafted, by %s to %.*s\n", n.public_id.p, d.its.public_id.p,
		   notice_ways[n.way], STR_ARG(n.recipient));
	return say_missing(x, &n, &lacks, err);
}

int takedown_act_missing(struct takedown_work *x, struct err *err)
{
	struct missing *rows;
	struct notice_row n;
	size_t count;

	if (takedown_work_notice(x, x->i->arguments[1], &n, err) < 0 ||
	    draft_missing(x->store, x->config->takedowns, &n, x->a, &rows, &count, err) < 0)
		return err->code;
	for (size_t i = 0; i < count; i++) {
		AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
		struct json_writer w = { .out = &out };

		if (!x->i->json) {
			print("%-18.*s ", STR_ARG(rows[i].name));
			print_text(rows[i].words, false, 0);
			print("\n");
			continue;
		}
		json_open(&w, NULL, '{');
		json_put_text(&w, "element", rows[i].name);
		json_put_text(&w, "fact", rows[i].fact);
		json_put_text(&w, "words", rows[i].words);
		json_close(&w, '}');
		print_json(&out);
	}
	if (count == 0 && !x->i->json)
		print("notice %.8s lacks nothing\n", n.public_id.p);
	return count ? 1 : 0;
}

int takedown_act_approve(struct takedown_work *x, struct err *err)
{
	AUTO_FREE(sign_key) key = option_of(x->i, "key") ? sign_key_load(option_of(x->i, "key"), err) : NULL;
	const int64_t needed = x->config->takedowns->approvals;
	struct notice_row n;
	size_t lacks = 0;
	int approved;

	if ((option_of(x->i, "key") && !key) || takedown_work_notice(x, x->i->arguments[1], &n, err) < 0 ||
	    say_missing(x, &n, &lacks, err) < 0)
		return err->code;
	if (lacks) {
		print_text(buf_str(&x->said), true, 0);
		return err_set(err, E_USAGE,
			       "notice %.8s lacks %zu element%s and cannot be approved; `watchdesk takedown missing %.8s`",
			       n.public_id.p, lacks, lacks == 1 ? "" : "s", n.public_id.p);
	}
	approved = notice_approve(x->store, &(struct notice_approval_wish){ &n, x->who, key, needed }, x->now, err);
	if (approved < 0)
		return approved;
	if (approved)
		buf_printf(&x->said, "notice %.8s is approved; `watchdesk takedown send %.8s`\n", n.public_id.p, n.public_id.p);
	else
		buf_printf(&x->said, "notice %.8s needs more people: %lld have to stand for it\n", n.public_id.p,
			   (long long)needed);
	return 0;
}

int takedown_act_send(struct takedown_work *x, struct err *err)
{
	struct notice_row n;

	if (takedown_work_notice(x, x->i->arguments[1], &n, err) < 0)
		return err->code;
	if (n.way == NOTICE_MAIL) {
		if (takedown_post(x->store, x->config, &n, x->who, x->now, x->a, err) < 0)
			return err->code;
		buf_printf(&x->said, "notice %.8s to %.*s is due now; the monitor sends it\n", n.public_id.p,
			   STR_ARG(n.recipient));
		return 0;
	}
	if (notice_check_approved(x->store, &n, x->config->takedowns->approvals, err) < 0)
		return err->code;
	buf_printf(&x->said, "%s %.*s\n\n%.*s\n\n%.*s\nOnce it has gone: watchdesk takedown sent %.8s --receipt NUMBER\n",
		   n.way == NOTICE_FORM ? "A person fills in" : "A person sends it on paper to", STR_ARG(n.recipient),
		   STR_ARG(n.subject), STR_ARG(n.content), n.public_id.p);
	return 0;
}

int takedown_act_sent(struct takedown_work *x, struct err *err)
{
	const struct str receipt = takedown_work_option(x, "receipt");
	struct notice_answer answer = { .kind = STR("receipt"), .sender = x->who, .message = receipt, .content = receipt };
	struct notice_row n;

	if (takedown_work_notice(x, x->i->arguments[1], &n, err) < 0)
		return err->code;
	if (n.way == NOTICE_MAIL)
		return err_set(err, E_USAGE, "notice %.8s goes by mail: `watchdesk takedown send %.8s`", n.public_id.p,
			       n.public_id.p);
	if (receipt.n > LIMIT_FACT)
		return err_set(err, E_USAGE, "a receipt has at most %d bytes", (int)LIMIT_FACT);
	if (notice_check_approved(x->store, &n, x->config->takedowns->approvals, err) < 0 ||
	    takedown_sent(x->store, x->config->takedowns, &n, x->who, x->now, x->a, err) < 0 ||
	    (receipt.n && notice_answer_add(x->store, &n, &answer, x->who, x->now, err) < 0))
		return err->code;
	buf_printf(&x->said, "notice %.8s has gone to %.*s\n", n.public_id.p, STR_ARG(n.recipient));
	return 0;
}

int takedown_work_file(struct takedown_work *x, size_t most, struct str *out, struct err *err)
{
	const char *path = option_of(x->i, "file");
	AUTO(buf) bytes = BUF_INIT(most + 1);
	size_t replaced;

	if (file_read(path[0] == '-' && !path[1] ? "/dev/stdin" : path, &bytes, err) < 0)
		return err->code;
	if (bytes.n > most)
		return err_set(err, E_LIMIT, "%s has more than %zu bytes", path, most);
	*out = arena_copy(x->a, utf8_clean(x->a, buf_str(&bytes), &replaced));
	return 0;
}

/* What came by another way, as masked as what comes by mail. */
static int masked_file(struct takedown_work *x, struct str *out, struct err *err)
{
	AUTO(assessor) all = { 0 };
	struct assessed found;
	struct str text;

	if (takedown_work_file(x, LIMIT_ANSWER, &text, err) < 0 || assessor_init(&all, x->config, err) < 0)
		return err->code;
	assess(&all, text, &found);
	*out = arena_copy(x->a, found.text);
	classify_mask((char *)(uintptr_t)out->p, out->n, &found.assessment);
	return 0;
}

int takedown_act_answer(struct takedown_work *x, struct err *err)
{
	struct notice_answer answer = { .kind = takedown_work_option(x, "kind"), .sender = x->who };
	unsigned char digest[DIGEST_BYTES];
	char hex[DIGEST_HEX];
	struct notice_row n;
	int fresh;

	if (takedown_work_notice(x, x->i->arguments[1], &n, err) < 0)
		return err->code;
	if (!option_of(x->i, "file") || str_eq(answer.kind, STR("failed")))
		return err_set(err, E_USAGE, "give what was answered, with --kind receipt, answer or refused and --file FILE");
	if (n.state != NOTICE_SENT)
		return err_set(err, E_USAGE, "notice %.8s has not gone: nobody can have answered it", n.public_id.p);
	if (masked_file(x, &answer.content, err) < 0)
		return err->code;
	digest_sha256(answer.content, digest);
	answer.message = str_of(digest_hex(digest, DIGEST_BYTES, hex));
	fresh = notice_answer_add(x->store, &n, &answer, x->who, x->now, err);
	if (fresh >= 0)
		buf_printf(&x->said, "notice %.8s: %s\n", n.public_id.p, fresh ? "attached" : "was attached before");
	return fresh < 0 ? fresh : 0;
}
