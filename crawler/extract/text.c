/* text.c - what a reader sees of an element. Hot: fast comes second here. */
#include "crawler/extract/text.h"

#include <string.h>

#include <libxml/tree.h>

#include "base/limits.h"
#include "base/utf8.h"

enum {
	QUOTES = 5, /* nested quotations shown as such */
	LISTS = 16, /* nested lists counted */
	CHUNK = 1024,
};

/* How an element stands among others. */
enum layout {
	INLINE,
	BLOCK,	   /* on lines of its own */
	PARAGRAPH, /* a blank line before and behind */
	BREAK,
	ITEM,
	CELL,
	ROW,
	QUOTE,
	PRE,
	LIST,
	HIDDEN,
};

/* An element that the walk left out. */
struct met {
	const xmlNode *node;
	int pre; /* <pre> elements around it */
};

/* What is written so far. White space is owed, not written, until the next character comes. */
struct page_text {
	struct arena *a;
	char *p;
	size_t n, cap, max;
	struct text_options options;
	int breaks;			/* line ends owed */
	bool space;			/* a space owed */
	bool tab;			/* a TAB owed */
	int pre;			/* <pre> elements open */
	int quotes;			/* <blockquote> open */
	int lists;			/* <ul>, <ol> open */
	int numbers[LISTS + 1];		/* of the next item; 0 in an unordered list */
	const struct text_apart *apart; /* NULL: everything is shown */
	size_t past;			/* of its items, those that begin before the element where the walk is */
	struct met *met;
	size_t n_met;
};

static enum layout layout_of(const char *name)
{
	static const struct {
		const char *name;
		enum layout layout;
	} rows[] = {
		{ "address", BLOCK },	 { "article", PARAGRAPH }, { "aside", PARAGRAPH },  { "blockquote", QUOTE },
		{ "body", BLOCK },	 { "br", BREAK },	   { "caption", BLOCK },    { "center", BLOCK },
		{ "dd", BLOCK },	 { "details", BLOCK },	   { "dialog", BLOCK },	    { "dir", LIST },
		{ "div", BLOCK },	 { "dl", PARAGRAPH },	   { "dt", BLOCK },	    { "fieldset", BLOCK },
		{ "figcaption", BLOCK }, { "figure", BLOCK },	   { "footer", PARAGRAPH }, { "form", BLOCK },
		{ "h1", PARAGRAPH },	 { "h2", PARAGRAPH },	   { "h3", PARAGRAPH },	    { "h4", PARAGRAPH },
		{ "h5", PARAGRAPH },	 { "h6", PARAGRAPH },	   { "head", HIDDEN },	    { "header", PARAGRAPH },
		{ "hr", PARAGRAPH },	 { "legend", BLOCK },	   { "li", ITEM },	    { "listing", PRE },
		{ "main", PARAGRAPH },	 { "menu", LIST },	   { "nav", PARAGRAPH },    { "noscript", HIDDEN },
		{ "ol", LIST },		 { "optgroup", BLOCK },	   { "option", BLOCK },	    { "p", PARAGRAPH },
		{ "plaintext", PRE },	 { "pre", PRE },	   { "script", HIDDEN },    { "section", PARAGRAPH },
		{ "style", HIDDEN },	 { "summary", BLOCK },	   { "table", PARAGRAPH },  { "tbody", BLOCK },
		{ "td", CELL },		 { "template", HIDDEN },   { "textarea", PRE },	    { "tfoot", BLOCK },
		{ "th", CELL },		 { "thead", BLOCK },	   { "title", HIDDEN },	    { "tr", ROW },
		{ "ul", LIST },		 { "xmp", PRE },
	};
	size_t low = 0, high = sizeof(rows) / sizeof(rows[0]);

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, rows[middle].name);

		if (order == 0)
			return rows[middle].layout;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return INLINE;
}

static void add(struct page_text *t, const char *p, size_t n)
{
	if (n > t->max - t->n)
		n = t->max - t->n;
	if (t->n + n > t->cap) {
		size_t cap = t->cap ? t->cap * 2 : CHUNK;
		char *larger;

		while (cap < t->n + n)
			cap *= 2;
		larger = arena_alloc(t->a, cap + 1);
		if (t->n)
			memcpy(larger, t->p, t->n);
		t->p = larger;
		t->cap = cap;
	}
	if (n)
		memcpy(t->p + t->n, p, n);
	t->n += n;
}

static void begin_line(struct page_text *t)
{
	for (int i = 0; i < t->quotes && i < QUOTES; i++)
		add(t, "> ", 2);
}

/* Pay what white space is owed before something visible. */
static void settle(struct page_text *t)
{
	if (t->n == 0 || t->breaks) {
		for (int i = 0; t->n && i < t->breaks; i++)
			add(t, "\n", 1);
		begin_line(t);
	} else if (t->tab) {
		add(t, "\t", 1);
	} else if (t->space) {
		add(t, " ", 1);
	}
	t->breaks = 0;
	t->space = t->tab = false;
}

static void owe_breaks(struct page_text *t, int n)
{
	if (t->breaks < n)
		t->breaks = n;
	t->space = t->tab = false;
}

/* Visible bytes; U+00A0 becomes a plain space, which is what it looks like. */
static void add_visible(struct page_text *t, const char *p, size_t n)
{
	const char *hard;

	settle(t);
	while (n && (hard = memmem(p, n, "\xc2\xa0", 2))) {
		add(t, p, (size_t)(hard - p));
		add(t, " ", 1);
		n -= (size_t)(hard - p) + 2;
		p = hard + 2;
	}
	add(t, p, n);
}

static bool is_white(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static void add_flowing(struct page_text *t, const char *p)
{
	while (*p) {
		size_t n = 0;

		if (is_white(*p)) {
			t->space = true;
			p++;
			continue;
		}
		while (p[n] && !is_white(p[n]))
			n++;
		add_visible(t, p, n);
		p += n;
	}
}

/* In <pre>: line by line, so that each line of a quotation gets its mark. */
static void add_preformatted(struct page_text *t, const char *p)
{
	while (*p) {
		size_t n = strcspn(p, "\n");

		if (n)
			add_visible(t, p, n - (p[n - 1] == '\r' ? 1 : 0));
		p += n;
		if (*p == '\n') {
			t->breaks++;
			t->space = t->tab = false;
			p++;
		}
	}
}

static void add_text(struct page_text *t, const char *p)
{
	if (t->pre)
		add_preformatted(t, p);
	else
		add_flowing(t, p);
}

static void open_item(struct page_text *t)
{
	int *number = &t->numbers[t->lists < LISTS ? t->lists : LISTS];
	char text[16] = "- ";

	owe_breaks(t, 1);
	if (*number) {
		uint32_t value = (uint32_t)(*number)++;
		size_t n = sizeof(text);

		text[--n] = '\0';
		text[--n] = ' ';
		text[--n] = '.';
		do {
			text[--n] = (char)('0' + value % 10);
			value /= 10;
		} while (value && n);
		memmove(text, text + n, sizeof(text) - n);
	}
	settle(t);
	add(t, text, strlen(text));
}

static void open_list(struct page_text *t, const xmlNode *node)
{
	owe_breaks(t, t->lists ? 1 : 2);
	t->lists++;
	if (t->lists <= LISTS)
		t->numbers[t->lists] = strcmp((const char *)node->name, "ol") == 0;
}

/* Begin an element; false when nothing in it is shown. */
static bool open_element(struct page_text *t, const xmlNode *node)
{
	switch (layout_of((const char *)node->name)) {
	case INLINE:
		return true;
	case HIDDEN:
		return false;
	case BREAK:
		t->breaks++;
		t->space = t->tab = false;
		return true;
	case BLOCK:
	case ROW:
		owe_breaks(t, 1);
		return true;
	case PARAGRAPH:
		owe_breaks(t, 2);
		return true;
	case QUOTE:
		owe_breaks(t, 2);
		t->quotes++;
		return true;
	case PRE:
		owe_breaks(t, 1);
		t->pre++;
		return true;
	case LIST:
		open_list(t, node);
		return true;
	case ITEM:
		open_item(t);
		return true;
	case CELL:
		if (node->prev && t->breaks == 0)
			t->tab = true;
		return true;
	}
	return true;
}

/* "mirror <https://example.net/x>": where a link leads says more than what it is called. */
static void add_address(struct page_text *t, const xmlNode *node)
{
	struct str href;
	char *text;

	if (!t->options.links || strcmp((const char *)node->name, "a") != 0 || !tree_get(node, "href", &href) ||
	    str_find(href, STR("://")) < 0 || href.n > LIMIT_URL)
		return;
	text = (char *)(uintptr_t)tree_value(t->a, node, 2 * LIMIT_URL).p;
	if (text && str_find(str_of(text), href) >= 0)
		return;
	t->space = t->n > 0;
	add_visible(t, "<", 1);
	add(t, href.p, href.n);
	add(t, ">", 1);
}

static void close_element(struct page_text *t, const xmlNode *node)
{
	switch (layout_of((const char *)node->name)) {
	case INLINE:
		add_address(t, node);
		return;
	case HIDDEN:
	case BREAK:
	case CELL:
		return;
	case BLOCK:
	case ROW:
	case ITEM:
		owe_breaks(t, 1);
		return;
	case PARAGRAPH:
		owe_breaks(t, 2);
		return;
	case QUOTE:
		t->quotes--;
		owe_breaks(t, 2);
		return;
	case PRE:
		t->pre--;
		owe_breaks(t, 1);
		return;
	case LIST:
		t->lists--;
		owe_breaks(t, t->lists ? 1 : 2);
		return;
	}
}

/* Is this one of the elements told apart? Both come in the page's order. */
static bool leave_out(struct page_text *t, const xmlNode *node)
{
	while (t->apart && t->past < t->apart->n && tree_place(t->apart->items[t->past]) < tree_place(node))
		t->past++;
	if (!t->apart || t->past == t->apart->n || t->apart->items[t->past] != node)
		return false;
	*(struct met *)arena_push(t->a, &t->met, &t->n_met, sizeof(struct met)) = (struct met){ node, t->pre };
	owe_breaks(t, t->pre ? 1 : 2); /* in <pre> the line ends around it are written out */
	return true;
}

/* Walk without recursion; every element that was opened is closed on the way up. */
static void walk(struct page_text *t, const xmlNode *top)
{
	const xmlNode *node = top;

	while (node && t->n < t->max) {
		bool down = false;

		if (node->type == XML_ELEMENT_NODE) {
			down = !leave_out(t, node) && open_element(t, node);
			if (down && node->children) {
				node = node->children;
				continue;
			}
			if (down)
				close_element(t, node);
		} else if (node->type == XML_TEXT_NODE && node->content) {
			add_text(t, (const char *)node->content);
		}
		while (node != top && !node->next) {
			node = node->parent;
			close_element(t, node);
		}
		node = node == top ? NULL : node->next;
	}
}

struct str text_cut(struct str s, size_t max)
{
	if (s.n <= max)
		return s;
	s.n = max;
	while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
		s.n--;
	return s;
}

/* What was written, cut and clean. */
static struct str finished(struct page_text *t, size_t max)
{
	struct str out = text_cut((struct str){ t->p, t->n }, max);
	size_t replaced;

	while (out.n && is_white(out.p[out.n - 1]))
		out.n--;
	return utf8_clean(t->a, out, &replaced);
}

struct str text_of_element(struct arena *a, const struct _xmlNode *element, size_t max, struct text_options options)
{
	return text_without(a, element, max, options, NULL);
}

struct str text_without(struct arena *a, const struct _xmlNode *element, size_t max, struct text_options options,
			struct text_apart *apart)
{
	struct page_text t = {
		.a = a, .max = max + 4, .options = options, .apart = apart
	}; /* room to cut behind a whole character */
	struct page_text said = { .a = a, .max = max + 4, .options = options };

	if (element->type != XML_ELEMENT_NODE)
		return text_cut(tree_value(a, element, max + 4), max);
	t.pre = options.preformatted;
	t.quotes = layout_of((const char *)element->name) == QUOTE ? -1 : 0; /* as a whole it is no quotation */
	walk(&t, element);
	for (size_t i = 0; i < t.n_met; i++) {
		owe_breaks(&said, 2);
		said.pre = t.met[i].pre;
		for (const xmlNode *child = t.met[i].node->children; child; child = child->next)
			walk(&said, child);
	}
	if (apart)
		apart->said = finished(&said, max);
	return finished(&t, max);
}

struct str text_squeezed(struct arena *a, struct str s, size_t max)
{
	char *out;
	size_t n = 0, replaced;

	s = str_trim(text_cut(s, 4 * max + 64));
	out = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		if (!is_white(s.p[i]))
			out[n++] = s.p[i];
		else if (n && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	s = text_cut((struct str){ out, n }, max);
	return utf8_clean(a, str_trim(s), &replaced);
}

struct str text_line(struct arena *a, const struct _xmlNode *node, size_t max)
{
	return text_squeezed(a, tree_value(a, node, 16 * max), max);
}
