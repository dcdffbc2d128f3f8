/* form.c - the page of a sign-in */
#include "crawler/extract/form.h"

#include "base/limits.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/decode.h"
#include "crawler/extract/guard.h"
#include "crawler/extract/html.h"
#include "crawler/extract/xpath.h"
#include "crawler/url.h"

/* A form while it is read. */
struct reading {
	const struct source *s;
	const struct reply *r;
	struct arena *a;
	struct login_page *out;
	struct err *err;
	struct _xmlDoc *doc;
	struct xpath *xpath; /* what is not in the arena */
	struct str base;
	bool has_user, has_password, has_submit, is_chosen; /* is_chosen: the user's field says that it is the name's */
	size_t select; /* the field of the <select> that options belong to, counted from 1; 0 for none */
	bool is_selected;
};

static bool is_element(const struct _xmlNode *node, const char *name)
{
	return str_eq(tree_name(node), str_of(name));
}

static struct str attribute(const struct _xmlNode *node, const char *name)
{
	struct str value;

	return tree_get(node, name, &value) ? value : (struct str){ 0 };
}

static bool has_attribute(const struct _xmlNode *node, const char *name)
{
	struct str value;

	return tree_get(node, name, &value) > 0;
}

static bool is_type(const struct _xmlNode *input, const char *type)
{
	return str_eq_nocase(str_trim(attribute(input, "type")), str_of(type));
}

static bool is_password(const struct _xmlNode *node)
{
	return is_element(node, "input") && is_type(node, "password");
}

/*
 * The element after `node` that belongs to `form`. In tables that are nested wrongly the parser leaves the form empty and its
 * fields behind it: then they are those up to the next form.
 */
static const struct _xmlNode *form_next(const struct reading *f, const struct _xmlNode *form, const struct _xmlNode *node)
{
	bool empty = !tree_next(form, form);

	node = tree_next(node, empty ? tree_root(f->doc) : form);
	return node && empty && is_element(node, "form") ? NULL : node;
}

static bool has_password(const struct reading *f, const struct _xmlNode *form)
{
	for (const struct _xmlNode *node = form; (node = form_next(f, form, node));)
		if (is_password(node))
			return true;
	return false;
}

/* The form that the source names, else the first with a password; NULL when there is none. */
static const struct _xmlNode *find_form(struct reading *f)
{
	const struct _xmlNode *root = tree_root(f->doc);
	struct xpath_nodes nodes = { 0 };

	if (f->s->login.form.text.n) {
		if (xpath_find(f->xpath, f->s->login.form.text, NULL, 1, f->a, &nodes, f->err) < 0 || nodes.n == 0)
			return NULL;
		return is_element(tree_owner(nodes.items[0]), "form") ? tree_owner(nodes.items[0]) : NULL;
	}
	for (const struct _xmlNode *node = root; node; node = tree_next(node, root))
		if (is_element(node, "form") && has_password(f, node))
			return node;
	return NULL;
}

static void add_field(struct reading *f, const struct _xmlNode *node, struct str value)
{
	struct login_form *form = &f->out->form;
	struct str name = attribute(node, "name");
	struct login_field *field;

	if (name.n == 0 || form->n_fields >= LIMIT_FORM_FIELDS)
		return;
	field = arena_push(f->a, &form->fields, &form->n_fields, sizeof(*field));
	*field = (struct login_field){ name, value };
}

/* The name goes into the last text field before the password, unless one says that it is the one. */
static void note_user(struct reading *f, const struct _xmlNode *input)
{
	bool says_so = str_find_nocase(attribute(input, "autocomplete"), STR("username")) >= 0;

	if (f->is_chosen || (f->has_password && f->has_user && !says_so))
		return;
	f->out->form.user = f->out->form.n_fields;
	f->has_user = attribute(input, "name").n > 0;
	f->is_chosen = says_so && f->has_user;
}

static void read_input(struct reading *f, const struct _xmlNode *input)
{
	static const char *const silent[] = { "button", "reset", "image", "file" };
	static const char *const ticked[] = { "checkbox", "radio" };
	struct str type = str_trim(attribute(input, "type")), value = attribute(input, "value");

	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
		if (is_type(input, silent[i]))
			return;
	for (size_t i = 0; i < sizeof(ticked) / sizeof(ticked[0]); i++)
		if (is_type(input, ticked[i])) {
			if (has_attribute(input, "checked"))
				add_field(f, input, has_attribute(input, "value") ? value : STR("on"));
			return;
		}
	if (is_type(input, "submit")) { /* the first is the one that is pressed */
		if (!f->has_submit)
			add_field(f, input, value);
		f->has_submit = true;
		return;
	}
	if (is_password(input) && !f->has_password) {
		f->out->form.password = f->out->form.n_fields;
		f->has_password = attribute(input, "name").n > 0;
	} else if (type.n == 0 || is_type(input, "text") || is_type(input, "email") || is_type(input, "tel")) {
		note_user(f, input);
	}
	add_field(f, input, value);
}

static void read_option(struct reading *f, const struct _xmlNode *option)
{
	bool selected = has_attribute(option, "selected");
	struct login_field *field = f->select ? &f->out->form.fields[f->select - 1] : NULL;

	if (!field || f->is_selected || (field->value.p && !selected))
		return;
	field->value = has_attribute(option, "value") ? attribute(option, "value")
						      : str_trim(tree_value(f->a, option, LIMIT_FIELD));
	f->is_selected = selected;
}

static void read_element(struct reading *f, const struct _xmlNode *node)
{
	size_t before = f->out->form.n_fields;

	if (is_element(node, "option")) {
		read_option(f, node);
		return;
	}
	if (has_attribute(node, "disabled"))
		return;
	if (is_element(node, "input")) {
		read_input(f, node);
	} else if (is_element(node, "textarea")) {
		add_field(f, node, tree_value(f->a, node, LIMIT_FIELD));
	} else if (is_element(node, "button") && !f->has_submit && (is_type(node, "submit") || !has_attribute(node, "type"))) {
		f->has_submit = true;
		add_field(f, node, attribute(node, "value"));
	} else if (is_element(node, "select")) {
		add_field(f, node, (struct str){ 0 });
		f->select = f->out->form.n_fields > before ? f->out->form.n_fields : 0;
		f->is_selected = false;
	}
}

/* Where it is sent, and how. */
static void read_action(struct reading *f, const struct _xmlNode *form)
{
	struct str action = str_trim(attribute(form, "action"));
	struct url url;

	if (!str_eq_nocase(str_trim(attribute(form, "method")), STR("post")))
		f->out->problem = STR(
			"the form would send the password in an address, where it is logged (its method is not POST)");
	else if (url_parse(f->a, action.n ? action : f->r->url, f->base, &url, NULL) < 0)
		f->out->problem = STR("the form is sent to what is no address");
	else
		f->out->form.action = url.href;
}

static void read_form(struct reading *f)
{
	const struct _xmlNode *form = find_form(f);

	if (!form) {
		f->out->problem = f->s->login.form.text.n ? STR("login.form finds no form on the page of the sign-in")
							  : STR("the page of the sign-in has no form with a password");
		return;
	}
	for (const struct _xmlNode *node = form; (node = form_next(f, form, node));)
		read_element(f, node);
	if (!f->has_password || !f->has_user || f->out->form.n_fields >= LIMIT_FORM_FIELDS)
		f->out->problem = STR("the form of the sign-in has no fields for a name and a password, or too many");
	else
		read_action(f, form);
}

static int read_page(void *arg)
{
	struct reading *f = arg;
	struct str body;
	struct charset charset;
	int result = decode_body(f->a, f->r->body, f->r->content_encoding, &body, f->err);

	if (result < 0)
		return result;
	charset = charset_of(body, f->r->content_type);
	result = html_parse(f->a, charset_decode(f->a, body, &charset), &f->doc, f->err);
	if (result < 0)
		return result;
	f->base = html_base(f->doc, f->r->url, f->a);
	f->xpath = xpath_new(f->doc);
	f->out->in = xpath_holds(f->xpath, f->s->login.signed_in.text, f->a);
	if (!f->out->in && tree_root(f->doc))
		read_form(f);
	return 0;
}

int form_page_read(const struct source *s, const struct reply *r, struct arena *a, struct login_page *out, struct err *err)
{
	struct login_page page = { 0 };
	struct reading f = { .s = s, .r = r, .a = a, .out = &page, .err = err };
	int result = guarded(a, read_page, &f, err);

	xpath_free(f.xpath);
	if (result == 0 && !page.in && page.problem.n == 0 && page.form.action.n == 0)
		page.problem = STR("the page of the sign-in is empty");
	if (result == 0)
		*out = page;
	return result;
}
