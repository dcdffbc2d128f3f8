/* actor.c - who may be behind findings */
#include "store/actor.h"

#include <string.h>

#include "store/internal.h"

const char *const actor_sures[ACTOR_SURES] = { "asked for", "contact", "same text", "same name" };

/* A finding of theirs, and why it is taken for one. */
struct trace {
	int64_t id, campaign_id;
	enum actor_sure sure;
	struct str through;
};

/* What is put together. */
struct tracing {
	struct store *store;
	struct arena *a;
	struct trace *traces;
	size_t n;
	struct actor *out;
};

static struct trace *trace_of(const struct tracing *t, int64_t id)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->traces[i].id == id)
			return &t->traces[i];
	return NULL;
}

/* Take the findings of a question (their id and campaign) that are not there yet. */
static int take(struct tracing *t, struct query *q, enum actor_sure sure, struct str through, struct err *err)
{
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0) {
		struct trace *one;

		if (t->n == ACTOR_FINDINGS || trace_of(t, db_int(q, 0)))
			continue;
		one = arena_push(t->a, &t->traces, &t->n, sizeof(*one));
		*one = (struct trace){ db_int(q, 0), db_int(q, 1), sure, through };
	}
	return more;
}

#define NAMED                                                                                                            \
	"SELECT finding.id, campaign_id FROM contact JOIN finding ON finding.id = contact.finding_id WHERE kind = :kind" \
	" AND value = :value ORDER BY finding.id LIMIT :most"

/* Findings that name a contact, or whose author has that name. */
static int take_named(struct tracing *t, struct str kind, struct str value, enum actor_sure sure, struct err *err)
{
	return take(t,
		    db_ask(t->store->db, NAMED,
			   ARGS(arg_text(":kind", kind), arg_text(":value", value), arg_int(":most", ACTOR_FINDINGS)), err),
		    sure, sure == ACTOR_ASKED ? (struct str){ 0 } : value, err);
}

static int take_campaign(struct tracing *t, int64_t campaign_id, struct err *err)
{
	return take(t,
		    db_ask(t->store->db, "SELECT id, campaign_id FROM finding WHERE campaign_id = :id ORDER BY id LIMIT :most",
			   ARGS(arg_int(":id", campaign_id), arg_int(":most", ACTOR_FINDINGS)), err),
		    ACTOR_SAME_TEXT, STR("nearly the same text"), err);
}

static struct actor_name *name_of(struct tracing *t, struct str kind, struct str value, struct str source)
{
	struct actor *o = t->out;
	struct actor_name *one;

	for (size_t i = 0; i < o->n_names; i++)
		if (str_eq(o->names[i].value, value) && str_eq(o->names[i].kind, kind) && str_eq(o->names[i].source, source))
			return &o->names[i];
	if (o->n_names == ACTOR_NAMES)
		return NULL;
	one = arena_push(t->a, &o->names, &o->n_names, sizeof(*one));
	*one = (struct actor_name){
		arena_copy(t->a, kind), arena_copy(t->a, value), arena_copy(t->a, source), 0, ACTOR_SURES, { 0 }
	};
	return one;
}

/* The names and contacts of a finding, each as sure as the surest finding that shows it. */
static int add_names(struct tracing *t, const struct trace *f, struct err *err)
{
	struct query *q = db_ask(t->store->db,
				 "SELECT kind, value, source.name FROM contact JOIN finding ON finding.id = contact.finding_id"
				 " JOIN post ON post.id = finding.post_id JOIN source ON source.id = post.source_id"
				 " WHERE contact.finding_id = :id ORDER BY contact.id",
				 ARGS(arg_int(":id", f->id)), err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0) {
		bool is_handle = str_eq(db_text(q, 0), STR(ACTOR_HANDLE));
		struct actor_name *one = name_of(t, db_text(q, 0), db_text(q, 1),
						 is_handle ? db_text(q, 2) : (struct str){ 0 });

		if (!one)
			continue;
		one->findings++;
		if (f->sure < one->sure) {
			one->sure = f->sure;
			one->through = f->through;
		}
	}
	return more;
}

/* Whoever was asked for is who they are; what else stands in their posts is tied by those. */
static void settle(struct tracing *t, struct str asked)
{
	struct actor *o = t->out;

	for (size_t i = 0; i < o->n_names; i++) {
		struct actor_name *one = &o->names[i];
		if (str_eq(one->value, asked))
			continue;
		if (one->sure == ACTOR_ASKED) {
			one->sure = ACTOR_CONTACT;
			one->through = asked;
		}
	}
	for (size_t i = 1; i < o->n_names; i++) { /* the surest first, of those that are as sure the one with most findings */
		struct actor_name one = o->names[i];
		size_t k = i;

		for (; k > 0 && (o->names[k - 1].sure > one.sure ||
				 (o->names[k - 1].sure == one.sure && o->names[k - 1].findings < one.findings));
		     k--)
			o->names[k] = o->names[k - 1];
		o->names[k] = one;
	}
}

static void count_one(struct arena *a, struct actor_count **counts, size_t *n, struct str name)
{
	struct actor_count *one;

	if (!name.n)
		return;
	for (size_t i = 0; i < *n; i++)
		if (str_eq((*counts)[i].name, name)) {
			(*counts)[i].n++;
			return;
		}
	one = arena_push(a, counts, n, sizeof(*one));
	*one = (struct actor_count){ arena_copy(a, name), 1 };
}

static int add_facts(struct tracing *t, const struct trace *f, struct err *err)
{
	struct actor *o = t->out;
	struct query *q;
	int64_t at;

	if (db_get(t->store->db, &q,
		   "SELECT source.name, language, campaign.public_id, severity, posted_precision, posted_at, post.first_seen"
		   " FROM finding JOIN post ON post.id = finding.post_id JOIN source ON source.id = post.source_id"
		   " LEFT JOIN campaign ON campaign.id = campaign_id WHERE finding.id = :id",
		   ARGS(arg_int(":id", f->id)), "a finding", err) < 0)
		return err->code;
	count_one(t->a, &o->sources, &o->n_sources, db_text(q, 0));
	count_one(t->a, &o->languages, &o->n_languages, db_text(q, 1));
	count_one(t->a, &o->campaigns, &o->n_campaigns, db_text(q, 2));
	o->worst = (int)db_int(q, 3) > o->worst ? (int)db_int(q, 3) : o->worst;
	at = db_int(q, 4) >= 3 ? db_int(q, 5) : db_int(q, 6);
	if (db_int(q, 4) >= 3) {
		o->hours[(at / 1000000 / 3600 % 24 + 24) % 24]++;
		o->dated++;
	}
	o->first_at = !o->findings || at < o->first_at ? at : o->first_at;
	o->last_at = at > o->last_at ? at : o->last_at;
	o->findings++;
	db_end(q);
	return 0;
}

/* From what was asked for to the contacts of its findings, to all that name these, and to what is nearly the same text. */
static int follow(struct tracing *t, struct err *err)
{
	size_t asked = t->n, named;

	for (size_t i = 0; i < asked; i++)
		if (add_names(t, &t->traces[i], err) < 0)
			return err->code;
	for (size_t i = 0; i < t->out->n_names; i++)
		if (!str_eq(t->out->names[i].kind, STR(ACTOR_HANDLE)) &&
		    take_named(t, t->out->names[i].kind, t->out->names[i].value, ACTOR_CONTACT, err) < 0)
			return err->code;
	named = t->n;
	for (size_t i = 0; i < named; i++)
		if (t->traces[i].campaign_id && take_campaign(t, t->traces[i].campaign_id, err) < 0)
			return err->code;
	for (size_t i = asked; i < t->n; i++)
		if (add_names(t, &t->traces[i], err) < 0)
			return err->code;
	for (size_t i = 0; i < t->n; i++)
		if (add_facts(t, &t->traces[i], err) < 0)
			return err->code;
	return 0;
}

/* Two sites, one name: the less asked of them is the same person by name alone, unless a contact or a text ties them. */
static void doubt_names(struct tracing *t, struct str asked)
{
	struct actor *o = t->out;
	bool tied = false;

	for (size_t i = 0; i < o->n_names; i++)
		tied |= str_eq(o->names[i].value, asked) && !str_eq(o->names[i].kind, STR(ACTOR_HANDLE));
	for (size_t i = 0, seen = 0; i < o->n_names && !tied; i++)
		if (str_eq(o->names[i].value, asked) && seen++ > 0)
			o->names[i].sure = ACTOR_SAME_NAME;
}

int actor_load(struct store *s, struct str value, struct arena *a, struct actor *out, struct err *err)
{
	static const char *const kinds[] = { ACTOR_HANDLE, "contact", "onion", "wallet" };
	struct tracing t = { .store = s, .a = a, .out = out };

	*out = (struct actor){ 0 };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (take_named(&t, str_of(kinds[i]), value, ACTOR_ASKED, err) < 0)
			return err->code;
	if (t.n == 0)
		return 0;
	if (follow(&t, err) < 0)
		return err->code;
	settle(&t, value);
	doubt_names(&t, value);
	return 1;
}
