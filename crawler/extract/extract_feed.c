/* extract_feed.c - feeds: each entry a post, or a link to one */
#include "crawler/extract/extract_inner.h"

#include <string.h>

#include "base/limits.h"
#include "crawler/extract/feed.h"
#include "crawler/extract/html.h"
#include "crawler/url.h"

static const struct text_options of_posts = { .links = true }, of_fields = { .links = false };

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
		extract_words(w, root, NULL, post);
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
		post.key = extract_digest(w->a, post.title, post.text);
	extract_date(w, e->published, 0, &post);
	extract_date(w, e->updated, 0, &post);
	*extract_post_new(w) = post;
	return 0;
}

int extract_feed(struct work *w)
{
	bool links = w->s->raw.text.n || w->s->post.item.text.n;
	struct feed feed;
	int result = feed_read(w->text, w->r->url, w->a, &feed, w->err);

	for (size_t i = 0; result == 0 && i < feed.n; i++) {
		if (!links)
			result = read_entry(w, &feed.entries[i]);
		else if (feed.entries[i].link.n)
			extract_follow_post(
				w, (struct found_link){ .href = feed.entries[i].link, .title = feed.entries[i].title });
	}
	if (result == 0 && feed.n == 0)
		extract_problem(w, PROBLEM_EMPTY, STR("empty feed"));
	return result;
}
