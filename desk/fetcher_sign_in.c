/* fetcher_sign_in.c - cookies, and the forms of sign-ins: where names and passwords are put in */
#include "desk/fetcher.h"

#include <string.h>

#include "base/limits.h"
#include "base/must.h"

struct net_jar *fetcher_jar(struct fetcher *f, int64_t source)
{
	if (!f->jars[source])
		f->jars[source] = net_jar_new(f->net);
	return f->jars[source];
}

/* What the site has set is to be there after a restart. */
void fetcher_tell_cookies(struct fetcher *f, int64_t source)
{
	struct str lines;
	struct buf *out;

	if (!net_jar_changed(fetcher_jar(f, source), &lines))
		return;
	out = message_begin(&f->writer, MESSAGE_COOKIES);
	put_int(out, source);
	put_str(out, lines);
	message_end(&f->writer);
}

void fetcher_take_cookies(struct fetcher *f, struct message *m)
{
	int64_t source = take_int_in(m, 0, (int64_t)f->role->config->n_sources - 1);
	struct str lines = take_str(m);

	MUST(!m->bad); /* the writer is ours */
	net_jar_fill(fetcher_jar(f, source), lines);
}

/* Fill in the form that the writer hands back, if it goes where it may. */
static int fill_in(struct fetcher *f, const struct job *job, const struct login_form *form, struct buf *out, struct err *err)
{
	const struct secrets *secrets = &f->secrets[job->source];
	struct url page, action;
	const char *why;

	if (secrets->why.code)
		return err_set(err, E_USAGE, "%s", secrets->why.text);
	if (job->step != LOGIN_SEND)
		return 0;
	if (url_parse(f->a, f->role->config->sources[job->source].login.url.text, (struct str){ 0 }, &page, err) < 0 ||
	    url_parse(f->a, form->action, (struct str){ 0 }, &action, err) < 0)
		return err->code;
	why = login_refuses(&page, &action);
	if (why)
		return err_set(err, E_BAD, "%s", why);
	return login_write(form, buf_str(&secrets->user), buf_str(&secrets->password), out, err);
}

void fetcher_take_login(struct fetcher *f, struct message *m)
{
	const struct config *config = f->role->config;
	struct login_form form;
	struct err err = { 0 };
	struct fetch *x;
	struct job job;

	job_take(m, config->n_sources, &job);
	form_take(m, f->a, &form);
	MUST(!m->bad); /* the writer is ours */
	x = fetch_new(&job, job.step == LOGIN_SEND ? form.action : job.url,
		      config_user_agent(config, &config->sources[job.source], f->a));
	fetcher_add(f, x);
	if (fill_in(f, &job, &form, &x->post, &err) < 0)
		fetcher_refuse(f, x, "login", err.text);
}
