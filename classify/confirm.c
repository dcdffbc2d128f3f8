/* confirm.c - does a pattern match here? The only user of pcre2.h */
#include "classify/confirm.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/must.h"

enum { STACK_LEAST = 32 * 1024, STACK_MOST = 512 * 1024 };

struct confirm {
	pcre2_code *code;
	uint32_t groups;
};

struct confirm_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

struct confirm *confirm_new(struct str pattern, struct err *err)
{
	struct confirm *c = must_alloc(1, sizeof(*c));
	PCRE2_UCHAR text[160] = { 0 };
	PCRE2_SIZE at = 0;
	int code = 0;

	c->code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, PCRE2_NEVER_UTF | PCRE2_USE_OFFSET_LIMIT, &code, &at, NULL);
	if (c->code)
		code = pcre2_jit_compile(c->code, PCRE2_JIT_COMPLETE);
	if (code < 0 || !c->code) {
		pcre2_get_error_message(code, text, sizeof(text));
		err_set(err, E_BAD, "%s at character %zu", (const char *)text, (size_t)at);
		confirm_free(c);
		return NULL;
	}
	pcre2_pattern_info(c->code, PCRE2_INFO_CAPTURECOUNT, &c->groups);
	return c;
}

void confirm_free(struct confirm *c)
{
	if (!c)
		return;
	pcre2_code_free(c->code);
	free(c);
}

size_t confirm_groups(const struct confirm *c)
{
	return c->groups;
}

struct confirm_scratch *confirm_scratch_new(void)
{
	struct confirm_scratch *s = must_alloc(1, sizeof(*s));

	s->data = pcre2_match_data_create(CONFIRM_GROUPS, NULL);
	s->context = pcre2_match_context_create(NULL);
	s->stack = pcre2_jit_stack_create(STACK_LEAST, STACK_MOST, NULL);
	MUST(s->data && s->context && s->stack);
	pcre2_set_match_limit(s->context, LIMIT_PCRE_STEPS);
	pcre2_jit_stack_assign(s->context, NULL, s->stack);
	return s;
}

void confirm_scratch_free(struct confirm_scratch *s)
{
	if (!s)
		return;
	pcre2_jit_stack_free(s->stack);
	pcre2_match_context_free(s->context);
	pcre2_match_data_free(s->data);
	free(s);
}

int confirm_find(const struct confirm *c, struct confirm_scratch *s, struct str text, size_t from, struct confirm_found *out)
{
	return confirm_find_before(c, s, text, from, text.n, out);
}

int confirm_find_before(const struct confirm *c, struct confirm_scratch *s, struct str text, size_t from, size_t last,
			struct confirm_found *out)
{
	const PCRE2_SIZE *place;
	int n;

	if (from > text.n)
		return 0;
	pcre2_set_offset_limit(s->context, last);
	n = pcre2_match(c->code, (PCRE2_SPTR)(text.n ? text.p : ""), text.n, from, 0, s->data, s->context);
	if (n == PCRE2_ERROR_NOMATCH)
		return 0;
	if (n < 0)
		return E_LIMIT;
	*out = (struct confirm_found){ 0 };
	place = pcre2_get_ovector_pointer(s->data);
	for (size_t i = 0; i < (n ? (size_t)n : CONFIRM_GROUPS); i++) {
		if (place[2 * i] == PCRE2_UNSET)
			continue;
		out->group[i].start = place[2 * i];
		out->group[i].end = place[2 * i + 1];
	}
	return 1;
}
