/* secrets.c - names and passwords of sign-ins */
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
		return err_set(err, E_USAGE, "login.%s: the environment has no %s; set it where the monitor is started", key,
			       name);
	return buf_add(out, value) == 0 ? 0
					: err_set(err, E_USAGE, "login.%s: %s has more than %d bytes", key, name, LIMIT_SECRET);
}

/* The first line of a file that nobody else may read. */
static int from_file(const char *path, const char *key, struct buf *out, struct err *err)
{
	struct stat s;

	if (file_read(path, out, err) < 0)
		return err_at(err, "login.%s", key);
	if (stat(path, &s) == 0 && (s.st_mode & 0007))
		return err_set(err, E_USAGE, "login.%s: everybody may read %s; chmod o= it, and change what is in it", key,
			       path);
	for (size_t i = 0; i < out->n; i++)
		if (out->p[i] == '\n' || out->p[i] == '\r') {
			explicit_bzero(out->p + i, out->n - i);
			out->n = i;
		}
	return out->n ? 0 : err_set(err, E_USAGE, "login.%s: %s is empty", key, path);
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
	if (l->url.text.n && read_one(l->user, l->user_path, "user", &s->user, &s->why) == 0)
		read_one(l->password, l->password_path, "password", &s->password, &s->why);
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
