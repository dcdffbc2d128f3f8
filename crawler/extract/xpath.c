/* xpath.c - XPath 1.0 over a page, with a ceiling on its work */
#include "crawler/extract/xpath.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "base/limits.h"
#include "base/must.h"
#include "crawler/extract/text.h"

enum {
	OPERATIONS = 20 * 1000 *
		     1000, /* steps for one page; //a over 100,000 links takes 200,000, a thread of 50 posts 100,000 */
	EXPRESSION = 2048, /* bytes; libxml2 compiles by recursion */
	COMPILED = 24,	   /* expressions kept; a source has about a dozen */
};

/* An expression as libxml2 compiled it; a page evaluates each of them once a post. */
struct compiled {
	struct str text; /* borrowed: the source's */
	xmlXPathCompExpr *expression;
};

struct xpath {
	xmlXPathContext *context;
	xmlXPathObject *held; /* the value being copied out */
	struct compiled compiled[COMPILED];
	size_t n;
};

static void stay_silent(void *data, xmlErrorPtr error)
{
	(void)data;
	(void)error;
}

static void say_nothing(void *data, const char *format, ...)
{
	(void)data;
	(void)format;
}

/* Is `word` one of those in `list`, as HTML has them in a class? */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = list; n && (at = strstr(at, word)); at += n)
		if ((at == list || ascii_is_space(at[-1])) && (!at[n] || ascii_is_space(at[n])))
			return true;
	return false;
}

/*
 * has-class('post'): of the element at hand. It says what contains(concat(' ', @class, ' '), ' post ') does, without making
 * three texts for each element of the page.
 */
static void has_class(xmlXPathParserContext *p, int n)
{
	xmlXPathObject *word;
	const xmlNode *node = p->context->node;
	bool has = false;

	if (n != 1) {
		xmlXPathSetArityError(p);
		return;
	}
	word = valuePop(p);
	if (!word || word->type != XPATH_STRING) {
		xmlXPathFreeObject(word);
		xmlXPathSetTypeError(p);
		return;
	}
	for (const xmlAttr *a = node && node->type == XML_ELEMENT_NODE ? node->properties : NULL; a; a = a->next)
		if (strcmp((const char *)a->name, "class") == 0 && a->children && a->children->content)
			has = has_word((const char *)a->children->content, (const char *)word->stringval);
	xmlXPathFreeObject(word);
	valuePush(p, xmlXPathNewBoolean(has));
}

static xmlXPathContext *context_new(struct _xmlDoc *doc)
{
	xmlXPathContext *context = xmlXPathNewContext(doc);

	MUST(context);
	xmlSetGenericErrorFunc(NULL, say_nothing); /* a few errors go there whatever the context says */
	context->error = stay_silent;
	context->opLimit = OPERATIONS;
	xmlXPathRegisterFunc(context, (const xmlChar *)"has-class", has_class);
	return context;
}

struct xpath *xpath_new(struct _xmlDoc *doc)
{
	struct xpath *x = must_alloc(1, sizeof(*x));

	x->context = context_new(doc);
	xmlXPathContextSetCache(x->context, 1, -1, 0); /* values are made and dropped with each step */
	return x;
}

static void drop(struct xpath *x)
{
	xmlXPathFreeObject(x->held);
	x->held = NULL;
}

void xpath_free(struct xpath *x)
{
	if (!x)
		return;
	drop(x);
	for (size_t i = 0; i < x->n; i++)
		xmlXPathFreeCompExpr(x->compiled[i].expression);
	xmlXPathFreeContext(x->context);
	free(x);
}

static bool is_name(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || c == ':' || (unsigned char)c >= 0x80;
}

/* XPath 1.0, chapter 4, our own, and the node types and operators that stand before a parenthesis. */
static bool is_function(struct str name)
{
	static const char *const names[] = {
		"has-class",
		"last",
		"position",
		"count",
		"id",
		"local-name",
		"namespace-uri",
		"name",
		"string",
		"concat",
		"starts-with",
		"contains",
		"substring-before",
		"substring-after",
		"substring",
		"string-length",
		"normalize-space",
		"translate",
		"boolean",
		"not",
		"true",
		"false",
		"lang",
		"number",
		"sum",
		"floor",
		"ceiling",
		"round",
		"text",
		"node",
		"comment",
		"processing-instruction",
		"and",
		"or",
		"div",
		"mod",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_ends(name, str_of(names[i])) &&
		    (name.n == strlen(names[i]) || name.p[name.n - strlen(names[i]) - 1] == ':'))
			return true;
	return false;
}

/* The first function that does not exist; libxml2 would notice only where a page makes it call it. */
static struct str unknown_function(struct str s)
{
	size_t i = 0, start = 0, end = 0;
	char quote = 0;

	for (; i < s.n; i++) {
		if (quote) {
			quote = s.p[i] == quote ? 0 : quote;
		} else if (s.p[i] == '"' || s.p[i] == '\'') {
			quote = s.p[i];
			start = end = i;
		} else if (s.p[i] == '(' && end > start && !is_function(str_slice(s, start, end))) {
			return str_slice(s, start, end);
		} else if (is_name(s.p[i])) {
			start = i && is_name(s.p[i - 1]) ? start : i;
			end = i + 1;
		} else if (!ascii_is_space(s.p[i])) {
			start = end = i;
		}
	}
	return (struct str){ 0 };
}

int xpath_check(struct str expression, struct err *err)
{
	struct str unknown;

	char text[EXPRESSION + 1];
	xmlXPathContext *context;
	xmlXPathCompExpr *compiled;
	char why[120] = "";

	if (expression.n == 0 || expression.n > EXPRESSION || memchr(expression.p, '\0', expression.n))
		return err_set(err, E_USAGE, "an XPath of %zu bytes, expected 1 to %d", expression.n, EXPRESSION);
	snprintf(text, sizeof(text), "%.*s", STR_ARG(expression));
	context = context_new(NULL);
	compiled = xmlXPathCtxtCompile(context, (const xmlChar *)text);
	if (!compiled && context->lastError.message)
		snprintf(why, sizeof(why), " (%.*s at byte %d)", (int)strcspn(context->lastError.message, "\n"),
			 context->lastError.message, context->lastError.int1);
	xmlXPathFreeContext(context);
	if (!compiled)
		return err_set(err, E_USAGE, "\"%.*s\" is no XPath 1.0%s", (int)(expression.n < 120 ? expression.n : 120),
			       expression.p, why);
	xmlXPathFreeCompExpr(compiled);
	unknown = unknown_function(expression);
	if (unknown.n)
		return err_set(err, E_USAGE, "XPath 1.0 has no function %.*s()", STR_ARG(unknown));
	return 0;
}

static void copy_nodes(struct xpath *x, size_t max, struct arena *a, struct xpath_nodes *out)
{
	const xmlNodeSet *set = x->held->nodesetval;
	size_t count = set && set->nodeNr > 0 ? (size_t)set->nodeNr : 0;

	count = count < max ? count : max;
	out->items = arena_alloc(a, count * sizeof(*out->items) + 1);
	for (size_t i = 0; i < count; i++) {
		xmlNode *node = set->nodeTab[i];

		if (node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE || node->type == XML_TEXT_NODE)
			out->items[out->n++] = node;
	}
}

static void copy_value(struct xpath *x, struct arena *a, struct xpath_nodes *out)
{
	xmlXPathObject *text = x->held = xmlXPathConvertString(x->held);

	if (text && text->stringval)
		out->text = arena_copy(a, text_cut(str_of((const char *)text->stringval), LIMIT_TEXT));
}

/* Compiled when it is first wanted; NULL when it does not compile. */
static xmlXPathCompExpr *compiled_of(struct xpath *x, struct str expression, struct arena *a)
{
	struct compiled *c = x->compiled;

	while (c < x->compiled + x->n && !str_eq(c->text, expression))
		c++;
	if (c == x->compiled + x->n) {
		if (x->n == COMPILED)
			xmlXPathFreeCompExpr(x->compiled[--x->n].expression);
		c = &x->compiled[x->n];
		*c = (struct compiled){ expression, xmlXPathCompile((const xmlChar *)arena_copy(a, expression).p) };
		x->n += c->expression != NULL;
	}
	return c->expression;
}

int xpath_find(struct xpath *x, struct str expression, struct _xmlNode *from, size_t max, struct arena *a,
	       struct xpath_nodes *out, struct err *err)
{
	xmlXPathCompExpr *compiled = compiled_of(x, expression, a);
	struct xpath_nodes found = { 0 };

	x->context->node = from ? from : (xmlNode *)x->context->doc;
	x->held = compiled ? xmlXPathCompiledEval(compiled, x->context) : NULL;
	if (!x->held)
		return err_set(err, E_BAD, "the XPath \"%.*s\" cannot be evaluated on this page",
			       (int)(expression.n < 200 ? expression.n : 200), expression.p);
	if (x->held->type == XPATH_NODESET)
		copy_nodes(x, max, a, &found);
	else
		copy_value(x, a, &found);
	drop(x);
	*out = found;
	return 0;
}

bool xpath_holds(struct xpath *x, struct str expression, struct arena *a)
{
	struct xpath_nodes found;

	if (xpath_find(x, expression, NULL, 1, a, &found, NULL) < 0)
		return false;
	return found.n > 0 || (found.text.n > 0 && !str_eq(found.text, STR("false")) && !str_eq(found.text, STR("0")) &&
			       !str_eq(found.text, STR("NaN")));
}

void xpath_warm_up(void)
{
	xmlInitParser();
	xpath_check(STR("//a[contains(@b, 'c')]"), NULL);
}
