/* mailbox.c - one address that mail can go to */
#include "base/mailbox.h"

enum { LOCAL = 64, LABEL = 63, WHOLE = 254 }; /* RFC 5321 4.5.3.1.1, RFC 1035 2.3.4, RFC 5321 4.5.3.1.3 without the brackets */

/* RFC 5322 3.2.3, atext. */
static bool is_atom_char(char c)
{
	return ascii_is_alnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* Atoms with a dot between each two. */
static bool is_local(struct str s)
{
	struct str rest = s, atom;

	if (s.n == 0 || s.n > LOCAL || s.p[s.n - 1] == '.')
		return false;
	while (str_split(&rest, '.', &atom)) {
		for (size_t i = 0; i < atom.n; i++)
			if (!is_atom_char(atom.p[i]))
				return false;
		if (atom.n == 0)
			return false;
	}
	return true;
}

static bool is_label(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return s.n > 0 && s.n <= LABEL && s.p[0] != '-' && s.p[s.n - 1] != '-';
}

static bool is_domain(struct str s)
{
	struct str rest = s, label;

	if (s.n == 0 || s.p[s.n - 1] == '.')
		return false;
	while (str_split(&rest, '.', &label))
		if (!is_label(label))
			return false;
	return true;
}

bool mailbox_is_one(struct str text)
{
	ssize_t at = str_find(text, STR("@"));

	return at > 0 && text.n <= WHOLE && is_local(str_slice(text, 0, (size_t)at)) &&
	       is_domain(str_slice(text, (size_t)at + 1, text.n));
}

int mailbox_read(struct str text, struct arena *a, struct str *out, struct err *err)
{
	struct str copy = arena_copy(a, text);

	if (!mailbox_is_one(text))
		return err_set(err, E_USAGE, "%.*s is no mail address, expected one: NAME@DOMAIN, in ASCII, without quotes",
			       (int)(text.n < 200 ? text.n : 200), text.n ? text.p : "");
	for (size_t i = (size_t)str_find(text, STR("@")); i < copy.n; i++)
		((char *)(uintptr_t)copy.p)[i] = ascii_lower(copy.p[i]);
	*out = copy;
	return 0;
}
