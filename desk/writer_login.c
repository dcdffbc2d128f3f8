/* writer_login.c - sources that sign in: when, how often, and what waits meanwhile */
#include <stdio.h>

#include "base/clock.h"
#include "base/must.h"
#include "crawler/schedule.h"
#include "desk/writer.h"
#include "store/frontier.h"
#include "store/health.h"

#define MINUTE INT64_C(60000000) /* us */
#define HOUR   (60 * MINUTE)

enum { FRESH_MINUTES = 10 }; /* a page that asks again so soon after a sign-in is not for us */

static const struct source_login *login_of(const struct writer *w, int source)
{
	return &writer_source(w, source)->login;
}

static struct sign_in *sign_in_of(const struct writer *w, int source)
{
	return &w->sources[source].sign_in;
}

static struct str version_of(const struct writer *w, int source)
{
	return (struct str){ (const char *)login_of(w, source)->version, DIGEST_BYTES };
}

void writer_open_sign_in(struct writer *w, int source, const struct session *session, int64_t now)
{
	struct sign_in *s = sign_in_of(w, source);

	*s = (struct sign_in){ 0 };
	if (!str_eq(session->login, version_of(w, source))) /* another way to sign in, or the first */
		return;
	s->in = session->state == SESSION_IN;
	s->refusals = session->refusals;
	s->due_at = session->due_at > now + HOUR ? now + HOUR : session->due_at; /* a clock that went back is not waited for */
	if (session->state == SESSION_REFUSED && session->due_at == 0)
		s->due_at = INT64_MAX;
}

bool writer_is_in(const struct writer *w, int source)
{
	return login_of(w, source)->url.text.n == 0 || sign_in_of(w, source)->in;
}

int64_t writer_wakes_at(const struct writer *w, int source)
{
	if (writer_is_in(w, source))
		return w->sources[source].look_at;
	return sign_in_of(w, source)->step != LOGIN_NONE ? INT64_MAX : sign_in_of(w, source)->due_at;
}

/* Have a step done; `form` is for LOGIN_SEND. */
static void send_step(struct writer *w, int source, enum login_step step, const struct login_form *form)
{
	struct sign_in *s = sign_in_of(w, source);
	const struct job job = { .id = login_id(source),
				 .ticket = ++w->tickets,
				 .source = source,
				 .kind = PAGE_LISTING,
				 .step = step,
				 .url = login_of(w, source)->url.text };
	struct buf *out = message_begin(&w->net, MESSAGE_LOGIN);

	job_put(out, &job);
	form_put(out, form);
	message_end(&w->net);
	s->step = step;
	s->ticket = job.ticket;
}

int writer_sign_in(struct writer *w, int source, int64_t now)
{
	struct sign_in *s = sign_in_of(w, source);

	if (writer_is_in(w, source) || s->step != LOGIN_NONE || s->due_at > now || w->n_out + w->n_sign_ins >= LIMIT_QUEUE)
		return 0;
	w->n_sign_ins++;
	send_step(w, source, LOGIN_ASK, &(struct login_form){ 0 });
	return 1;
}

static int keep(struct writer *w, int source, enum session_state state, struct str detail, int64_t now, struct err *err)
{
	const struct sign_in *s = sign_in_of(w, source);
	const struct session session = { .state = state,
					 .refusals = s->refusals,
					 .login = version_of(w, source),
					 .detail = detail,
					 .due_at = s->in || s->due_at == INT64_MAX ? 0 : s->due_at };

	return session_put(w->store, w->sources[source].id, &session, now, err);
}

/* It is over, one way or the other. */
static void end(struct writer *w, int source)
{
	MUST(w->n_sign_ins > 0);
	w->n_sign_ins--;
	sign_in_of(w, source)->step = LOGIN_NONE;
}

static int is_in(struct writer *w, int source, int64_t now, struct err *err)
{
	struct sign_in *s = sign_in_of(w, source);

	end(w, source);
	s->in = true;
	s->since = now;
	s->number++;
	s->refusals = s->failures = 0;
	writer_look_at(w, source, now);
	return keep(w, source, SESSION_IN, (struct str){ 0 }, now, err);
}

static int note(struct writer *w, int source, const char *class_name, struct str detail, int64_t now, struct err *err)
{
	const struct health_failure f = { w->sources[source].id, true, class_name, login_of(w, source)->url.text, detail };

	w->round.failed++;
	return health_failed(w->store, &f, now, err);
}

/* The form came back: name or password are not taken. */
static int is_refused(struct writer *w, int source, int64_t now, struct err *err)
{
	struct sign_in *s = sign_in_of(w, source);
	struct str detail;
	int64_t wait;

	end(w, source);
	wait = login_wait(++s->refusals);
	s->due_at = wait ? now + wait : INT64_MAX;
	detail = arena_printf(w->a,
			      "the site refuses the name or the password, or login.signed_in holds on no page (try %d of %d)%s",
			      s->refusals, LIMIT_LOGINS,
			      wait ? "" : "; it is tried no more until the configuration or the file of the password changes");
	if (keep(w, source, SESSION_REFUSED, detail, now, err) < 0)
		return err->code;
	return note(w, source, "login", detail, now, err);
}

/* There was no answer that says anything of name and password. */
static int came_to_nothing(struct writer *w, int source, const char *class_name, struct str detail, int64_t now,
			   struct err *err)
{
	struct sign_in *s = sign_in_of(w, source);

	end(w, source);
	s->due_at = now + schedule_retry(writer_source(w, source), true, s->failures++);
	if (keep(w, source, s->refusals ? SESSION_REFUSED : SESSION_OUT, detail, now, err) < 0)
		return err->code;
	return note(w, source, class_name, detail, now, err);
}

static int take_page(struct writer *w, int source, const struct read_login *l, struct err *err)
{
	struct sign_in *s = sign_in_of(w, source);
	int64_t now = clock_now_us();

	w->round.fetched++;
	if (l->in)
		return is_in(w, source, now, err);
	if (s->step == LOGIN_CHECK)
		return is_refused(w, source, now, err);
	if (s->step == LOGIN_SEND) {
		send_step(w, source, LOGIN_CHECK, &(struct login_form){ 0 });
		return 0;
	}
	if (l->problem.n || l->form.n_fields == 0)
		return came_to_nothing(w, source, "login", l->problem, now, err);
	send_step(w, source, LOGIN_SEND, &l->form);
	return 0;
}

/* The source whose sign-in waits for this, -1 for none. */
static int source_of(const struct writer *w, int64_t id)
{
	int64_t source = -1 - id;

	if (source < 0 || source >= (int64_t)w->role->config->n_sources || sign_in_of(w, (int)source)->step == LOGIN_NONE)
		return -1;
	return (int)source;
}

int writer_take_signed(struct writer *w, struct message *m, struct err *err)
{
	struct receipt receipt;
	struct read_login l;
	int source;

	arena_clear(w->a);
	read_login_take(m, w->a, &l);
	if (m->bad || m->fields.n)
		return E_BAD;
	if (!receipt_take(l.receipt, w->role->receipt_key, &receipt) || receipt.job != l.id)
		return E_BAD;
	source = source_of(w, l.id);
	if (source < 0 || receipt.ticket != sign_in_of(w, source)->ticket) /* delivered twice */
		return 0;
	if (writer_open_group(w, err) < 0)
		return err->code;
	return take_page(w, source, &l, err);
}

int writer_sign_in_failed(struct writer *w, const struct outcome *o, struct err *err)
{
	AUTO(buf) class_name = BUF_INIT(64);
	int source = source_of(w, o->id);
	int64_t now = clock_now_us();

	if (source < 0)
		return 0;
	if (o->kind == OUTCOME_RELEASED) { /* the host asked for silence */
		end(w, source);
		sign_in_of(w, source)->due_at = o->retry_at > now ? o->retry_at : now;
		return 0;
	}
	buf_add(&class_name, o->class_name);
	return came_to_nothing(w, source, class_name.p ? class_name.p : "HTTP", o->detail, now, err);
}

int writer_was_signed_out(struct writer *w, const struct out *o, int64_t now, struct err *err)
{
	struct sign_in *s = sign_in_of(w, o->source);
	const struct frontier_outcome again = { .due_at = now, .tries = o->tries + 1, .calm = o->calm, .wait = o->wait };
	bool stale = !s->in || o->sign_in != s->number;

	if (login_of(w, o->source)->url.text.n == 0 || (!stale && o->tries > 0 && now - s->since < FRESH_MINUTES * MINUTE))
		return 0;
	writer_look_at(w, o->source, now);
	if (frontier_done(w->store, o->id, &again, err) < 0)
		return err->code;
	if (stale)
		return 1;
	s->returns = now - s->since < HOUR ? s->returns + 1 : 0;
	s->in = false;
	s->due_at = s->returns > 1 ? now + (MINUTE << (s->returns < 8 ? s->returns - 2 : 6)) : now;
	return keep(w, o->source, SESSION_OUT, STR("the site has ended the session"), now, err) < 0 ? err->code : 1;
}
