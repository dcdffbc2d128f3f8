/* host.c - the names of hosts that stand in a text */
/* Hot: every byte of a text passes here when the desk has domains. */
#include "classify/host.h"

#include <string.h>

#include "classify/script.h"

enum kind { OTHER, LABEL, WIDE, DOTTED };

/* LABEL stands in a label; a dot may begin with DOTTED, and WIDE begins any character beyond ASCII. */
static const unsigned char kinds[256] = {
	['a' ... 'z'] = LABEL,	['A' ... 'Z'] = LABEL, ['0' ... '9'] = LABEL, ['-'] = LABEL,
	[0x80 ... 0xff] = WIDE, ['.'] = DOTTED,	       ['['] = DOTTED,	      ['('] = DOTTED,
	['{'] = DOTTED,		[' '] = DOTTED,	       ['\\'] = DOTTED,	      ['%'] = DOTTED,
};

#define FORM(z)                  \
	{                        \
		z, sizeof(z) - 1 \
	}
static const struct str dot_forms[] = {
	FORM("[.]"),	      FORM("(.)"),	    FORM("{.}"),     FORM("[dot]"),   FORM("(dot)"),   FORM("{dot}"),
	FORM("[."),	      FORM("(."),	    FORM("\\."),     FORM("%2e"),     FORM(".]"),      FORM(" dot "),
	FORM(" [.] "),	      FORM(" (.) "),	    FORM(" [dot] "), FORM(" (dot) "), FORM(" {dot} "), FORM("\xe3\x80\x82"),
	FORM("\xef\xbc\x8e"), FORM("\xef\xbd\xa1"), FORM("."),
};
#undef FORM

/* How many bytes at `at` stand for a dot: ".", "[.]", "(dot)", " dot " ...; 0 for none. */
static size_t dot_length(struct str text, size_t at)
{
	char next = at + 1 < text.n ? text.p[at + 1] : 0, third = at + 2 < text.n ? text.p[at + 2] : 0;

	if (text.p[at] == ' ' && next != '[' && next != '(' && next != '{' && ((next | 32) != 'd' || (third | 32) != 'o'))
		return 0;
	if (text.p[at] == '.' && next != ']')
		return 1;
	for (size_t i = 0; i < sizeof(dot_forms) / sizeof(*dot_forms); i++)
		if (dot_forms[i].p[0] == text.p[at] && str_eq_nocase(str_slice(text, at, at + dot_forms[i].n), dot_forms[i]))
			return dot_forms[i].n;
	return 0;
}

/* How many bytes of a label stand at `at`: 0 where it ends. `joined` says what the label is written in so far, -1 nothing. */
static size_t label_step(struct str text, size_t at, int *joined)
{
	size_t length;
	enum script script;
	bool is_joined;

	if (kinds[(unsigned char)text.p[at]] == LABEL) {
		if (*joined == 1)
			return 0;
		*joined = 0;
		return 1;
	}
	if (kinds[(unsigned char)text.p[at]] != WIDE)
		return 0;
	script = script_at(text, at, &length);
	if (script == SCRIPT_UNSEEN)
		return length;
	/* Chinese stands right beside an address, without a blank. */
	is_joined = script == SCRIPT_JOINED || script == SCRIPT_HANGUL;
	if (script == SCRIPT_NONE || (*joined >= 0 && *joined != is_joined))
		return 0;
	*joined = is_joined;
	return length;
}

static size_t label_end(struct str text, size_t at)
{
	int joined = -1;
	size_t step;

	while (at < text.n && kinds[(unsigned char)text.p[at]] == LABEL) {
		joined = 0;
		at++;
	}
	while (at < text.n && (step = label_step(text, at, &joined)))
		at += step;
	return at;
}

static void append_dot(struct host *h, size_t at)
{
	h->dots[h->n_dots++] = (uint8_t)h->n;
	h->back[h->n] = (uint32_t)at;
	h->name[h->n++] = '.';
}

static bool append_label(struct host *h, struct str text, size_t start, size_t end)
{
	if (end - start > (size_t)HOST_BYTES - h->n || h->n_dots >= HOST_LABELS)
		return false;
	for (size_t i = start; i < end; i++) {
		h->back[h->n] = (uint32_t)i;
		h->name[h->n++] = ascii_lower(text.p[i]);
		h->ascii &= !(text.p[i] & 0x80);
		h->numeric &= ascii_is_digit(text.p[i]);
	}
	h->back[h->n] = (uint32_t)end;
	return true;
}

static void begin(struct host *h)
{
	h->n = h->n_dots = 0;
	h->ascii = h->numeric = true;
	h->defanged = false;
}

/* "-example" begins with its e. */
static size_t without_hyphens(struct str text, size_t start, size_t end)
{
	while (start < end && text.p[start] == '-')
		start++;
	return start;
}

/* Read from a label [start, end) on as far as dots and labels go; where that ends. What is too long begins anew. */
static size_t read_labels(struct str text, size_t start, size_t end, struct host *h)
{
	begin(h);
	for (;;) {
		size_t dot, next;
		bool fits = append_label(h, text, start, end);

		if (!fits) {
			begin(h);
			fits = append_label(h, text, start, end);
		}
		if (!fits)
			begin(h); /* a label that no host has */
		dot = end < text.n && kinds[(unsigned char)text.p[end]] > LABEL ? dot_length(text, end) : 0;
		next = dot && end + dot < text.n ? label_end(text, end + dot) : 0;
		if (next <= end + dot)
			return end;
		if (fits && h->n < HOST_BYTES)
			append_dot(h, end);
		else
			begin(h);
		h->defanged |= dot > 1 || text.p[end] != '.';
		start = end + dot;
		end = next;
	}
}

static void finish(struct host *h)
{
	h->name[h->n] = '\0';
	h->ascii &= !strstr(h->name, "xn--");
}

bool host_next(struct str text, size_t *at, struct host *out)
{
	while (*at < text.n) {
		unsigned char kind = kinds[(unsigned char)text.p[*at]];
		size_t start, end;

		if (kind != LABEL && kind != WIDE) {
			(*at)++;
			continue;
		}
		end = label_end(text, *at);
		if (end == *at) { /* a sign beyond ASCII */
			script_at(text, *at, &end);
			*at += end;
			continue;
		}
		start = *at;
		*at = end;
		if (end == text.n || kinds[(unsigned char)text.p[end]] <= LABEL || dot_length(text, end) == 0)
			continue;
		*at = read_labels(text, without_hyphens(text, start, end), end, out);
		if (out->n_dots == 0)
			continue;
		finish(out);
		return true;
	}
	return false;
}

bool host_read(struct str written, struct host *out)
{
	size_t end = written.n ? label_end(written, 0) : 0;

	if (end == 0 || written.n > HOST_BYTES)
		return false;
	end = read_labels(written, 0, end, out);
	finish(out);
	return end == written.n && out->n_dots > 0;
}
