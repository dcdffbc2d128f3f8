/* source_entry.c - a source as lines of watchdesk.yaml */
#include "desk/source_entry.h"

#include <string.h>

/* Fit to stand without quotes in a block of YAML: no sign that begins something else, no end of a key, no comment. */
static bool is_plain(struct str s)
{
	if (s.n == 0 || !(ascii_is_alnum(s.p[0]) || s.p[0] == '/') || s.p[s.n - 1] == ':' || ascii_is_space(s.p[s.n - 1]))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return str_find(s, STR(": ")) < 0 && str_find(s, STR(" #")) < 0;
}

static void put_scalar(struct buf *out, struct str s)
{
	if (is_plain(s)) {
		buf_add(out, s);
		return;
	}
	buf_add_char(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_add_char(out, '\\');
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			buf_printf(out, "\\x%02x", (unsigned char)s.p[i]);
		else
			buf_add_char(out, s.p[i]);
	}
	buf_add_char(out, '"');
}

void entry_put(struct buf *out, const struct entry_line *lines, size_t n, size_t indent, const char *end)
{
	bool first = true;

	for (size_t i = 0; i < n; i++) {
		if (lines[i].value.n == 0)
			continue;
		buf_printf(out, "%*s%s%s: ", (int)indent, "", first ? "- " : "  ", lines[i].key);
		put_scalar(out, lines[i].value);
		buf_printf(out, "%s", end);
		first = false;
	}
}

/* Where an entry goes. */
struct place {
	size_t at;     /* bytes of the text before it */
	size_t indent; /* of the list's items */
	bool list;     /* there is one */
};

static size_t spaces(struct str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == ' ')
		n++;
	return n;
}

static bool is_item(struct str line)
{
	size_t n = spaces(line);

	return n < line.n && line.p[n] == '-' && (n + 1 == line.n || ascii_is_space(line.p[n + 1]));
}

static bool is_comment(struct str line)
{
	return str_starts(str_trim(line), STR("#"));
}

/* Does a line still belong to what `sources:` began? */
static bool is_inside(struct str line)
{
	return str_trim(line).n == 0 || line.p[0] == ' ' || line.p[0] == '#' || is_item(line);
}

static void follow_list(struct str text, size_t at, struct place *out)
{
	struct str rest = str_slice(text, at, text.n), line = { 0 };
	bool items = false;

	while (str_split(&rest, '\n', &line) && is_inside(line)) {
		if (!items && is_item(line)) {
			items = true;
			out->indent = spaces(line);
		}
		if (str_trim(line).n && line.p[0] != '#' && (items || !is_comment(line)))
			out->at = (size_t)(line.p - text.p) + line.n + (line.p + line.n < text.p + text.n);
	}
}

static int find_place(struct str text, const char *file, struct place *out, struct err *err)
{
	struct str rest = text, line = { 0 };
	int number = 0;

	*out = (struct place){ .at = text.n, .indent = 2 };
	while (str_split(&rest, '\n', &line)) {
		struct str behind;

		number++;
		if (!str_starts(line, STR("sources:")))
			continue;
		behind = str_trim(str_slice(line, 8, line.n));
		if (behind.n && behind.p[0] != '#')
			return err_set(
				err, E_USAGE,
				"%s:%d: the sources stand behind `sources:`, expected lines below it that begin with `- `: "
				"write them so, and add it again",
				file, number);
		out->list = true;
		out->at = (size_t)(line.p - text.p) + line.n + (line.p + line.n < text.p + text.n);
		follow_list(text, out->at, out);
		return 0;
	}
	return 0;
}

int entry_append(struct str text, const char *file, const struct entry_line *lines, size_t n, struct buf *out, struct err *err)
{
	const char *end = str_find(text, STR("\r\n")) >= 0 ? "\r\n" : "\n";
	struct place place;

	if (find_place(text, file, &place, err) < 0)
		return E_USAGE;
	buf_add(out, str_slice(text, 0, place.at));
	if (place.at && text.p[place.at - 1] != '\n')
		buf_printf(out, "%s", end);
	if (!place.list)
		buf_printf(out, "sources:%s", end);
	entry_put(out, lines, n, place.indent, end);
	buf_add(out, str_slice(text, place.at, text.n));
	return 0;
}
