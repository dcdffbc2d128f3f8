/* writer_evidence.c - what is kept of a capture, sealed when a finding matters, and what custody is told of it */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/must.h"
#include "desk/receipt.h"
#include "desk/writer.h"
#include "store/custody.h"
#include "store/finding.h"

/* What made a capture, the same for all of them. */
static void add_fact(struct writer *w, const char *name, struct str value)
{
	MUST(w->n_facts < WRITER_FACTS);
	w->facts[w->n_facts++] = (struct warc_field){ str_of(name), value };
}

static struct str hex_of(const unsigned char digest[DIGEST_BYTES], struct arena *a)
{
	char *hex = arena_alloc(a, DIGEST_HEX);

	return str_of(digest_hex(digest, DIGEST_BYTES, hex));
}

static void note_facts(struct writer *w)
{
	unsigned char rules[DIGEST_BYTES], assets[DIGEST_BYTES];

	classifier_digests(w->role->classifier, rules, assets);
	add_fact(w, "program", STR("watchdesk " WATCHDESK_VERSION));
	add_fact(w, "configuration-sha256", hex_of(w->role->config->digest, w->kept));
	add_fact(w, "rules-blake2b", hex_of(rules, w->kept));
	add_fact(w, "assets-blake2b", hex_of(assets, w->kept));
	add_fact(w, "node", arena_copy(w->kept, store_node_id(w->store)));
	add_fact(w, "operator", w->role->operator_name);
}

/* The newest entry of custody about a source's robots.txt; empty when there is none. */
static int last_override(struct writer *w, struct str subject, struct entry *last, struct err *err)
{
	struct custody_filter filter = { .subject = subject, .act = str_of(custody_acts[CUSTODY_OVERRIDE]) };
	struct custody_row *rows;
	size_t n;

	*last = (struct entry){ 0 };
	for (;;) {
		if (custody_list(w->store, &filter, w->a, &rows, &n, err) < 0)
			return err->code;
		if (n == 0)
			return 0;
		*last = rows[n - 1].entry;
		filter.after_node = rows[n - 1].node_id;
		filter.after_sequence = last->sequence;
	}
}

/* Ignoring robots.txt is written down when it begins, when its reason or who answers for it changes, and when it ends. */
static int note_override(struct writer *w, const struct source *source, int64_t now, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(LIMIT_LINE);
	struct json_writer j = { .out = &detail };
	bool ignored = source->ignore_robots.text.n > 0;
	struct custody_act act = { .kind = CUSTODY_OVERRIDE,
				   .subject = arena_printf(w->a, "source %.*s", STR_ARG(source->name.text)),
				   .operator_name = ignored ? source->operator_name.text : w->role->operator_name };
	struct entry last;

	if (last_override(w, act.subject, &last, err) < 0)
		return err->code;
	if (!ignored && last.detail.n == 0)
		return 0;
	json_open(&j, NULL, '{');
	json_put_text(&j, "robots", ignored ? STR("ignored") : STR("obeyed"));
	if (ignored)
		json_put_text(&j, "reason", source->ignore_robots.text);
	json_close(&j, '}');
	act.detail = buf_str(&detail);
	if (str_eq(last.detail, act.detail) && (!ignored || str_eq(last.operator_name, act.operator_name)))
		return 0;
	return custody_add(w->store, &act, now, err);
}

int writer_open_evidence(struct writer *w, int64_t now, struct err *err)
{
	const struct config *config = w->role->config;

	int ready = evidence_ready(w->store, err);

	if (ready == E_VERIFY) /* the watch goes on, and so does sealing, in a file of its own; `verify` names the damage */
		log_event(LOG_ERROR, "evidence-damaged", "why=\"%s\"", err->text);
	else if (ready < 0)
		return ready;
	note_facts(w);
	for (size_t i = 0; i < config->n_sources; i++)
		if (note_override(w, &config->sources[i], now, err) < 0)
			return err->code;
	return 0;
}

static int keep_facts(struct writer *w, struct reading *r, struct err *err)
{
	const struct receipt *of = &r->receipt;
	const struct capture_facts facts = {
		.source_id = w->sources[r->o->route].id,
		.asked_url = of->asked_url,
		.url = of->url,
		.address = of->address,
		.tls_leaf = of->leaf,
		.body_digest = of->body_digest,
		.hops = of->hops,
		.status = of->status,
		.started_at = of->started_at,
		.ended_at = of->ended_at,
	};

	return capture_keep_facts(w->store, &facts, &r->capture_id, err);
}

int writer_keep_capture(struct writer *w, struct reading *r, struct err *err)
{
	return r->page.n_posts ? keep_facts(w, r, err) : 0;
}

/* The texts of the findings from the severity on that the desk has set. */
static void choose_texts(struct writer *w, const struct reading *r, struct evidence_item *item)
{
	struct evidence_text *texts = arena_alloc(w->a, r->n_found * sizeof(*texts));

	for (size_t i = 0; i < r->n_found; i++)
		if (r->found[i].severity >= w->role->config->evidence_from)
			texts[item->n_texts++] = (struct evidence_text){ r->found[i].finding_id, r->found[i].text };
	item->texts = texts;
}

/* What it was not sealed for is in the log; the finding stands without. */
static int missing(const struct reading *r, const char *why)
{
	log_event(LOG_WARN, "evidence-missing", "capture=%lld why=\"%s\"", (long long)r->capture_id, why);
	return 0;
}

/* Seal the capture with the texts of `item`: *id is that of its evidence, 0 for none. */
static int seal_item(struct writer *w, const struct reading *r, struct evidence_item item, int64_t *id, struct err *err)
{
	const struct source *source = writer_source(w, r->o->route);
	struct message m = { .fields = r->page.trail };
	struct warc_field facts[WRITER_FACTS + 3];
	struct trail trail;
	int result;

	*id = 0;
	item.capture_id = r->capture_id;
	if (m.fields.n == 0)
		return missing(r, "what was found on its page is too large to be sent with it");
	trail_take(&m, w->a, &trail);
	MUST(!m.bad && m.fields.n == 0); /* the net process vouches for it */
	memcpy(facts, w->facts, w->n_facts * sizeof(*facts));
	item.n_facts = w->n_facts;
	facts[item.n_facts++] = (struct warc_field){ STR("source"), source->name.text };
	if (source->ignore_robots.text.n) {
		facts[item.n_facts++] = (struct warc_field){ STR("robots-ignored"), source->ignore_robots.text };
		facts[item.n_facts++] = (struct warc_field){ STR("robots-ignored-by"), source->operator_name.text };
	}
	item.trail = &trail;
	item.facts = facts;
	result = evidence_keep(w->store, &item, r->now, id, err);
	return result == E_LIMIT ? missing(r, err->text) : result;
}

/* The same if a finding of it matters enough. */
static int seal(struct writer *w, const struct reading *r, int64_t *id, struct err *err)
{
	struct evidence_item item = { 0 };

	*id = 0;
	choose_texts(w, r, &item);
	return item.n_texts ? seal_item(w, r, item, id, err) : 0;
}

int writer_seal_proof(struct writer *w, struct reading *r, int64_t *evidence_id, struct err *err)
{
	if (keep_facts(w, r, err) < 0)
		return err->code;
	return seal_item(w, r, (struct evidence_item){ 0 }, evidence_id, err);
}

/* After all rows are written: the digests of them are what custody keeps. */
static int tell_custody(struct writer *w, const struct reading *r, const struct found *f, int64_t evidence_id, struct err *err)
{
	char name[FINDING_ID];
	struct custody_capture c = { .assessment_id = f->assessment_id,
				     .evidence_id = f->severity >= w->role->config->evidence_from ? evidence_id : 0,
				     .operator_name = w->role->operator_name };

	if (finding_name(w->store, f->finding_id, name, err) < 0)
		return err->code;
	c.finding = str_of(name);
	return custody_capture(w->store, &c, r->now, err);
}

int writer_seal(struct writer *w, const struct reading *r, struct err *err)
{
	int64_t evidence_id;
	int result;

	if (r->capture_id && r->fresh == 0)
		return capture_drop(w->store, r->capture_id, err);
	result = seal(w, r, &evidence_id, err);
	for (size_t i = 0; result >= 0 && i < r->n_found; i++)
		result = tell_custody(w, r, &r->found[i], evidence_id, err);
	return result;
}
