/* extract.c - bytes in, posts out */
#include "crawler/extract/extract.h"

#include <string.h>

#include "base/digest.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/date.h"
#include "crawler/extract/decode.h"
#include "crawler/extract/feed.h"
#include "crawler/extract/guard.h"
#include "crawler/extract/html.h"
#include "crawler/extract/json_page.h"
#include "crawler/extract/soft.h"
#include "crawler/extract/text.h"
#include "crawler/extract/xpath.h"
#include "crawler/url.h"
#include "crawler/zone.h"

/* One page while it is read. What is not in the arena hangs on `xpath`. */
struct work {
	const struct source *s;
	const struct reply *r;
	struct arena *a;
	struct page *out;
	struct err *err;
	struct str text; /* the body in clean UTF-8 */
	struct str base; /* what links are resolved against */
	struct _xmlDoc *doc;
	struct xpath *xpath;
	int failed;	  /* the first answer below 0 of a selector */
	struct str *keys; /* of the addresses in out->next: a hash table */
	size_t n_keys;
};

enum { KEYS = 16384 }; /* slots, more than twice LIMIT_LINKS and a power of two */

static const struct text_options of_posts = { .links = true }, of_fields = { .links = false };

static struct str digest_key(struct arena *a, struct str one, struct str two)
{
	unsigned char digest[DIGEST_BYTES];
	char hex[DIGEST_HEX];

	digest_pieces((struct str[]){ one, two }, 2, digest);
	return arena_copy(a, (struct str){ digest_hex(digest, 16, hex), 32 });
}

/* The value of the first parameter of a query. */
static struct str first_value(struct str query)
{
	struct str pair = { 0 };
	ssize_t equals;

	str_split(&query, '&', &pair);
	equals = str_find(pair, STR("="));
	return equals >= 0 ? str_slice(pair, (size_t)equals + 1, pair.n) : pair;
}

/* The last segment of a path; where that is a script with a query ("show.php?id=7"), the first parameter's value. */
static struct str last_segment(struct str path)
{
	ssize_t at = str_find(path, STR("?"));
	struct str query = at >= 0 ? str_slice(path, (size_t)at + 1, path.n) : (struct str){ 0 };
	size_t start;

	path = at >= 0 ? str_slice(path, 0, (size_t)at) : path;
	while (path.n && path.p[path.n - 1] == '/')
		path.n--;
	for (start = path.n; start > 0 && path.p[start - 1] != '/';)
		start--;
	path = str_slice(path, start, path.n);
	if (query.n && (path.n == 0 || str_find(path, STR(".")) >= 0) && first_value(query).n)
		return first_value(query);
	return path;
}

/* Put `by` wherever the template says `what`. */
static struct str filled(struct arena *a, struct str template, struct str what, struct str by)
{
	ssize_t at = str_find(template, what);

	if (at < 0)
		return template;
	return arena_printf(a, "%.*s%.*s%.*s", (int)at, template.p, STR_ARG(by),
			    STR_ARG(str_slice(template, (size_t)at + what.n, template.n)));
}

static struct str raw_address(struct work *w, const struct url *link)
{
	struct str address = filled(w->a, w->s->raw.text, STR("{href}"), link->href);

	return filled(w->a, address, STR("{key}"), last_segment(link->path));
}

/* The other way round: what stood for {key} or {href} in the address of a raw text. Empty when it does not fit. */
static struct str template_key(struct arena *a, struct str template, struct str address)
{
	ssize_t at = str_find(template, STR("{key}"));
	bool href = at < 0;
	struct str before, behind;
	struct url url;

	if (href)
		at = str_find(template, STR("{href}"));
	if (at < 0)
		return (struct str){ 0 };
	before = str_slice(template, 0, (size_t)at);
	behind = str_slice(template, (size_t)at + (href ? 6 : 5), template.n);
	if (address.n <= before.n + behind.n || !str_starts(address, before) || !str_ends(address, behind))
		return (struct str){ 0 };
	address = str_slice(address, before.n, address.n - behind.n);
	if (!href)
		return str_find(address, STR("/")) < 0 ? address : (struct str){ 0 };
	return url_parse(a, address, (struct str){ 0 }, &url, NULL) == 0 ? last_segment(url.path) : (struct str){ 0 };
}

/* Of a file the whole address, since a source may list two of one name. */
static struct str raw_key(struct work *w)
{
	bool file = w->r->kind == PAGE_FILE;
	struct str key = file ? (struct str){ 0 } : template_key(w->a, w->s->raw.text, w->r->url);
	struct url url;

	if (key.n == 0 && url_parse(w->a, w->r->url, (struct str){ 0 }, &url, NULL) == 0)
		key = file ? url.key : last_segment(url.path);
	key = text_squeezed(w->a, key, LIMIT_FIELD);
	return key.n ? key : digest_key(w->a, w->r->url, (struct str){ 0 });
}

static struct post *post_new(struct work *w)
{
	struct post *post = arena_push(w->a, &w->out->posts, &w->out->n_posts, sizeof(*post));

	return post;
}

static void take_date(struct work *w, struct str words, int64_t now_us, struct post *post)
{
	struct date date;

	if (words.n == 0 || post->precision != PRECISION_NONE)
		return;
	if (post->posted_raw.n == 0)
		post->posted_raw = text_squeezed(w->a, words, LIMIT_FIELD);
	if (!date_read(words, now_us, w->s->zone.text, &date))
		return;
	post->posted_raw = text_squeezed(w->a, words, LIMIT_FIELD);
	post->posted_at = date.at_us;
	post->precision = date.precision;
	post->zone_known = date.zone_known;
}

/* Was this address taken before? It is from now on. */
static bool seen(struct work *w, struct str key)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
	size_t slot;

	if (!w->keys)
		w->keys = arena_alloc(w->a, KEYS * sizeof(*w->keys));
	for (size_t i = 0; i < key.n; i++)
		hash = (hash ^ (unsigned char)key.p[i]) * UINT64_C(1099511628211);
	for (slot = hash >> 20 & (KEYS - 1); w->keys[slot].p; slot = (slot + 1) & (KEYS - 1))
		if (str_eq(w->keys[slot], key))
			return true;
	w->keys[slot] = key;
	return false;
}

/* Add an address to follow; false when it is none, was there, or the page has had its share. */
static bool follow(struct work *w, enum page_kind kind, struct str href, struct str title)
{
	struct next_page *next;
	struct url url;

	if (w->out->n_next >= LIMIT_LINKS || url_parse(w->a, href, w->base, &url, NULL) < 0 || seen(w, url.key))
		return false;
	next = arena_push(w->a, &w->out->next, &w->out->n_next, sizeof(*next));
	*next = (struct next_page){ kind, url.href, title };
	return true;
}

/* A link from a listing or a feed to what the source reads posts from. */
static bool follow_post(struct work *w, struct str href, struct str title)
{
	struct url url;

	if (w->s->post.item.text.n)
		return follow(w, PAGE_THREAD, href, title);
	if (url_parse(w->a, href, w->base, &url, NULL) < 0)
		return false;
	return follow(w, PAGE_RAW, raw_address(w, &url), title);
}

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

static int parse_html(struct work *w)
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

static int follow_next(struct work *w)
{
	struct xpath_nodes nodes;
	int result = find(w, w->s->next, NULL, LIMIT_LINKS, &nodes);

	if (nodes.text.n)
		follow(w, w->r->kind, str_trim(nodes.text), (struct str){ 0 });
	for (size_t i = 0; i < nodes.n; i++)
		if (follow(w, w->r->kind, address_of(w, nodes.items[i]), (struct str){ 0 }))
			break; /* the others lead to the same page, or backwards */
	return result;
}

/* A page does not lead to itself. */
static void see_self(struct work *w)
{
	struct url self;

	if (url_parse(w->a, w->r->url, (struct str){ 0 }, &self, NULL) == 0)
		seen(w, self.key);
}

static int read_listing(struct work *w)
{
	struct xpath_nodes nodes;
	int result = parse_html(w);

	if (result < 0)
		return result;
	if (is_soft_404(w)) {
		w->out->problem = STR("soft 404");
		return 0;
	}
	result = find(w, w->s->links, NULL, LIMIT_LINKS, &nodes);
	if (result < 0)
		return result;
	see_self(w);
	for (size_t i = 0; i < nodes.n; i++)
		follow_post(w, address_of(w, nodes.items[i]), text_line(w->a, tree_owner(nodes.items[i]), LIMIT_FIELD));
	if (nodes.text.n)
		follow_post(w, str_trim(nodes.text), (struct str){ 0 });
	if (w->out->n_next == 0)
		w->out->problem = soft_problem(w->a, w->doc, STR("empty listing"));
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
			take_date(w, exact, 0, post);
	take_date(w, words, 0, post);
	for (const struct _xmlNode *node = nodes.n ? nodes.items[0] : NULL; node; node = tree_next(node, nodes.items[0]))
		if (tree_get(node, "title", &exact))
			take_date(w, exact, 0, post);
	take_date(w, words, w->r->at_us, post);
}

/* The author's own words in an element, and apart from them what post.quotes finds at `from`. */
static void words_of(struct work *w, const struct _xmlNode *element, struct _xmlNode *from, struct post *post)
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
		words_of(w, nodes.items[0], item, post);
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
								      : digest_key(w->a, post.author, post.text);
	if (post.url.n == 0)
		post.url = w->r->url;
	date_of(w, item, &post);
	if (post.text.n || post.quoted.n)
		*post_new(w) = post;
}

static struct str page_title(struct work *w)
{
	const struct _xmlNode *root = tree_root(w->doc);

	for (const struct _xmlNode *node = root; node; node = tree_next(node, root))
		if (str_eq(tree_name(node), STR("title")))
			return text_line(w->a, node, LIMIT_FIELD);
	return (struct str){ 0 };
}

static int read_thread(struct work *w)
{
	struct xpath_nodes items;
	struct str title;
	int result = parse_html(w);

	if (result < 0)
		return result;
	if (is_soft_404(w)) {
		w->out->problem = STR("soft 404");
		return 0;
	}
	result = find(w, w->s->post.item, NULL, LIMIT_POSTS, &items);
	if (result < 0)
		return result;
	see_self(w);
	title = page_title(w);
	for (size_t i = 0; i < items.n; i++)
		if (tree_is_element(items.items[i]))
			read_post(w, items.items[i], title);
	if (w->failed < 0)
		return w->failed;
	if (w->out->n_posts == 0)
		w->out->problem = soft_problem(w->a, w->doc, STR("empty thread"));
	return follow_next(w);
}

static bool is_html_type(struct str content_type)
{
	return str_find_nocase(content_type, STR("text/html")) >= 0 || str_find_nocase(content_type, STR("xhtml")) >= 0;
}

/* A raw text is what it is, unless the server sends a page in its place. */
static int read_raw(struct work *w)
{
	struct post post = { .url = w->r->url, .text = text_cut(w->text, LIMIT_TEXT) };

	if (is_html_type(w->r->content_type)) {
		const struct _xmlNode *root;
		int result = parse_html(w);

		if (result < 0)
			return result;
		w->out->problem = is_soft_404(w) ? STR("soft 404") : soft_problem(w->a, w->doc, (struct str){ 0 });
		if (w->out->problem.n)
			return 0;
		post.title = page_title(w);
		root = tree_root(w->doc);
		post.text = root ? text_of_element(w->a, root, LIMIT_TEXT, of_posts) : (struct str){ 0 };
	}
	post.key = raw_key(w);
	if (post.text.n == 0 && w->r->kind == PAGE_RAW)
		w->out->problem = STR("empty page"); /* a file may become empty; a paste that did is gone */
	else
		*post_new(w) = post;
	return 0;
}

/* The HTML in a feed's summary or content as text. */
static int fragment_text(struct work *w, struct str html, struct text_options options, struct str *out)
{
	struct _xmlDoc *doc = NULL;
	const struct _xmlNode *root;
	int result;

	if (html.n == 0 || (!memchr(html.p, '<', html.n) && !memchr(html.p, '&', html.n))) {
		*out = text_cut(html, LIMIT_TEXT);
		return 0;
	}
	result = html_parse(w->a, html, &doc, w->err);
	if (result < 0)
		return result;
	root = tree_root(doc);
	*out = root ? text_of_element(w->a, root, LIMIT_TEXT, options) : (struct str){ 0 };
	return 0;
}

/* What an entry says; where the source tells quotations apart, without these. */
static int text_of_entry(struct work *w, struct str html, struct post *post)
{
	struct _xmlNode *root;
	int result;

	if (w->s->post.quotes.text.n == 0 || html.n == 0 || !memchr(html.p, '<', html.n))
		return fragment_text(w, html, of_posts, &post->text);
	result = html_parse(w->a, html, &w->doc, w->err);
	if (result < 0)
		return result;
	xpath_free(w->xpath);
	w->xpath = xpath_new(w->doc);
	root = tree_root(w->doc);
	if (root)
		words_of(w, root, NULL, post);
	return w->failed;
}

static int read_entry(struct work *w, const struct feed_entry *e)
{
	struct post post = { .url = w->r->url };
	struct str author;
	struct url url;
	int result;

	if (e->link.n && url_parse(w->a, e->link, w->base, &url, NULL) == 0)
		post.url = url.href;
	result = text_of_entry(w, e->content.n ? e->content : e->summary, &post);
	result = result < 0 ? result : fragment_text(w, e->title, of_fields, &post.title);
	result = result < 0 ? result : fragment_text(w, e->author, of_fields, &author);
	if (result < 0)
		return result;
	post.title = text_squeezed(w->a, post.title, LIMIT_FIELD);
	post.author = text_squeezed(w->a, author, LIMIT_FIELD);
	if (post.text.n == 0 && post.quoted.n == 0)
		post.text = post.title;
	post.key = text_squeezed(w->a, str_trim(e->id).n ? e->id : e->link, LIMIT_FIELD);
	if (post.key.n == 0)
		post.key = digest_key(w->a, post.title, post.text);
	take_date(w, e->published, 0, &post);
	take_date(w, e->updated, 0, &post);
	*post_new(w) = post;
	return 0;
}

static int read_feed_page(struct work *w)
{
	bool links = w->s->raw.text.n || w->s->post.item.text.n;
	struct feed feed;
	int result = feed_read(w->text, w->r->url, w->a, &feed, w->err);

	for (size_t i = 0; result == 0 && i < feed.n; i++) {
		if (!links)
			result = read_entry(w, &feed.entries[i]);
		else if (feed.entries[i].link.n)
			follow_post(w, feed.entries[i].link, feed.entries[i].title);
	}
	if (result == 0 && feed.n == 0)
		w->out->problem = STR("empty feed");
	return result;
}

static void read_json_entry(struct work *w, const struct json_entry *e)
{
	struct post post = {
		.key = e->key,
		.url = w->r->url,
		.author = e->author,
		.author_id = e->author_id,
		.title = e->title,
		.text = e->text,
		.quoted = e->quoted,
	};
	struct url url;

	if (e->url.n && url_parse(w->a, e->url, w->base, &url, NULL) == 0)
		post.url = url.href;
	if (post.key.n == 0)
		post.key = str_eq(post.url, w->r->url) ? digest_key(w->a, post.author, post.text)
						       : text_cut(post.url, LIMIT_FIELD);
	take_date(w, e->date, w->r->at_us, &post);
	*post_new(w) = post;
}

/* JSON, or the page of HTML that a guard in front of the site sends in its place. */
static int read_json_page(struct work *w)
{
	struct json_page page;
	int result = json_page_read(w->s, w->text, w->r->url, w->a, &page, w->err);

	if (result == E_BAD && str_starts(str_trim(w->text), STR("<")) && parse_html(w) == 0)
		w->out->problem = soft_problem(w->a, w->doc, (struct str){ 0 });
	if (result < 0)
		return w->out->problem.n ? 0 : result;
	see_self(w);
	w->out->cut = page.cut;
	for (size_t i = 0; i < page.n; i++)
		read_json_entry(w, &page.entries[i]);
	for (size_t i = 0; i < page.n_links; i++)
		follow_post(w, page.links[i], (struct str){ 0 });
	if (page.gone)
		w->out->problem = STR("soft 404");
	else if (w->r->kind == PAGE_JSON && w->out->n_posts == 0 && w->out->n_next == 0)
		w->out->problem = STR("empty listing");
	else if (w->r->kind == PAGE_THREAD && page.n_items == 0) /* a thread may hold nothing but pictures */
		w->out->problem = STR("empty thread");
	if (page.next.n)
		follow(w, w->r->kind, page.next, (struct str){ 0 });
	return 0;
}

static bool is_json(const struct work *w)
{
	return w->r->kind == PAGE_JSON || (w->r->kind == PAGE_THREAD && w->s->json.n);
}

/* RFC 8259 8.1: JSON is UTF-8; a <meta> in it is some post's, and nothing has to be guessed. */
static struct charset charset_of_page(const struct work *w, struct str body)
{
	struct charset charset = charset_of(body, w->r->content_type);

	if (is_json(w) && !str_eq(charset.from, STR("bom")) && !str_eq(charset.from, STR("http")))
		return (struct charset){ STR("utf-8"), STR("detected") };
	return charset;
}

static int read_page(void *arg)
{
	struct work *w = arg;
	struct str body;
	struct charset charset;
	int result = decode_body(w->a, w->r->body, w->r->content_encoding, &body, w->err);

	if (result < 0)
		return result;
	charset = charset_of_page(w, body);
	w->out->encoding = charset.encoding;
	w->out->encoding_from = charset.from;
	w->text = charset_decode(w->a, body, &charset);
	w->base = w->r->url;
	switch (w->r->kind) {
	case PAGE_LISTING:
		return read_listing(w);
	case PAGE_THREAD:
		return is_json(w) ? read_json_page(w) : read_thread(w);
	case PAGE_FEED:
		return read_feed_page(w);
	case PAGE_JSON:
		return read_json_page(w);
	case PAGE_RAW:
	case PAGE_FILE:
		return read_raw(w);
	case PAGE_KINDS:
		break;
	}
	return err_set(w->err, E_FAULT, "page kind %d", (int)w->r->kind);
}

int extract_page(const struct source *s, const struct reply *r, struct arena *a, struct page *out, struct err *err)
{
	struct page page = { 0 };
	struct work w = { .s = s, .r = r, .a = a, .out = &page, .err = err };
	int result = guarded(a, read_page, &w, err);

	xpath_free(w.xpath);
	if (result == 0)
		*out = page;
	return result;
}

void extract_warm_up(void)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct html_text html;
	struct feed feed;
	struct url url;

	charset_warm_up();
	xpath_warm_up();
	zone_warm_up();
	url_parse(a,
		  STR("https://b\xc3\xbc"
		      "cher.example/"),
		  (struct str){ 0 }, &url, NULL);
	html_read(STR("<p>&eacute;"), url.href, a, &html, NULL);
	feed_read(STR("<rss><channel><item><title>a</title></item></channel></rss>"), url.href, a, &feed, NULL);
}
