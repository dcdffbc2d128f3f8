/* verb.c - what verbs ask of their command line */
#include "desk/verb.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"

const char *option_of(const struct invocation *i, const char *name)
{
	for (int k = 0; i->verb->options && i->verb->options[k].name; k++)
		if (strcmp(i->verb->options[k].name, name) == 0)
			return i->values[k];
	MUST(!"an option that the verb's table names");
	return NULL;
}

int option_number(const struct invocation *i, const char *name, int64_t least, int64_t most, int64_t *out, struct err *err)
{
	const char *value = option_of(i, name);
	uint64_t number;

	if (!value)
		return 0;
	if (!str_number(str_of(value), (uint64_t)most, &number) || (int64_t)number < least)
		return err_set(err, E_USAGE, "--%s %s: expected a number from %lld to %lld", name, value, (long long)least,
			       (long long)most);
	*out = (int64_t)number;
	return 0;
}

struct config *load_config(const struct invocation *i, struct err *err)
{
	return config_load(i->config_path, err);
}

int load_config_if_any(const struct invocation *i, struct config **out, struct err *err)
{
	*out = NULL;
	if (strcmp(i->config_path, "watchdesk.yaml") == 0 && access(i->config_path, R_OK) < 0)
		return 0;
	*out = config_load(i->config_path, err);
	return *out ? 0 : err->code;
}

struct str user_name(struct arena *a)
{
	struct passwd *user = getpwuid(getuid());

	return user ? arena_copy(a, str_of(user->pw_name)) : arena_printf(a, "uid %u", (unsigned)getuid());
}
