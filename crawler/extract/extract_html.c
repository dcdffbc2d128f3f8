/* extract_html.c - listings and threads in HTML, by a source's XPaths */
#include "crawler/extract/extract_inner.h"

#include "base/limits.h"
#include "crawler/extract/html.h"
#include "crawler/extract/soft.h"
#include "crawler/url.h"

static const struct text_options of_posts = { .links = true };

/* The address that a node stands for: an attribute's value, an element's href, else its text. */
static struct str address_of(struct work *w, const struct _xmlNode *node)
{
	struct str href;

	if (tree_is_element(node) && tree_get(node, "href", &href))
		return href;
	return text_line(w->a, node, LIMIT_URL);
}

static int find(struct work *w, struct yaml_text expression, struct _xmlNode *from, size_t max, struct xpath_nodes *out)
{
	*out = (struct xpath_nodes){ 0 };
	if (expression.text.n == 0 || w->failed < 0)
		return w->failed;
	w->failed = xpath_find(w->xpath, expression.text, from, max, w->a, out, w->err);
	return w->failed;
}

int extract_parse(struct work *w)
{
	int result = html_parse(w->a, w->text, &w->doc, w->err);

	if (result < 0)
		return result;
	w->base = html_base(w->doc, w->r->url, w->a);
	w->xpath = xpath_new(w->doc);
	return 0;
}

/* The first of the source's own signs of a failure that holds. */
static bool is_soft_404(struct work *w)
{
	for (size_t i = 0; i < w->s->soft_404.n; i++)
		if (xpath_holds(w->xpath, w->s->soft_404.items[i].text, w->a))
			return true;
	return false;
}

/* Does the source itself say that this is no page, but the way in or a failure? */
static bool is_refused(struct work *w)
{
	if (w->s->login.wall.text.n && xpath_holds(w->xpath, w->s->login.wall.text, w->a))
		extract_problem(w, PROBLEM_LOGIN, STR("login page"));
	else if (is_soft_404(w))
		extract_problem(w, PROBLEM_CONTENT, STR("soft 404"));
	return w->out->problem.n > 0;
}

static int follow_next(struct work *w)
{
	struct xpath_nodes nodes;
	int result = find(w, w->s->next, NULL, LIMIT_LINKS, &nodes);

	if (nodes.text.n)
		extract_follow(w, w->r->kind, (struct found_link){ .href = str_trim(nodes.text) });
	for (size_t i = 0; i < nodes.n; i++)
		if (extract_follow(w, w->r->kind, (struct found_link){ .href = address_of(w, nodes.items[i]) }))
			break; /* the others lead to the same page, or backwards */
	return result;
}

/* A selector's whole value; empty when it finds nothing. */
static struct str value_at(struct work *w, struct yaml_text expression, struct _xmlNode *at)
{
	struct xpath_nodes nodes;

	if (find(w, expression, at, 1, &nodes) < 0)
		return (struct str){ 0 };
	return nodes.n ? tree_value(w->a, nodes.items[0], LIMIT_TEXT) : nodes.text;
}

static void follow_node(struct work *w, struct _xmlNode *node)
{
	extract_follow_post(w, (struct found_link){ .href = address_of(w, node),
						    .title = text_line(w->a, tree_owner(node), LIMIT_FIELD),
						    .activity = value_at(w, w->s->activity, node) });
}

void extract_problem(struct work *w, enum problem problem, struct str name)
{
	w->out->problem_class = problem;
	w->out->problem = name;
}

void extract_nothing(struct work *w, struct str otherwise)
{
	const struct soft soft = soft_problem(w->a, w->doc, w->s->signs,
					      (struct soft){ .problem = PROBLEM_EMPTY, .name = otherwise });

	extract_problem(w, soft.problem, soft.name);
}

int extract_refusal(struct work *w)
{
	const struct soft plain = { PROBLEM_HTTP, arena_printf(w->a, "status %d", w->r->status) };
	struct soft soft = plain;

	if (str_starts(str_trim(w->text), STR("<")) && extract_parse(w) == 0)
		soft = soft_problem(w->a, w->doc, w->s->signs, plain);
	if (soft.problem != PROBLEM_HTTP)
		soft.name = arena_printf(w->a, "%.*s (status %d)", STR_ARG(soft.name), w->r->status);
	extract_problem(w, soft.problem, soft.name);
	return 0;
}

int extract_listing(struct work *w)
{
	struct xpath_nodes nodes;
	int result = extract_parse(w);

	if (result < 0)
		return result;
	if (is_refused(w))
		return 0;
	result = find(w, w->s->links, NULL, LIMIT_LINKS, &nodes);
	if (result < 0)
		return result;
	extract_see_self(w);
	for (size_t i = 0; i < nodes.n; i++)
		follow_node(w, nodes.items[i]);
	if (nodes.text.n)
		extract_follow_post(w, (struct found_link){ .href = str_trim(nodes.text) });
	if (w->failed < 0 || extract_sitemaps(w) < 0)
		return w->failed;
	if (w->out->n_next == 0)
		extract_nothing(w, STR("empty listing"));
	return follow_next(w);
}

/* A selector's value on one line; empty when it finds nothing. */
static struct str field(struct work *w, struct yaml_text expression, struct _xmlNode *item)
{
	struct xpath_nodes nodes;

	if (find(w, expression, item, 1, &nodes) < 0)
		return (struct str){ 0 };
	return nodes.n ? text_line(w->a, nodes.items[0], LIMIT_FIELD) : text_squeezed(w->a, nodes.text, LIMIT_FIELD);
}

/* An exact time in <time datetime> or in a tooltip says more than "an hour ago". */
static void date_of(struct work *w, struct _xmlNode *item, struct post *post)
{
	struct xpath_nodes nodes;
	struct str words, exact;

	if (find(w, w->s->post.date, item, 1, &nodes) < 0)
		return;
	words = nodes.n ? text_line(w->a, nodes.items[0], LIMIT_FIELD) : text_squeezed(w->a, nodes.text, LIMIT_FIELD);
	for (const struct _xmlNode *node = nodes.n ? nodes.items[0] : NULL; node; node = tree_next(node, nodes.items[0]))
		if (tree_get(node, "datetime", &exact))
			extract_date(w, exact, 0, post);
	extract_date(w, words, 0, post);
	for (const struct _xmlNode *node = nodes.n ? nodes.items[0] : NULL; node; node = tree_next(node, nodes.items[0]))
		if (tree_get(node, "title", &exact))
			extract_date(w, exact, 0, post);
	extract_date(w, words, w->r->at_us, post);
}

/* The author's own words in an element, and apart from them what post.quotes finds at `from`. */
void extract_words(struct work *w, const struct _xmlNode *element, struct _xmlNode *from, struct post *post)
{
	struct text_options options = { .links = true, .preformatted = w->s->post.preformatted };
	struct text_apart apart = { 0 };
	struct xpath_nodes quotes;

	if (find(w, w->s->post.quotes, from, LIMIT_QUOTES, &quotes) < 0)
		return;
	for (size_t i = 0; i < quotes.n; i++)
		if (tree_is_element(quotes.items[i]))
			quotes.items[apart.n++] = quotes.items[i];
	apart.items = quotes.items;
	post->text = text_without(w->a, element, LIMIT_TEXT, options, &apart);
	post->quoted = apart.said;
}

static void text_of_post(struct work *w, struct _xmlNode *item, struct post *post)
{
	struct xpath_nodes nodes = { .items = &item, .n = 1 };

	if (w->s->post.text.text.n && find(w, w->s->post.text, item, 1, &nodes) < 0)
		return;
	if (nodes.n)
		extract_words(w, nodes.items[0], item, post);
	else
		post->text = text_cut(str_trim(nodes.text), LIMIT_TEXT);
}

/* Without the visitor's session, which is another at each visit. */
static struct str without_session(struct work *w, const struct url *url)
{
	ssize_t fragment = str_find(url->href, STR("#"));

	if (fragment < 0)
		return url->key;
	return arena_printf(w->a, "%.*s%.*s", STR_ARG(url->key), STR_ARG(str_slice(url->href, (size_t)fragment, url->href.n)));
}

static struct str permalink(struct work *w, struct _xmlNode *item)
{
	struct xpath_nodes nodes;
	struct str href;
	struct url url;

	if (find(w, w->s->post.url, item, 1, &nodes) < 0)
		return (struct str){ 0 };
	href = nodes.n ? address_of(w, nodes.items[0]) : str_trim(nodes.text);
	return href.n && url_parse(w->a, href, w->base, &url, NULL) == 0 ? without_session(w, &url) : (struct str){ 0 };
}

/* "[attachment: NAME <ADDRESS>]": the words of the node, and the address of it or of the link around it. */
static struct str attachment_line(struct work *w, const struct _xmlNode *node)
{
	struct str name = tree_is_element(node) ? text_line(w->a, node, LIMIT_FIELD) : (struct str){ 0 };
	struct str href = tree_is_element(node) ? (struct str){ 0 } : address_of(w, node);
	struct url url;

	for (; tree_is_element(node) && !tree_get(node, "href", &href) && tree_parent(node);)
		node = tree_parent(node);
	if (href.n == 0 || url_parse(w->a, href, w->base, &url, NULL) < 0)
		return (struct str){ 0 };
	return arena_printf(w->a, "[attachment: %.*s%s<%.*s>]", STR_ARG(name), name.n ? " " : "",
			    STR_ARG(without_session(w, &url)));
}

/* Files that hang on a post stand behind its text, so that who reads it sees them; nobody fetches them. */
static void list_attachments(struct work *w, struct _xmlNode *item, struct post *post)
{
	struct xpath_nodes nodes;
	struct str lines = { 0 };

	if (find(w, w->s->post.attachments, item, LIMIT_ATTACHMENTS, &nodes) < 0)
		return;
	for (size_t i = 0; i < nodes.n; i++) {
		struct str line = attachment_line(w, nodes.items[i]);

		if (line.n && str_find(lines, line) < 0)
			lines = arena_printf(w->a, "%.*s%s%.*s", STR_ARG(lines), lines.n ? "\n" : "", STR_ARG(line));
	}
	if (lines.n)
		post->text = text_cut(
			arena_printf(w->a, "%.*s%s%.*s", STR_ARG(post->text), post->text.n ? "\n\n" : "", STR_ARG(lines)),
			LIMIT_TEXT);
}

static void read_post(struct work *w, struct _xmlNode *item, struct str title)
{
	struct post post = { 0 };
	struct str own = field(w, w->s->post.title, item);

	post.title = own.n ? own : title;
	post.author = field(w, w->s->post.author, item);
	post.author_id = field(w, w->s->post.author_id, item);
	text_of_post(w, item, &post);
	post.url = permalink(w, item);
	post.key = field(w, w->s->post.key, item);
	if (post.key.n == 0)
		post.key = post.url.n && !str_eq(post.url, w->r->url) ? text_cut(post.url, LIMIT_FIELD)
								      : extract_digest(w->a, post.author, post.text);
	if (post.url.n == 0)
		post.url = w->r->url;
	date_of(w, item, &post);
	post.edited = field(w, w->s->post.edited, item);
	list_attachments(w, item, &post);
	if (post.text.n || post.quoted.n)
		*extract_post_new(w) = post;
}

static struct str page_title(struct work *w)
{
	const struct _xmlNode *root = tree_root(w->doc);

	for (const struct _xmlNode *node = root; node; node = tree_next(node, root))
		if (str_eq(tree_name(node), STR("title")))
			return text_line(w->a, node, LIMIT_FIELD);
	return (struct str){ 0 };
}

int extract_thread(struct work *w)
{
	struct xpath_nodes items;
	struct str title;
	int result = extract_parse(w);

	if (result < 0)
		return result;
	if (is_refused(w))
		return 0;
	result = find(w, w->s->post.item, NULL, LIMIT_POSTS, &items);
	if (result < 0)
		return result;
	extract_see_self(w);
	title = page_title(w);
	for (size_t i = 0; i < items.n; i++)
		if (tree_is_element(items.items[i]))
			read_post(w, items.items[i], title);
	if (w->failed < 0)
		return w->failed;
	if (w->out->n_posts == 0)
		extract_nothing(w, STR("empty thread"));
	return follow_next(w);
}

static bool is_html_type(struct str content_type)
{
	return str_find_nocase(content_type, STR("text/html")) >= 0 || str_find_nocase(content_type, STR("xhtml")) >= 0;
}

/* A raw text is what it is, unless the server sends a page in its place. */
int extract_raw(struct work *w)
{
	struct post post = { .url = w->r->url, .text = text_cut(w->text, LIMIT_TEXT) };

	if (is_html_type(w->r->content_type)) {
		const struct _xmlNode *root;
		int result = extract_parse(w);

		if (result < 0)
			return result;
		if (!is_refused(w))
			extract_nothing(w, (struct str){ 0 });
		if (w->out->problem.n)
			return 0;
		post.title = page_title(w);
		root = tree_root(w->doc);
		post.text = root ? text_of_element(w->a, root, LIMIT_TEXT, of_posts) : (struct str){ 0 };
	}
	post.key = extract_raw_key(w);
	if (post.text.n == 0 && w->r->kind == PAGE_RAW)
		extract_problem(w, PROBLEM_EMPTY, STR("empty page")); /* a file may become empty; a paste that did is gone */
	else
		*extract_post_new(w) = post;
	return 0;
}

/* All that a page says, whatever its status; and what it is when the text that is looked for is not there. */
int extract_target(struct work *w)
{
	struct post *post = extract_post_new(w);
	struct soft soft;

	*post = (struct post){ .url = w->r->url, .text = text_cut(w->text, LIMIT_TEXT) };
	if (is_html_type(w->r->content_type)) {
		const struct _xmlNode *root;
		int result = extract_parse(w);

		if (result < 0)
			return result;
		root = tree_root(w->doc);
		post->text = root ? text_of_element(w->a, root, LIMIT_TEXT, of_posts) : (struct str){ 0 };
		if (is_refused(w) && w->out->problem_class == PROBLEM_CONTENT)
			w->out->problem_class = PROBLEM_GONE;
		if (w->out->problem.n)
			return 0;
	}
	soft = soft_instead(w->a, w->doc, post->text, w->s->signs);
	extract_problem(w, soft.problem, soft.name);
	return 0;
}
