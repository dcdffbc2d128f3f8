/* gather.c - the facts of a case for its notices */
#include "desk/takedown/gather.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "store/custody.h"
#include "store/evidence.h"
#include "store/takedown_fact.h"

enum { BEFORE = 80, EVIDENCE = 20 }; /* bytes of a sample before its first hit; items that a basis names */

struct gathering {
	const struct takedowns *t;
	const struct gather_wish *w;
	struct arena *a;
	struct gathered *out;
};

/* Set a fact, in the place of one with its name. */
static void put(struct gathering *g, const char *name, struct str value)
{
	struct gathered *x = g->out;

	for (size_t i = 0; i < x->n; i++)
		if (str_eq(x->facts[i].name, str_of(name))) {
			x->facts[i].value = value;
			return;
		}
	if (value.n)
		*(struct notice_fact *)arena_push(g->a, &x->facts, &x->n,
						  sizeof(*x->facts)) = (struct notice_fact){ str_of(name), value };
}

static struct str or (struct str value, struct str otherwise)
{
	return value.n ? value : otherwise;
}

static struct str written(struct arena *a, int64_t at, size_t characters)
{
	char text[CLOCK_TEXT];

	return arena_copy(a, str_slice(str_of(clock_rfc3339(at, text)), 0, characters));
}

static void put_people(struct gathering *g)
{
	const struct takedowns_party *claimant = &g->t->claimant, *signatory = &g->t->signatory;

	put(g, "organisation", g->t->organisation);
	put(g, "claimant", or (claimant->name.text, g->t->organisation));
	put(g, "claimant_address", claimant->address.text);
	put(g, "claimant_mail", or (claimant->mail.text, g->t->contact));
	put(g, "claimant_phone", claimant->phone.text);
	put(g, "signatory", signatory->name.text);
	put(g, "signatory_title", signatory->title.text);
	put(g, "signatory_mail", or (signatory->mail.text, claimant->mail.text));
	put(g, "signatory_phone", or (signatory->phone.text, claimant->phone.text));
	put(g, "police", g->t->police);
}

static void put_targets(struct gathering *g)
{
	AUTO(buf) urls = BUF_INIT(LIMIT_LETTER);

	for (size_t i = 0; i < g->w->n; i++)
		buf_printf(&urls, "%s%.*s", i ? "\n" : "", STR_ARG(g->w->targets[i].url));
	put(g, "urls", arena_copy(g->a, buf_str(&urls)));
	put(g, "n_urls", arena_printf(g->a, "%zu", g->w->n));
	put(g, "host", g->w->targets[0].host);
	if (g->out->card) {
		put(g, "subject_prefix", host_card_subject(g->out->card, g->w->its->grounds));
		put(g, "host_sentences", host_card_sentences(g->out->card, g->w->its->grounds, g->a));
		put(g, "search_engine", g->out->card->role == HOST_SEARCH ? g->out->card->title.text : STR(""));
	}
}

/* The labels of what was found, each once. */
static struct str kinds_of(const struct finding_detail *d, struct arena *a)
{
	AUTO(buf) out = BUF_INIT(KIB(4));

	for (size_t i = 0; i < d->said.n_hits; i++) {
		struct str kind = d->said.hits[i].kind;

		if (kind.n == 0 || str_find(buf_str(&out), kind) >= 0)
			continue;
		buf_printf(&out, "%s%.*s", out.n ? ", " : "", STR_ARG(kind));
	}
	return arena_copy(a, buf_str(&out));
}

struct str takedown_sample(const struct finding_detail *d, struct arena *a)
{
	size_t begin = 0, end;
	int characters = 0;

	for (size_t i = d->said.n_hits; i-- > 0;)
		if (d->said.hits[i].layer == 0)
			begin = (size_t)d->said.hits[i].start;
	begin = begin > BEFORE ? begin - BEFORE : 0;
	while (begin > 0 && begin < d->text.n && ((unsigned char)d->text.p[begin] & 0xc0) == 0x80)
		begin--;
	for (end = begin; end < d->text.n; end++) {
		characters += ((unsigned char)d->text.p[end] & 0xc0) != 0x80;
		if (characters > SAMPLE_CHARACTERS)
			break;
	}
	return arena_copy(a, str_slice(d->text, begin, end));
}

static int put_finding(struct gathering *g, struct store *s, struct err *err)
{
	const struct finding_detail *d = &g->out->finding;
	const struct takedown_row *its = g->w->its;
	unsigned char text[DIGEST_BYTES];
	char hex[DIGEST_HEX];
	int64_t first_aware_at;

	if (finding_aware(s, d->finding.id, &first_aware_at, text, err) < 0)
		return err->code;
	put(g, "today", written(g->a, g->w->written_at, 10));
	put(g, "language", g->w->language);
	put(g, "case", str_slice(its->public_id, 0, 8));
	put(g, "finding", str_slice(d->finding.public_id, 0, 8));
	put(g, "grounds", its->grounds);
	put(g, "category", d->finding.category);
	put(g, "first_aware_at", written(g->a, its->first_aware_at, CLOCK_TEXT));
	if (d->finding.posted_precision)
		put(g, "posted_at", written(g->a, d->finding.posted_at, d->finding.posted_precision < 3 ? 10 : CLOCK_TEXT));
	put(g, "author", d->finding.author);
	put(g, "title", d->finding.title);
	put(g, "sample", takedown_sample(d, g->a));
	put(g, "sha256", arena_copy(g->a, str_of(digest_hex(text, DIGEST_BYTES, hex))));
	put(g, "kinds", kinds_of(d, g->a));
	return 0;
}

/* What people have said of the case stands over what the desk knows. */
static int put_set(struct gathering *g, struct store *s, struct err *err)
{
	struct takedown_fact *rows;
	size_t n;

	if (takedown_facts(s, g->w->its->id, g->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		put(g, rows[i].name.p, rows[i].value);
	return 0;
}

/* It signs what is approved: nothing leaves unless people stand for it. */
static void put_signature(struct gathering *g)
{
	struct str signatory = fact_value(g->out->facts, g->out->n, STR("signatory"));

	if (signatory.n && fact_value(g->out->facts, g->out->n, STR("signature")).n == 0)
		put(g, "signature", arena_printf(g->a, "/s/ %.*s", STR_ARG(signatory)));
}

/* The finding whose text stands at the first target. */
static int finding_of(struct store *s, const struct gather_wish *w, struct arena *a, struct finding_detail *out,
		      struct err *err)
{
	char name[FINDING_ID];
	int found;

	if (finding_name(s, w->targets[0].finding_id ? w->targets[0].finding_id : w->its->finding_id, name, err) < 0)
		return err->code;
	found = finding_load(s, str_of(name), a, out, err);
	return found ? found : err_set(err, E_STORE, "the finding of takedown %.8s is missing", w->its->public_id.p);
}

int takedown_gather(struct store *s, const struct takedowns *t, const struct gather_wish *w, struct arena *a,
		    struct gathered *out, struct err *err)
{
	struct gathering g = { t, w, a, out };

	*out = (struct gathered){ .card = takedowns_card(t, w->targets[0].url) };
	if (finding_of(s, w, a, &out->finding, err) < 0)
		return err->code;
	put_people(&g);
	put_targets(&g);
	if (put_finding(&g, s, err) < 0 || put_set(&g, s, err) < 0)
		return err->code;
	put_signature(&g);
	return 0;
}

static int put_evidence(struct json_writer *w, struct store *s, int64_t finding_id, struct arena *a, struct err *err)
{
	const struct evidence_filter filter = { .finding_id = finding_id, .limit = EVIDENCE };
	struct evidence_row *rows;
	char hex[DIGEST_HEX];
	size_t n;

	if (evidence_list(s, &filter, a, &rows, &n, err) < 0)
		return err->code;
	json_open(w, "evidence", '[');
	for (size_t i = 0; i < n; i++) {
		if (rows[i].id == 0 || rows[i].digest.n != DIGEST_BYTES)
			continue;
		json_open(w, NULL, '{');
		json_put_text(w, "id", rows[i].public_id);
		json_put_text(w, "url", rows[i].url);
		json_put_text(w, "captured_at", written(a, rows[i].ended_at, CLOCK_TEXT));
		digest_hex((const unsigned char *)rows[i].digest.p, DIGEST_BYTES, hex);
		json_put_text(w, "sealed_sha256", str_of(hex));
		if (rows[i].body_digest.n == DIGEST_BYTES) {
			digest_hex((const unsigned char *)rows[i].body_digest.p, DIGEST_BYTES, hex);
			json_put_text(w, "body_sha256", str_of(hex));
		}
		json_close(w, '}');
	}
	json_close(w, ']');
	return 0;
}

int takedown_basis(struct store *s, const struct finding_detail *d, struct arena *a, struct str *out, struct err *err)
{
	AUTO(buf) json = BUF_INIT(LIMIT_LETTER);
	AUTO(buf) head = BUF_INIT(KIB(1));
	struct json_writer w = { .out = &json };
	unsigned char assessment[DIGEST_BYTES], text[DIGEST_BYTES];
	char hex[DIGEST_HEX];
	int64_t aware_at;

	if (finding_digest(s, d->assessment_id, assessment, err) < 0 ||
	    finding_aware(s, d->finding.id, &aware_at, text, err) < 0 || anchor_text(s, &head, err) < 0)
		return err->code;
	json_open(&w, NULL, '{');
	json_put_text(&w, "finding", d->finding.public_id);
	json_put_int(&w, "severity", d->finding.severity);
	json_put_text(&w, "assessment", str_of(digest_hex(assessment, DIGEST_BYTES, hex)));
	json_put_text(&w, "text_sha256", str_of(digest_hex(text, DIGEST_BYTES, hex)));
	if (put_evidence(&w, s, d->finding.id, a, err) < 0)
		return err->code;
	json_put_text(&w, "custody", buf_str(&head));
	json_close(&w, '}');
	*out = arena_copy(a, buf_str(&json));
	return 0;
}
