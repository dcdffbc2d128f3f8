/* extract_json.c - JSON: posts, links and the next page, by a source's paths */
#include "crawler/extract/extract_inner.h"

#include "base/limits.h"
#include "crawler/extract/json_page.h"
#include "crawler/url.h"

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
		.edited = e->edited,
	};
	struct url url;

	if (e->url.n && url_parse(w->a, e->url, w->base, &url, NULL) == 0)
		post.url = url.href;
	if (post.key.n == 0)
		post.key = str_eq(post.url, w->r->url) ? extract_digest(w->a, post.author, post.text)
						       : text_cut(post.url, LIMIT_FIELD);
	extract_date(w, e->date, w->r->at_us, &post);
	*extract_post_new(w) = post;
}

/* JSON, or the page of HTML that a guard in front of the site sends in its place. */
int extract_json(struct work *w)
{
	struct json_page page;
	int result = json_page_read(w->s, w->text, w->r->url, w->a, &page, w->err);

	if (result == E_BAD && str_starts(str_trim(w->text), STR("<")) && extract_parse(w) == 0)
		extract_nothing(w, (struct str){ 0 });
	if (result < 0)
		return w->out->problem.n ? 0 : result;
	extract_see_self(w);
	w->out->cut = page.cut;
	for (size_t i = 0; i < page.n; i++)
		read_json_entry(w, &page.entries[i]);
	for (size_t i = 0; i < page.n_links; i++)
		extract_follow_post(w, (struct found_link){ .href = page.links[i].url, .activity = page.links[i].activity });
	if (page.gone)
		extract_problem(w, PROBLEM_CONTENT, STR("soft 404"));
	else if (w->r->kind == PAGE_JSON && w->out->n_posts == 0 && w->out->n_next == 0)
		extract_problem(w, PROBLEM_EMPTY, STR("empty listing"));
	else if (w->r->kind == PAGE_THREAD && page.n_items == 0) /* a thread may hold nothing but pictures */
		extract_problem(w, PROBLEM_EMPTY, STR("empty thread"));
	if (page.next.n)
		extract_follow(w, w->r->kind, (struct found_link){ .href = page.next });
	return 0;
}
