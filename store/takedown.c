/* takedown.c - what is asked of hosts about a finding */
#include "store/takedown.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "store/custody.h"
#include "store/internal.h"
#include "store/operator.h"

const char *const takedown_states[9] = {
	"open", "drafted", "approved", "sent", "receipt", "refused", "gone", "back", "closed"
};

const struct takedown_grounds takedown_grounds[TAKEDOWN_GROUNDS] = {
	{ 't', "threat", "a threat of violence" }, { 'c', "credentials", "credentials" },
	{ 'p', "personal-data", "personal data" }, { 'k', "copyright", "copyright" },
	{ 's', "trade-secret", "a trade secret" }, { 'i', "impersonation", "impersonation" },
};

const struct takedown_grounds *takedown_grounds_named(struct str name)
{
	for (int i = 0; i < TAKEDOWN_GROUNDS; i++)
		if (str_eq(name, str_of(takedown_grounds[i].name)))
			return &takedown_grounds[i];
	return NULL;
}

#define TO(state) (1u << TAKEDOWN_##state)

/* What may follow on what. */
static const unsigned follows[9] = {
	[TAKEDOWN_OPEN] = TO(DRAFTED) | TO(GONE) | TO(CLOSED),
	[TAKEDOWN_DRAFTED] = TO(DRAFTED) | TO(APPROVED) | TO(GONE) | TO(CLOSED),
	[TAKEDOWN_APPROVED] = TO(DRAFTED) | TO(SENT) | TO(GONE) | TO(CLOSED),
	[TAKEDOWN_SENT] = TO(SENT) | TO(DRAFTED) | TO(RECEIPT) | TO(REFUSED) | TO(GONE) | TO(CLOSED),
	[TAKEDOWN_RECEIPT] = TO(RECEIPT) | TO(DRAFTED) | TO(REFUSED) | TO(GONE) | TO(CLOSED),
	[TAKEDOWN_REFUSED] = TO(DRAFTED) | TO(GONE) | TO(CLOSED),
	[TAKEDOWN_GONE] = TO(GONE) | TO(BACK) | TO(CLOSED),
	[TAKEDOWN_BACK] = TO(DRAFTED) | TO(GONE) | TO(CLOSED),
	[TAKEDOWN_CLOSED] = 0,
};

/* What a target keeps of having come to a state. */
static const char *const kept[9] = {
	[TAKEDOWN_SENT] = "UPDATE takedown_target SET sent_at = :now WHERE id = :id AND sent_at IS NULL",
	[TAKEDOWN_GONE] = "UPDATE takedown_target SET gone_at = :now WHERE id = :id",
	[TAKEDOWN_BACK] = "UPDATE takedown_target SET returns = returns + 1, changed_at = :now WHERE id = :id",
};

int takedown_state_named(struct str name, enum takedown_state *out)
{
	for (int i = 0; i < 9; i++)
		if (str_eq(name, str_of(takedown_states[i]))) {
			*out = (enum takedown_state)i;
			return 1;
		}
	return 0;
}

int takedown_tell(struct store *s, int64_t id, const struct takedown_act *act, int64_t now, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(KIB(60));
	struct json_writer w = { .out = &detail };
	char subject[PUBLIC_ID + 16];
	struct query *q;

	if (db_get(s->db, &q,
		   "SELECT finding.public_id, takedown.public_id FROM takedown JOIN finding ON finding.id = finding_id"
		   " WHERE takedown.id = :id",
		   ARGS(arg_int(":id", id)), "the finding of a takedown", err) < 0)
		return err->code;
	snprintf(subject, sizeof(subject), "finding %.*s", STR_ARG(db_text(q, 0)));
	json_open(&w, NULL, '{');
	json_put_text(&w, "takedown", db_text(q, 1));
	db_end(q);
	for (size_t i = 0; i + 1 < act->n; i += 2)
		if (act->fields[i + 1].n)
			json_put_text(&w, act->fields[i].p, act->fields[i + 1]);
	json_close(&w, '}');
	if (detail.full)
		return err_set(err, E_LIMIT,
			       "a note on a takedown is too long for custody; at most about 50,000 bytes are kept");
	return custody_add(s,
			   &(struct custody_act){ .kind = CUSTODY_NOTICE,
						  .subject = str_of(subject),
						  .operator_name = act->operator_name,
						  .detail = buf_str(&detail),
						  .key = act->key },
			   now, err);
}

/* The same without a key. */
static int notice(struct store *s, int64_t id, struct str operator_name, const struct str *fields, size_t n, int64_t now,
		  struct err *err)
{
	return takedown_tell(s, id, &(struct takedown_act){ operator_name, fields, n, NULL }, now, err);
}

#define NOTICE(...) TAKEDOWN_FIELDS(__VA_ARGS__)

/* When the desk knew of a finding, and whether it has an open case on these grounds. */
static int case_check(struct store *s, const struct takedown_case *c, int64_t *aware_at, struct err *err)
{
	struct query *q;
	int found;

	if (!takedown_grounds_named(c->grounds))
		return err_set(err, E_USAGE,
			       "no grounds are called %.*s, expected threat, credentials, personal-data, copyright, "
			       "trade-secret or impersonation",
			       STR_ARG(str_slice(c->grounds, 0, 40)));
	if (db_get(s->db, &q, "SELECT coalesce(first_aware_at, found_at) FROM finding WHERE id = :id",
		   ARGS(arg_int(":id", c->finding_id)), "the finding of a takedown", err) < 0)
		return err->code;
	*aware_at = c->first_aware_at ? c->first_aware_at : db_int(q, 0);
	db_end(q);
	found = db_get(s->db, &q,
		       "SELECT public_id FROM takedown WHERE finding_id = :finding AND grounds = :grounds AND state = 'open'",
		       ARGS(arg_int(":finding", c->finding_id), arg_text(":grounds", c->grounds)), NULL, err);
	if (found <= 0)
		return found;
	err_set(err, E_USAGE, "the finding has an open takedown on these grounds, %.*s; add to that one",
		STR_ARG(str_slice(db_text(q, 0), 0, 32)));
	db_end(q);
	return err->code;
}

int takedown_open(struct store *s, const struct takedown_case *c, int64_t now, struct arena *a, int64_t *id,
		  struct str *public_id, struct err *err)
{
	struct operator who;
	char fresh[PUBLIC_ID];
	struct query *q;
	int64_t aware_at = 0;

	if (case_check(s, c, &aware_at, err) < 0 || operator_id(s, c->operator_name, now, a, &who, err) < 0 ||
	    db_get(s->db, &q,
		   "INSERT INTO takedown (public_id, finding_id, campaign_id, grounds, state, operator_id, first_aware_at,"
		   " opened_at) VALUES (:public, :finding, :campaign, :grounds, 'open', :operator, :aware, :now)"
		   " RETURNING id, public_id",
		   ARGS(arg_text(":public", public_id_new(fresh)), arg_int(":finding", c->finding_id),
			arg_int_or_null(":campaign", c->campaign_id, c->campaign_id != 0), arg_text(":grounds", c->grounds),
			arg_int(":operator", who.id), arg_int(":aware", aware_at), arg_int(":now", now)),
		   "the takedown that was just written", err) < 0)
		return err->code;
	*id = db_int(q, 0);
	*public_id = arena_copy(a, db_text(q, 1));
	db_end(q);
	return notice(s, *id, c->operator_name, NOTICE(STR("did"), STR("open"), STR("grounds"), c->grounds), now, err);
}

int takedown_close(struct store *s, int64_t id, struct str operator_name, struct str note, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	const struct db_arg which = arg_int(":id", id), at = arg_int(":now", now);
	struct operator who;
	struct query *q;
	int found;

	if (operator_id(s, operator_name, now, a, &who, err) < 0)
		return err->code;
	found = db_get(s->db, &q,
		       "UPDATE takedown SET state = 'closed', closed_at = :now WHERE id = :id AND state = 'open' RETURNING id",
		       ARGS(at, which), NULL, err);
	if (found <= 0)
		return found;
	db_end(q);
	if (db_do(s->db,
		  "UPDATE takedown_target SET state = 'closed', changed_at = :now, operator_id = :operator,"
		  " recheck_at = CASE WHEN state = 'gone' THEN recheck_at END"
		  " WHERE takedown_id = :id AND state <> 'closed'",
		  ARGS(at, which, arg_int(":operator", who.id)), err) < 0 ||
	    db_do(s->db,
		  "UPDATE outbox SET state = 'silenced', ended_at = :now WHERE state = 'waiting' AND id IN"
		  " (SELECT outbox_id FROM notice WHERE takedown_id = :id AND outbox_id IS NOT NULL)",
		  ARGS(at, which), err) < 0 ||
	    notice(s, id, operator_name, NOTICE(STR("did"), STR("close"), STR("note"), note), now, err) < 0)
		return err->code;
	return 1;
}

int takedown_check_open(struct store *s, int64_t id, struct err *err)
{
	struct query *q;
	bool open;

	if (db_get(s->db, &q, "SELECT state FROM takedown WHERE id = :id", ARGS(arg_int(":id", id)), "the takedown", err) < 0)
		return err->code;
	open = str_eq(db_text(q, 0), STR("open"));
	db_end(q);
	return open ? 0 : err_set(err, E_USAGE, "the takedown is closed; open another one");
}

/* The host of an address, without name, password and port, in lower case; IPv6 in its brackets. */
static struct str host_of(struct str url, struct arena *a)
{
	const ssize_t scheme = str_find(url, STR("://"));
	struct str host = str_slice(url, scheme < 0 ? 0 : (size_t)scheme + 3, url.n);
	size_t n = 0, begin = 0;
	bool in_brackets = false;
	char *out;

	while (n < host.n && !memchr("/?#\\", host.p[n], 4))
		n++;
	host.n = n;
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] == '@')
			begin = i + 1;
	host = str_slice(host, begin, host.n);
	for (n = 0; n < host.n && (in_brackets || host.p[n] != ':'); n++)
		in_brackets = host.p[n] == '[' || (in_brackets && host.p[n] != ']');
	out = arena_alloc(a, n + 1);
	for (size_t i = 0; i < n; i++)
		out[i] = ascii_lower(host.p[i]);
	return (struct str){ out, n };
}

int takedown_target_add(struct store *s, int64_t id, struct str url, struct str operator_name, int64_t now, int64_t *target_id,
			struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	const struct db_arg which = arg_int(":takedown", id), place = arg_text(":url", url);
	struct operator who;
	struct query *q;
	int known;

	if (takedown_check_open(s, id, err) < 0 || operator_id(s, operator_name, now, a, &who, err) < 0)
		return err->code;
	known = db_get(s->db, &q, "SELECT id FROM takedown_target WHERE takedown_id = :takedown AND url = :url",
		       ARGS(which, place), NULL, err);
	if (known == 0 &&
	    db_get(s->db, &q,
		   "INSERT INTO takedown_target (takedown_id, url, host, state, operator_id, changed_at)"
		   " VALUES (:takedown, :url, :host, 'open', :operator, :now) RETURNING id",
		   ARGS(which, place, arg_text(":host", host_of(url, a)), arg_int(":operator", who.id), arg_int(":now", now)),
		   "the target that was just written", err) < 0)
		return err->code;
	if (known < 0)
		return known;
	*target_id = db_int(q, 0);
	db_end(q);
	if (known)
		return 0;
	return notice(s, id, operator_name, NOTICE(STR("did"), STR("target"), STR("url"), url), now, err) < 0 ? err->code : 1;
}

/* A target as it is. */
struct target {
	int64_t takedown_id, recheck_at;
	struct str url;
	enum takedown_state state;
};

static int target_load(struct store *s, int64_t target_id, struct arena *a, struct target *out, struct err *err)
{
	struct query *q;
	int known;

	if (db_get(s->db, &q, "SELECT takedown_id, url, state, recheck_at FROM takedown_target WHERE id = :id",
		   ARGS(arg_int(":id", target_id)), "the target of a takedown", err) < 0)
		return err->code;
	*out = (struct target){ .takedown_id = db_int(q, 0), .recheck_at = db_int(q, 3), .url = arena_copy(a, db_text(q, 1)) };
	known = takedown_state_named(db_text(q, 2), &out->state);
	db_end(q);
	return known ? 0
		     : err_set(err, E_STORE, "a target is in a state that nobody defined; `watchdesk verify` says what else");
}

static bool may_follow(const struct target *t, enum takedown_state state)
{
	return follows[t->state] & (1u << state);
}

int takedown_change(struct store *s, const struct takedown_change *c, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	const struct db_arg id = arg_int(":id", c->target_id), at = arg_int(":now", now);
	struct operator who;
	struct target is;

	if (target_load(s, c->target_id, a, &is, err) < 0)
		return err->code;
	if (!may_follow(&is, c->state))
		return err_set(err, E_USAGE, "%.*s is %s: that it is %s does not follow from there",
			       STR_ARG(str_slice(is.url, 0, 300)), takedown_states[is.state], takedown_states[c->state]);
	if (operator_id(s, c->operator_name, now, a, &who, err) < 0 ||
	    db_do(s->db,
		  "UPDATE takedown_target SET state = :state, operator_id = :operator, changed_at = :now, recheck_at = :recheck"
		  " WHERE id = :id",
		  ARGS(arg_text(":state", str_of(takedown_states[c->state])), arg_int(":operator", who.id), at,
		       arg_int_or_null(":recheck", c->recheck_at, c->recheck_at != 0), id),
		  err) < 0 ||
	    (kept[c->state] && db_do(s->db, kept[c->state], ARGS(id, at), err) < 0))
		return err->code;
	return notice(s, is.takedown_id, c->operator_name,
		      NOTICE(STR("did"), STR("change"), STR("url"), is.url, STR("from"), str_of(takedown_states[is.state]),
			     STR("to"), str_of(takedown_states[c->state]), STR("note"), c->note),
		      now, err);
}

int takedown_advance(struct store *s, int64_t target_id, enum takedown_state state, struct str operator_name, struct str note,
		     int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	struct takedown_change c = { target_id, state, operator_name, note, 0 };
	struct target is;

	if (target_load(s, target_id, a, &is, err) < 0)
		return err->code;
	if (is.state == state || !may_follow(&is, state))
		return 0;
	c.recheck_at = is.recheck_at;
	return takedown_change(s, &c, now, err) < 0 ? err->code : 1;
}

int takedown_target_finding(struct store *s, int64_t target_id, int64_t finding_id, struct err *err)
{
	return db_do(s->db, "UPDATE takedown_target SET finding_id = :finding WHERE id = :id",
		     ARGS(arg_int(":finding", finding_id), arg_int(":id", target_id)), err);
}

int takedown_target_due(struct store *s, int64_t target_id, int64_t recheck_at, struct err *err)
{
	return db_do(s->db, "UPDATE takedown_target SET recheck_at = :at WHERE id = :id",
		     ARGS(arg_int_or_null(":at", recheck_at, recheck_at != 0), arg_int(":id", target_id)), err);
}
