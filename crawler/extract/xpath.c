/* xpath.c - XPath 1.0 over a page, with a ceiling on its work */
#include "crawler/extract/xpath.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/xpath.h>

#include "base/limits.h"
#include "base/must.h"
#include "crawler/extract/text.h"

enum {
	OPERATIONS = 20 * 1000 * 1000, /* steps of one evaluation; //a over 100,000 links takes 200,000 */
	EXPRESSION = 2048,	       /* bytes; libxml2 compiles by recursion */
};

struct xpath {
	xmlXPathContext *context;
	xmlXPathObject *held; /* the value being copied out */
};

static void stay_silent(void *data, xmlErrorPtr error)
{
	(void)data;
	(void)error;
}

static xmlXPathContext *context_new(struct _xmlDoc *doc)
{
	xmlXPathContext *context = xmlXPathNewContext(doc);

	MUST(context);
	context->error = stay_silent;
	context->opLimit = OPERATIONS;
	return context;
}

struct xpath *xpath_new(struct _xmlDoc *doc)
{
	struct xpath *x = must_alloc(1, sizeof(*x));

	x->context = context_new(doc);
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
	xmlXPathFreeContext(x->context);
	free(x);
}

int xpath_check(struct str expression, struct err *err)
{
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

int xpath_find(struct xpath *x, struct str expression, struct _xmlNode *from, size_t max, struct arena *a,
	       struct xpath_nodes *out, struct err *err)
{
	struct str text = arena_copy(a, expression);
	struct xpath_nodes found = { 0 };

	x->context->node = from ? from : (xmlNode *)x->context->doc;
	x->context->opCount = 0;
	x->held = xmlXPathEval((const xmlChar *)text.p, x->context);
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
