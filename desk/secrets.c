/* secrets.c - names and passwords of sign-ins and of the mail relay */
#include "desk/secrets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"

/* The name of the variable that holds a secret; NULL for none. The text of a configuration ends with a NUL. */
static const char *variable_of(struct yaml_text where)
{
	return str_starts(where.text, STR("env:")) ? where.text.p + strlen("env:") : NULL;
}

static int from_environment(const char *name, const char *key, struct buf *out, struct err *err)
{
	struct str value = str_of(getenv(name));

	if (value.n == 0)
		return err_set(err, E_USAGE, "%s: the environment has no %s; set it where the monitor is started", key, name);
	return buf_add(out, value) == 0 ? 0 : err_set(err, E_USAGE, "%s: %s has more than %d bytes", key, name, LIMIT_SECRET);
}

/* A file that nobody else may read. */
static int whole_file(const char *path, const char *key, struct buf *out, struct err *err)
{
	struct stat s;

	if (file_read(path, out, err) < 0)
		return err_at(err, "%s", key);
	if (stat(path, &s) == 0 && (s.st_mode & 0007))
		return err_set(err, E_USAGE, "%s: everybody may read %s; chmod o= it, and change what is in it", key, path);
	return 0;
}

/* The first line of one. */
static int from_file(const char *path, const char *key, struct buf *out, struct err *err)
{
	if (whole_file(path, key, out, err) < 0)
		return err->code;
	for (size_t i = 0; i < out->n; i++)
		if (out->p[i] == '\n' || out->p[i] == '\r') {
			explicit_bzero(out->p + i, out->n - i);
			out->n = i;
		}
	return out->n ? 0 : err_set(err, E_USAGE, "%s: %s is empty", key, path);
}

static int read_one(struct yaml_text where, const char *path, const char *key, struct buf *out, struct err *err)
{
	if (path)
		return from_file(path, key, out, err);
	if (variable_of(where))
		return from_environment(variable_of(where), key, out, err);
	return buf_add(out, where.text); /* a name that is none */
}

void secrets_read(struct secrets *s, const struct source *source)
{
	const struct source_login *l = &source->login;

	*s = (struct secrets){ .user = BUF_INIT(LIMIT_SECRET), .password = BUF_INIT(LIMIT_SECRET) };
	if (l->url.text.n && read_one(l->user, l->user_path, "login.user", &s->user, &s->why) == 0)
		read_one(l->password, l->password_path, "login.password", &s->password, &s->why);
}

void secrets_read_relay(struct secrets *s, const struct alerts *relay)
{
	*s = (struct secrets){ .user = BUF_INIT(LIMIT_SECRET), .password = BUF_INIT(LIMIT_SECRET), .key = BUF_INIT(LIMIT_KEY) };
	if (relay->key_path && whole_file(relay->key_path, "alerts.key", &s->key, &s->why) < 0)
		return;
	if (relay->password.text.n && read_one(relay->user, relay->user_path, "alerts.user", &s->user, &s->why) == 0)
		read_one(relay->password, relay->password_path, "alerts.password", &s->password, &s->why);
}

void secrets_read_mailbox(struct secrets *s, const struct alerts *a)
{
	*s = (struct secrets){ .user = BUF_INIT(LIMIT_SECRET), .password = BUF_INIT(LIMIT_SECRET) };
	if (alerts_have_mailbox(a) && read_one(a->inbox_user, a->inbox_user_path, "alerts.inbox_user", &s->user, &s->why) == 0)
		read_one(a->inbox_password, a->inbox_password_path, "alerts.inbox_password", &s->password, &s->why);
}

void secrets_read_channel(struct secrets *s, const struct alert_channel *channel)
{
	const struct str url = channel->url.text.n ? channel->url.text : str_of(channel->type->url);
	struct err why = { 0 };

	*s = (struct secrets){ .password = BUF_INIT(LIMIT_SECRET),
			       .key = BUF_INIT(LIMIT_KEY),
			       .url = BUF_INIT(LIMIT_CHANNEL_URL) };
	if (channel->key_path && whole_file(channel->key_path, "key", &s->key, &s->why) < 0)
		return;
	if (channel->credential.text.n &&
	    read_one(channel->credential, channel->credential_path, "its secret", &s->password, &s->why) < 0)
		return;
	if (url.n == 0 || read_one((struct yaml_text){ .text = url }, channel->url_path, "url", &s->url, &s->why) < 0)
		return;
	if (!channel_may_reach(channel, buf_str(&s->url), &why)) /* and is not shown */
		err_set(&s->why, E_USAGE, "url: what stands there is no address for it, %.200s", why.text);
}

static void wipe(struct buf *b)
{
	if (b->p)
		explicit_bzero(b->p, b->cap);
	buf_release(b);
}

void secrets_release(struct secrets *s)
{
	wipe(&s->user);
	wipe(&s->password);
	wipe(&s->key);
	wipe(&s->url);
}

void secrets_forget(const struct config *c)
{
	for (const char *const *name = c->variables; *name; name++) {
		char *value = getenv(*name);

		if (!value)
			continue;
		explicit_bzero(value, strlen(value)); /* the bytes themselves: they stand where /proc shows them */
		unsetenv(*name);
	}
}
