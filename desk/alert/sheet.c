/* sheet.c - what a mail says, in two forms */
#include "desk/alert/sheet.h"

#include "base/limits.h"
#include "base/mail_header.h"
#include "base/utf8.h"
#include "classify/severity.h"

enum { COLUMNS = 76, FACT = 10, COMMAND = 34 };

void sheet_add(struct sheet *s, enum sheet_kind kind, struct str name, struct str value)
{
	struct sheet_block *b = arena_push(s->a, &s->blocks, &s->n, sizeof(*b));

	*b = (struct sheet_block){ kind, name, value };
}

void sheet_add_hostile(struct sheet *s, enum sheet_kind kind, struct str name, struct str value, size_t most)
{
	struct str line = sheet_harmless(s->a, value, most);

	if (line.n)
		sheet_add(s, kind, name, line);
}

void sheet_quote(struct sheet *s, struct str text, size_t most_lines, size_t most_characters)
{
	struct str line = { 0 };

	while (str_split(&text, '\n', &line)) {
		struct str clean = sheet_harmless(s->a, line, most_characters);

		if (clean.n == 0)
			continue;
		if (most_lines-- == 0) {
			sheet_add(s, SHEET_QUOTE, (struct str){ 0 }, STR("\xe2\x80\xa6"));
			return;
		}
		sheet_add(s, SHEET_QUOTE, (struct str){ 0 }, clean);
	}
}

/* Do these characters stand beside a dot in a name that mail programs would make a link of? */
static bool is_name(char c)
{
	return ascii_is_alnum(c) || (unsigned char)c >= 0x80 || c == '-' || c == '_';
}

static bool begins_label(char c)
{
	return ascii_is_alpha(c) || (unsigned char)c >= 0x80;
}

/* The scheme before "://" at `at` of what was written: "http" becomes "hxxp"; of others the colon is put in brackets. */
static bool break_http(struct buf *out)
{
	size_t n = out->n;
	bool secure = n > 4 && (out->p[n - 1] == 's' || out->p[n - 1] == 'S');

	n -= secure;
	if (n < 4 || !str_eq_nocase((struct str){ out->p + n - 4, 4 }, STR("http")))
		return false;
	memcpy(out->p + n - 3, "xx", 2);
	return true;
}

struct str sheet_defang(struct arena *a, struct str line)
{
	AUTO(buf) out = BUF_INIT(3 * line.n + 1);
	bool host = false; /* of an address: there every dot counts, also those of numbers */

	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];

		host = i >= 3 && str_eq(str_slice(line, i - 3, i), STR("://")) ? true : host && c != '/' && !ascii_is_space(c);
		if (c == ':' && str_starts(str_slice(line, i, line.n), STR("://")) && !break_http(&out))
			buf_add(&out, STR("[:]"));
		else if (c == '.' && i > 0 && i + 1 < line.n && is_name(line.p[i - 1]) &&
			 (begins_label(line.p[i + 1]) || (host && is_name(line.p[i + 1]))))
			buf_add(&out, STR("[.]"));
		else
			buf_add_char(&out, c);
	}
	return arena_copy(a, buf_str(&out));
}

struct str sheet_harmless(struct arena *a, struct str text, size_t most)
{
	text = str_slice(text, 0,
			 4 * most + 4); /* that many characters, and a byte of the next: it is known that there are more */
	return sheet_defang(a, mail_line(a, text, most));
}

/* Columns, for what is one wide in most places: characters. */
static size_t width_of(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* Break `text` into lines: the first begins at `column`, all others after `indent`. A word longer than a line stands alone. */
static void wrap(struct buf *out, struct str text, size_t column, const char *indent)
{
	struct str word = { 0 };
	bool first = true;

	while (str_split(&text, ' ', &word)) {
		size_t width = width_of(word);

		if (!first && column + 1 + width > COLUMNS) {
			buf_printf(out, "\n%s", indent);
			column = strlen(indent);
			first = true;
		}
		buf_printf(out, "%s%.*s", first ? "" : " ", STR_ARG(word));
		column += width + !first;
		first = false;
	}
	buf_add_char(out, '\n');
}

static void text_block(const struct sheet_block *b, struct buf *out)
{
	switch (b->kind) {
	case SHEET_LEAD:
	case SHEET_WORDS:
	case SHEET_SMALL:
		wrap(out, b->value, 0, "");
		break;
	case SHEET_HEADING:
		buf_printf(out, "%.*s\n", STR_ARG(b->value));
		break;
	case SHEET_FACT:
		buf_printf(out, "%-*.*s ", FACT, STR_ARG(b->name));
		wrap(out, b->value, FACT + 1, "           ");
		break;
	case SHEET_ITEM:
		buf_add(out, STR("- "));
		wrap(out, b->value, 2, "  ");
		break;
	case SHEET_QUOTE:
		buf_add(out, STR("> "));
		wrap(out, b->value, 2, "> ");
		break;
	case SHEET_LINK:
		buf_printf(out, "%.*s\n", STR_ARG(b->name));
		break;
	case SHEET_COMMAND:
		buf_printf(out, "%-*.*s ", COMMAND, STR_ARG(b->name));
		wrap(out, b->value, (b->name.n > COMMAND ? b->name.n : COMMAND) + 1, "    ");
		break;
	}
}

/* A blank line before a block that begins something. */
static bool begins(const struct sheet *s, size_t i)
{
	enum sheet_kind kind = s->blocks[i].kind;

	return i > 0 && (kind == SHEET_HEADING || kind == SHEET_WORDS || kind == SHEET_SMALL ||
			 (kind != s->blocks[i - 1].kind && s->blocks[i - 1].kind != SHEET_HEADING));
}

void sheet_text(const struct sheet *s, struct buf *out)
{
	for (size_t i = 0; i < s->n; i++) {
		if (begins(s, i))
			buf_add_char(out, '\n');
		text_block(&s->blocks[i], out);
	}
}

/* How each kind is written in HTML: around all that follow each other, and around each. `between`: name, value. */
struct form {
	const char *open, *close, *before, *between, *after;
};

#define QUIET "opacity:0.75" /* of whatever colour text has, light or dark */
static const struct form forms[] = {
	[SHEET_LEAD] = { "", "", "<p style=\"margin:0 0 16px;font-size:18px;line-height:1.4;font-weight:600\">", "", "</p>\n" },
	[SHEET_HEADING] = { "", "", "<h2 style=\"margin:20px 0 6px;font-size:15px\">", "", "</h2>\n" },
	[SHEET_FACT] = { "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" "
			 "style=\"border-collapse:collapse;width:100%\">\n",
			 "</table>\n",
			 "<tr><td style=\"padding:2px 12px 2px 0;vertical-align:top;white-space:nowrap;" QUIET "\">",
			 "</td><td style=\"padding:2px 0;width:100%;overflow-wrap:anywhere;word-break:break-word\">",
			 "</td></tr>\n" },
	[SHEET_ITEM] = { "<ul style=\"margin:0;padding-left:20px\">\n", "</ul>\n",
			 "<li style=\"margin:0 0 4px;overflow-wrap:anywhere\">", "", "</li>\n" },
	[SHEET_QUOTE] = { "<blockquote style=\"margin:0;padding:2px 0 2px 12px;border-left:3px solid "
			  "#9aa5af;overflow-wrap:anywhere\">\n",
			  "</blockquote>\n", "<div>", "", "</div>\n" },
	[SHEET_COMMAND] = { "", "", "<p style=\"margin:0 0 8px\"><code style=\"font-size:14px;overflow-wrap:anywhere\">",
			    "</code><br><span style=\"" QUIET "\">", "</span></p>\n" },
	[SHEET_LINK] = { "", "",
			 "<p style=\"margin:12px 0\"><a style=\"display:inline-block;padding:10px 18px;border-radius:6px;"
			 "background:#1f5f8b;color:#fff;text-decoration:none;font-weight:600\" href=\"",
			 "\">", "</a></p>\n" },
	[SHEET_WORDS] = { "", "", "<p style=\"margin:12px 0 0\">", "", "</p>\n" },
	[SHEET_SMALL] = { "", "", "<p style=\"margin:20px 0 0;font-size:13px;" QUIET "\">", "", "</p>\n" },
};

static void escape(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		switch (s.p[i]) {
		case '&':
			buf_add(out, STR("&amp;"));
			break;
		case '<':
			buf_add(out, STR("&lt;"));
			break;
		case '>':
			buf_add(out, STR("&gt;"));
			break;
		case '"':
			buf_add(out, STR("&quot;"));
			break;
		default:
			buf_add_char(out, s.p[i]);
		}
}

static void html_block(const struct sheet_block *b, struct buf *out)
{
	const struct form *f = &forms[b->kind];

	buf_printf(out, "%s", f->before);
	if (f->between[0]) {
		escape(out, b->name);
		buf_printf(out, "%s", f->between);
	}
	buf_add(out, STR("<bdi>")); /* text that runs from right to left stays in its place */
	escape(out, b->value);
	buf_printf(out, "</bdi>%s", f->after);
}

static const char *colour_of(int severity)
{
	return severity >= 90 ? "#a3101f" : severity >= 70 ? "#b8420a" : severity >= 40 ? "#8a6400" : "#4a6a88";
}

void sheet_html(const struct sheet *s, struct str title, struct buf *out)
{
	buf_add(out, STR("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
			 "<meta name=\"viewport\" content=\"width=device-width\">\n"
			 "<meta name=\"color-scheme\" content=\"light dark\">\n"
			 "<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>"));
	escape(out, title);
	buf_add(out, STR("</title></head>\n<body style=\"margin:0;padding:16px;font:16px/1.5 system-ui,-apple-system,'Segoe "
			 "UI',Roboto,"
			 "sans-serif\">\n<div style=\"max-width:640px;margin:0 auto\">\n"));
	if (s->severity >= 0)
		buf_printf(out,
			   "<p style=\"margin:0 0 12px\"><span style=\"display:inline-block;padding:2px 10px;border-radius:4px;"
			   "background:%s;color:#ffffff;font-weight:600\">%s %d</span></p>\n",
			   colour_of(s->severity), severity_name(s->severity), s->severity);
	for (size_t i = 0; i < s->n; i++) {
		enum sheet_kind kind = s->blocks[i].kind;

		if (i == 0 || s->blocks[i - 1].kind != kind)
			buf_printf(out, "%s", forms[kind].open);
		html_block(&s->blocks[i], out);
		if (i + 1 == s->n || s->blocks[i + 1].kind != kind)
			buf_printf(out, "%s", forms[kind].close);
	}
	buf_add(out, STR("</div>\n</body></html>\n"));
}
