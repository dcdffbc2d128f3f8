/* answer.c - which page lies at which path */
#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "tests/site/site.h"

enum { LISTED = 25 }; /* posts of a page of the archive */

static const char page_foot[] = "</body></html>\n";

static void page_head(struct buf *out, struct str title)
{
	buf_printf(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
	markup_text(out, title);
	buf_printf(out, "</title></head>\n<body>\n<h1>");
	markup_text(out, title);
	buf_printf(out, "</h1>\n");
}

/* XML 1.0 2.2 Char, so that the same text is good for HTML and for feeds. */
static bool is_markup_char(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

static void markup_char(struct buf *out, uint32_t c, struct str bytes)
{
	if (c == '&')
		buf_add(out, STR("&amp;"));
	else if (c == '<')
		buf_add(out, STR("&lt;"));
	else if (c == '>')
		buf_add(out, STR("&gt;"));
	else if (c == '"')
		buf_add(out, STR("&quot;"));
	else if (is_markup_char(c))
		buf_add(out, bytes);
	else
		buf_add(out, STR(UTF8_REPLACEMENT));
}

void markup_text(struct buf *out, struct str s)
{
	while (s.n) {
		uint32_t c = 0;
		size_t n = utf8_next(s, &c);

		markup_char(out, c, str_slice(s, 0, n)); /* c is 0 for a wrong byte */
		s = str_slice(s, n ? n : 1, s.n);
	}
}

static void answer_home(struct site *s, struct str name, struct reply *r)
{
	(void)s;
	(void)name;
	page_head(&r->body, STR("A small site"));
	buf_add(&r->body, STR("<ul><li><a href=\"/archive\">pastes</a><li><a href=\"/forum/\">forum</a>"
			      "<li><a href=\"/feed.xml\">RSS</a><li><a href=\"/atom.xml\">Atom</a>"
			      "<li><a href=\"/motd.txt\">message of the day</a><li><a href=\"/fault/\">faults</a></ul>\n"));
	buf_add(&r->body, str_of(page_foot));
}

static void answer_robots(struct site *s, struct str name, struct reply *r)
{
	(void)s;
	(void)name;
	r->type = "text/plain";
	r->delivery = DELIVER_CHUNKED;
	buf_add(&r->body, STR("User-agent: *\nDisallow: /private/\nDisallow: /raw/private-\nDisallow: /*/forbidden$\n"));
}

static void answer_motd(struct site *s, struct str name, struct reply *r)
{
	(void)name;
	r->type = "text/plain; charset=utf-8";
	r->modified = s->epoch;
	buf_add(&r->body, STR("Maintenance on Sunday between 04:00 and 05:00 UTC. Pastes older than a year are removed.\n"));
}

/* Pastes. */

static void archive_row(struct buf *out, const struct site_post *p)
{
	char when[CLOCK_TEXT];

	buf_printf(out, "<tr><td><a href=\"%s/%.*s\">", p->kind == POST_PRIVATE ? "/private" : "", STR_ARG(p->key));
	markup_text(out, p->title);
	buf_printf(out, "</a></td><td>%s</td><td>", clock_rfc3339(p->posted_at, when));
	markup_text(out, p->author);
	buf_add(out, STR("</td></tr>\n"));
}

static bool is_listed(const struct site_post *p)
{
	return (p->kind == POST_PASTE || p->kind == POST_PRIVATE) && !p->gone;
}

static int64_t newest_there(const struct site *s)
{
	for (size_t i = 0; i < s->n_posts; i++)
		if (!s->posts[i].gone)
			return s->posts[i].posted_at;
	return s->epoch;
}

/* Page `number` of the archive, from 1; the next one is linked while there is one. */
static void archive_page(const struct site *s, size_t number, struct reply *r)
{
	size_t at = 0, first = (number - 1) * LISTED;

	page_head(&r->body, STR("Archive"));
	buf_add(&r->body, STR("<table class=\"maintable\">\n<tr><th>Name</th><th>Posted</th><th>By</th></tr>\n"));
	for (size_t i = 0; i < s->n_posts; i++) {
		if (!is_listed(&s->posts[i]))
			continue;
		if (at >= first && at < first + LISTED)
			archive_row(&r->body, &s->posts[i]);
		at++;
	}
	buf_add(&r->body, STR("</table>\n"));
	if (at > first + LISTED)
		buf_printf(&r->body, "<p><a rel=\"next\" class=\"next\" href=\"/archive/%zu\">older</a></p>\n", number + 1);
	buf_add(&r->body, str_of(page_foot));
	r->modified = newest_there(s);
}

static void answer_archive(struct site *s, struct str name, struct reply *r)
{
	uint64_t number = 1;

	if (name.n && str_number(name, 100, &number) <= 0)
		answer_soft_404(r);
	else
		archive_page(s, number ? number : 1, r);
}

void answer_soft_404(struct reply *r)
{
	page_head(&r->body, STR("Not here"));
	buf_add(&r->body, STR("<div class=\"notice error\">Paste not found: it was removed or never existed.</div>\n"));
	buf_add(&r->body, str_of(page_foot));
}

static void answer_raw(struct site *s, struct str name, struct reply *r)
{
	const struct site_post *p = posts_find(s, name);

	if (!p || p->soft) {
		answer_soft_404(r);
		return;
	}
	if (p->gone) {
		r->status = 404;
		return;
	}
	r->type = arena_printf(s->arena, "text/plain; charset=%.*s", STR_ARG(p->charset)).p;
	r->modified = p->posted_at;
	buf_add(&r->body, p->text);
}

static void answer_paste(struct site *s, struct str name, struct reply *r)
{
	const struct site_post *p = posts_find(s, name);
	char when[CLOCK_TEXT];

	if (!p || !is_listed(p) || p->soft) {
		answer_soft_404(r);
		return;
	}
	page_head(&r->body, p->title);
	buf_printf(&r->body, "<article class=\"paste\" id=\"%.*s\">\n<p class=\"author\">by <a>", STR_ARG(p->key));
	markup_text(&r->body, p->author);
	clock_rfc3339(p->posted_at, when);
	buf_printf(&r->body, "</a>, <time datetime=\"%s\">%s</time>, <a class=\"raw\" href=\"/raw/%.*s\">raw</a></p>\n<pre>",
		   when, when, STR_ARG(p->key));
	markup_text(&r->body, p->text);
	buf_add(&r->body, STR("</pre>\n</article>\n"));
	buf_add(&r->body, str_of(page_foot));
	r->modified = p->posted_at;
}

/* The forum: threads are numbered from 1; thread 1 has two pages, the others one. */

enum { POSTS_OF_A_PAGE = 4, THREADS = 64 };

static const struct site_post *thread_post(const struct site *s, int thread, size_t i)
{
	for (size_t at = s->n_posts; at-- > 0;) { /* the oldest first */
		const struct site_post *p = &s->posts[at];

		if (p->kind == POST_FORUM && !p->gone && p->thread == thread && i-- == 0)
			return p;
	}
	return NULL;
}

static size_t thread_posts(const struct site *s, int thread)
{
	size_t n = 0;

	while (thread_post(s, thread, n))
		n++;
	return n;
}

static void answer_forum(struct site *s, struct str name, struct reply *r)
{
	const struct site_post *p;

	(void)name;
	page_head(&r->body, STR("Forum"));
	buf_add(&r->body, STR("<ul class=\"threads\">\n"));
	for (int thread = 1; thread <= THREADS; thread++) {
		if (!(p = thread_post(s, thread, 0)))
			continue;
		buf_printf(&r->body, "<li><a class=\"thread\" href=\"/forum/thread/%d\">", thread);
		markup_text(&r->body, p->title);
		buf_printf(&r->body, "</a> <span class=\"posts\">%zu</span></li>\n", thread_posts(s, thread));
		r->modified = r->modified > p->posted_at ? r->modified : p->posted_at;
	}
	buf_add(&r->body, STR("</ul>\n"));
	buf_add(&r->body, str_of(page_foot));
}

static void lines_as_breaks(struct buf *out, struct str text)
{
	struct str line;

	for (bool first = true; str_split(&text, '\n', &line); first = false) {
		if (!first)
			buf_add(out, STR("<br>"));
		markup_text(out, line);
	}
}

static void forum_post(struct buf *out, const struct site_post *p)
{
	char when[CLOCK_TEXT];

	clock_rfc3339(p->posted_at, when);
	buf_printf(out, "<article class=\"post\" id=\"%.*s\">\n<header><span class=\"author\">", STR_ARG(p->key));
	markup_text(out, p->author);
	buf_printf(out, "</span> <time datetime=\"%s\">%s</time> <a class=\"permalink\" href=\"#%.*s\">#</a></header>\n", when,
		   when, STR_ARG(p->key));
	buf_add(out, STR("<div class=\"text\">"));
	lines_as_breaks(out, p->text);
	buf_add(out, STR("</div>\n</article>\n"));
}

static void thread_page(const struct site *s, int thread, size_t number, struct reply *r)
{
	const struct site_post *p = thread_post(s, thread, 0);
	size_t i = (number - 1) * POSTS_OF_A_PAGE;

	page_head(&r->body, p->title);
	for (size_t end = i + POSTS_OF_A_PAGE; i < end && (p = thread_post(s, thread, i)); i++) {
		forum_post(&r->body, p);
		r->modified = p->posted_at;
	}
	if (thread_post(s, thread, i))
		buf_printf(&r->body, "<p><a rel=\"next\" href=\"/forum/thread/%d/%zu\">next page</a></p>\n", thread,
			   number + 1);
	buf_add(&r->body, str_of(page_foot));
}

static void answer_thread(struct site *s, struct str name, struct reply *r)
{
	uint64_t thread = 0, number = 1;
	struct str word;

	if (!str_split(&name, '/', &word) || str_number(word, 1000, &thread) <= 0 ||
	    (name.n && str_number(name, 100, &number) <= 0) || !number ||
	    !thread_post(s, (int)thread, (number - 1) * POSTS_OF_A_PAGE)) {
		r->status = 404;
		buf_add(&r->body, STR("<!DOCTYPE html><title>404</title><p>no such thread\n"));
		return;
	}
	thread_page(s, (int)thread, number, r);
}

/* Feeds. */

/* Text that a reader decodes twice: once as XML, once as HTML. */
static void feed_html(struct buf *out, struct str text)
{
	AUTO(buf) html = BUF_INIT(MIB(4));

	buf_add(&html, STR("<p>"));
	lines_as_breaks(&html, text);
	buf_add(&html, STR("</p>"));
	markup_text(out, buf_str(&html));
}

static void rss_item(struct buf *out, const struct site_post *p)
{
	char when[CLOCK_TEXT];

	buf_add(out, STR("<item><title>"));
	markup_text(out, p->title);
	buf_printf(out, "</title><link>/feed/%.*s</link><guid isPermaLink=\"false\">%.*s</guid><dc:creator>", STR_ARG(p->key),
		   STR_ARG(p->key));
	markup_text(out, p->author);
	buf_printf(out, "</dc:creator><pubDate>%s</pubDate><content:encoded>", clock_http_date(p->posted_at, when));
	feed_html(out, p->text);
	buf_add(out, STR("</content:encoded></item>\n"));
}

static void atom_entry(struct buf *out, const struct site_post *p)
{
	char when[CLOCK_TEXT];

	buf_add(out, STR("<entry><title>"));
	markup_text(out, p->title);
	buf_printf(out, "</title><link href=\"/feed/%.*s\"/><id>tag:example.net,2026:%.*s</id><author><name>", STR_ARG(p->key),
		   STR_ARG(p->key));
	markup_text(out, p->author);
	buf_printf(out, "</name></author><updated>%s</updated><content type=\"html\">", clock_rfc3339(p->posted_at, when));
	feed_html(out, p->text);
	buf_add(out, STR("</content></entry>\n"));
}

static void each_feed_post(const struct site *s, size_t most, struct reply *r,
			   void (*write)(struct buf *, const struct site_post *))
{
	for (size_t i = 0; most && i < s->n_posts; i++) {
		if (s->posts[i].kind != POST_FEED || s->posts[i].gone)
			continue;
		most--;
		write(&r->body, &s->posts[i]);
		r->modified = r->modified > s->posts[i].posted_at ? r->modified : s->posts[i].posted_at;
	}
}

static void put_rss(struct site *s, size_t most, struct reply *r)
{
	r->type = "application/rss+xml; charset=utf-8";
	buf_add(&r->body, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
			      "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
			      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Board</title>"
			      "<link>/</link><description>New messages</description>\n"));
	each_feed_post(s, most, r, rss_item);
	buf_add(&r->body, STR("</channel></rss>\n"));
}

static void answer_rss(struct site *s, struct str name, struct reply *r)
{
	(void)name;
	put_rss(s, SIZE_MAX, r);
}

/* As busy places do: only the last few. */
static void answer_recent(struct site *s, struct str name, struct reply *r)
{
	enum { RECENT = 4 };

	(void)name;
	put_rss(s, RECENT, r);
}

static void answer_atom(struct site *s, struct str name, struct reply *r)
{
	char when[CLOCK_TEXT];

	(void)name;
	r->type = "application/atom+xml; charset=utf-8";
	buf_printf(&r->body,
		   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">"
		   "<title>Board</title><id>tag:example.net,2026:board</id><updated>%s</updated>\n",
		   clock_rfc3339(s->epoch, when));
	each_feed_post(s, SIZE_MAX, r, atom_entry);
	buf_add(&r->body, STR("</feed>\n"));
}

/* What an entry links to. */
static void answer_entry(struct site *s, struct str name, struct reply *r)
{
	const struct site_post *p = posts_find(s, name);

	if (!p || p->kind != POST_FEED || p->gone) {
		answer_soft_404(r);
		return;
	}
	page_head(&r->body, p->title);
	buf_add(&r->body, STR("<p>"));
	lines_as_breaks(&r->body, p->text);
	buf_add(&r->body, STR("</p>\n"));
	buf_add(&r->body, str_of(page_foot));
	r->modified = p->posted_at;
}

static void answer_fault(struct site *s, struct str name, struct reply *r)
{
	if (!name.n)
		fault_list(r);
	else if (!fault_answer(s, name, r))
		answer_soft_404(r);
}

static void answer_trap(struct site *s, struct str name, struct reply *r)
{
	if (!trap_answer(s, name, r))
		answer_soft_404(r);
}

static void answer_bulk_list(struct site *s, struct str name, struct reply *r)
{
	uint64_t i = 0;

	if (!s->bulk || (name.n && str_number(name, s->bulk, &i) <= 0)) {
		r->status = 404;
		return;
	}
	bulk_listing(i, s->bulk, &r->body);
	r->modified = s->epoch;
}

static void answer_bulk_raw(struct site *s, struct str name, struct reply *r)
{
	uint64_t k;

	if (!s->bulk || str_number(name, s->bulk - 1, &k) <= 0) {
		r->status = 404;
		return;
	}
	r->type = "text/plain; charset=utf-8";
	r->modified = s->epoch;
	bulk_paste(k, &r->body);
}

/* The longest prefixes come first; a path that ends with "/" or "" takes what follows as the name. */
static const struct {
	const char *path;
	bool whole; /* nothing may follow */
	void (*answer)(struct site *s, struct str name, struct reply *r);
} routes[] = {
	{ "/", true, answer_home },
	{ "/robots.txt", true, answer_robots },
	{ "/motd.txt", true, answer_motd },
	{ "/archive", true, answer_archive },
	{ "/archive/", false, answer_archive },
	{ "/raw/", false, answer_raw },
	{ "/forum/", true, answer_forum },
	{ "/forum/thread/", false, answer_thread },
	{ "/feed.xml", true, answer_rss },
	{ "/recent.xml", true, answer_recent },
	{ "/atom.xml", true, answer_atom },
	{ "/feed/", false, answer_entry },
	{ "/fault/", false, answer_fault },
	{ "/trap/", false, answer_trap },
	{ "/bulk/list/", false, answer_bulk_list },
	{ "/bulk/raw/", false, answer_bulk_raw },
	{ "/private/", false, answer_paste },
	{ "/", false, answer_paste },
};

static void route(struct site *s, struct str path, struct reply *r)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		struct str prefix = str_of(routes[i].path);

		if (routes[i].whole ? !str_eq(path, prefix) : !str_starts(path, prefix))
			continue;
		routes[i].answer(s, str_slice(path, prefix.n, path.n), r);
		return;
	}
	r->status = 404;
}

/* FNV-1a, 64 bits: enough to tell one text from the next. */
static uint64_t digest_of(struct str s)
{
	uint64_t d = 14695981039346656037u;

	for (size_t i = 0; i < s.n; i++)
		d = (d ^ (unsigned char)s.p[i]) * 1099511628211u;
	return d;
}

/* RFC 9110 13.1.3: If-Modified-Since counts only when no If-None-Match came. */
static bool client_has_it(const struct request *q, const struct reply *r, struct str tag)
{
	int64_t since;

	if (q->if_none_match.n)
		return str_find(q->if_none_match, tag) >= 0 || str_eq(q->if_none_match, STR("*"));
	return q->if_modified_since.n && clock_read_http(q->if_modified_since, &since) > 0 && since >= r->modified;
}

static void validate(const struct request *q, struct reply *r)
{
	char tag[24], when[CLOCK_TEXT];

	if (!r->modified || r->status != 200)
		return;
	snprintf(tag, sizeof(tag), "\"%016llx\"", (unsigned long long)digest_of(buf_str(&r->body)));
	buf_printf(&r->headers, "ETag: %s\r\nLast-Modified: %s\r\n", tag, clock_http_date(r->modified, when));
	if (!client_has_it(q, r, str_of(tag)))
		return;
	r->status = 304;
	buf_clear(&r->body);
}

/* Says which cookies came; /cookies/N sets N of them, each time others, and /cookies one that stays and one that does not. */
static void answer_cookies(const struct request *q, struct str number, struct reply *r)
{
	static unsigned round;
	uint64_t n = 0;

	r->type = "text/plain";
	buf_printf(&r->body, "%.*s\n", STR_ARG(q->cookie));
	if (str_number(number, 1000, &n) > 0)
		round++;
	else
		buf_add(&r->headers, STR("Set-Cookie: visit=marmalade; path=/; HttpOnly\r\n"
					 "Set-Cookie: known=nutmeg; Max-Age=86400\r\n"));
	for (uint64_t i = 0; i < n; i++)
		buf_printf(&r->headers, "Set-Cookie: c%u-%d=%0100d\r\n", round, (int)i, 7);
}

void site_answer(struct site *s, const struct request *q, struct reply *r)
{
	struct str rest = q->path, path = { 0 };

	str_split(&rest, '?', &path);
	posts_refresh(s);
	if (str_eq(q->method, STR("POST")) && str_eq(path, STR("/echo"))) {
		r->type = arena_copy(s->arena, q->type).p;
		buf_add(&r->body, q->body);
		return;
	}
	if (str_eq(path, STR("/cookies")) || str_starts(path, STR("/cookies/"))) {
		answer_cookies(q, str_slice(path, strlen("/cookies/"), path.n), r);
		return;
	}
	if (!str_eq(q->method, STR("GET")) && !str_eq(q->method, STR("HEAD"))) {
		r->status = 405;
		buf_add(&r->headers, STR("Allow: GET, HEAD\r\n"));
		return;
	}
	if (posts_down(s, path)) {
		r->status = 503;
		return;
	}
	route(s, posts_path(s, path), r);
	validate(q, r);
}
