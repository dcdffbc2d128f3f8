/* notice_mark.c - what stands in braces and angle brackets in the text of a notice */
#include "desk/takedown/notice_mark.h"

/* A letter, then letters, digits, "_" and "-". */
static size_t name_length(struct str s)
{
	size_t n = 0;

	while (n < s.n &&
	       ((s.p[n] >= 'a' && s.p[n] <= 'z') || (n > 0 && (ascii_is_digit(s.p[n]) || s.p[n] == '_' || s.p[n] == '-'))))
		n++;
	return n;
}

/* What `s` begins with, a "{" or "<" being its first byte: "{fact}", "<element>", "</element>", or none; its length into *n. */
static enum mark mark_at(struct str s, struct str *name, size_t *n)
{
	const bool fact = s.p[0] == '{', close = !fact && s.n > 1 && s.p[1] == '/';
	const size_t skip = close ? 2 : 1, length = name_length(str_slice(s, skip, s.n));

	if (length == 0 || skip + length >= s.n || s.p[skip + length] != (fact ? '}' : '>'))
		return MARK_END;
	*name = str_slice(s, skip, skip + length);
	*n = skip + length + 1;
	return fact ? MARK_FACT : close ? MARK_CLOSE : MARK_OPEN;
}

enum mark mark_next(struct str *rest, struct str *before, struct str *name)
{
	for (size_t i = 0, n = 0; i < rest->n; i++) {
		enum mark m = MARK_END;

		if (rest->p[i] == '{' || rest->p[i] == '<')
			m = mark_at(str_slice(*rest, i, rest->n), name, &n);
		if (m == MARK_END)
			continue;
		*before = str_slice(*rest, 0, i);
		*rest = str_slice(*rest, i + n, rest->n);
		return m;
	}
	*before = *rest;
	*rest = (struct str){ 0 };
	return MARK_END;
}

const struct notice_element *mark_element(const struct notice_template *t, struct str name)
{
	for (size_t i = 0; i < t->n_elements; i++)
		if (str_eq(t->elements[i].name.text, name))
			return &t->elements[i];
	return NULL;
}

struct str mark_sentence(struct str text, struct str element)
{
	struct str rest = text, before, name;
	const char *start = NULL;
	enum mark m;

	while ((m = mark_next(&rest, &before, &name)) != MARK_END) {
		if (m == MARK_OPEN && str_eq(name, element))
			start = rest.p;
		if (m == MARK_CLOSE && start && str_eq(name, element))
			return str_trim((struct str){ start, (size_t)(before.p + before.n - start) });
	}
	return (struct str){ 0 };
}

bool mark_is_required(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str fact)
{
	for (size_t i = 0; i < t->n_elements; i++)
		for (size_t k = 0; k < t->elements[i].facts.n; k++)
			if (str_eq(t->elements[i].facts.items[k].text, fact) && element_applies(&t->elements[i], facts, n))
				return true;
	return false;
}
