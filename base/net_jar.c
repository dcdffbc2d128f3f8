/* net_jar.c - the cookies of one source: curl's engine in a share of its own, and what is recorded of them */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/net_internal.h"

struct net_jar {
	struct net *net;
	struct net_jar *next;
	CURLSH *share;
	struct buf lines; /* as they were when somebody asked last */
};

/* A jar's cookies as lines; false when they have more than their ceiling. */
static bool jar_write(struct net_jar *j, struct buf *out)
{
	struct curl_slist *list = NULL;
	size_t n = 0;

	curl_easy_setopt(j->net->clerk, CURLOPT_SHARE, j->share);
	curl_easy_getinfo(j->net->clerk, CURLINFO_COOKIELIST, &list);
	curl_easy_setopt(j->net->clerk, CURLOPT_SHARE, NULL);
	for (const struct curl_slist *line = list; line; line = line->next, n++)
		buf_printf(out, "%s\n", line->data);
	curl_slist_free_all(list);
	return n <= LIMIT_COOKIES && !out->full;
}

/* Empty the jar and put these lines into it. */
static void jar_read(struct net_jar *j, struct str lines)
{
	AUTO(buf) copy = BUF_INIT(LIMIT_COOKIE_BYTES + 1);
	struct str line = { 0 };

	curl_easy_setopt(j->net->clerk, CURLOPT_SHARE, j->share);
	curl_easy_setopt(j->net->clerk, CURLOPT_COOKIELIST, "ALL");
	while (str_split(&lines, '\n', &line)) {
		buf_clear(&copy);
		if (line.n && buf_add(&copy, line) == 0)
			curl_easy_setopt(j->net->clerk, CURLOPT_COOKIELIST, copy.p);
	}
	curl_easy_setopt(j->net->clerk, CURLOPT_SHARE, NULL);
}

struct net_jar *net_jar_new(struct net *n)
{
	struct net_jar *j = must_alloc(1, sizeof(*j));

	*j = (struct net_jar){ .net = n, .next = n->jars, .lines = BUF_INIT(LIMIT_COOKIE_BYTES) };
	j->share = curl_share_init();
	MUST(j->share && curl_share_setopt(j->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE) == CURLSHE_OK);
	n->jars = j;
	return j;
}

void net_jar_fill(struct net_jar *j, struct str lines)
{
	jar_read(j, lines);
	buf_clear(&j->lines);
	jar_write(j, &j->lines);
}

int net_jar_changed(struct net_jar *j, struct str *lines)
{
	AUTO(buf) now = BUF_INIT(LIMIT_COOKIE_BYTES);

	if (!jar_write(j, &now)) {
		jar_read(j, buf_str(&j->lines));
		return 0;
	}
	if (str_eq(buf_str(&now), buf_str(&j->lines)))
		return 0;
	buf_clear(&j->lines);
	buf_add(&j->lines, buf_str(&now));
	*lines = buf_str(&j->lines);
	return 1;
}

void net_jars_free(struct net *n)
{
	for (struct net_jar *j = n->jars, *next; j; j = next) {
		next = j->next;
		MUST(curl_share_cleanup(j->share) == CURLSHE_OK);
		buf_release(&j->lines);
		free(j);
	}
}

/* The cookies of this source, or none. The engine has to be woken beside the share (curl 7.88). */
void net_jar_use(struct transfer *x, struct net_jar *jar)
{
	x->jar = jar;
	curl_easy_setopt(x->easy, CURLOPT_SHARE, jar ? jar->share : NULL);
	curl_easy_setopt(x->easy, CURLOPT_COOKIEFILE, jar ? "" : NULL);
}

/* Put asterisks for the value of a cookie, up to its end or to what follows it: NAME=VALUE; ... */
static size_t hide_value(char *p, size_t n)
{
	size_t end = 0, i = 0;

	while (end < n && p[end] != ';')
		end++;
	while (i < end && p[i] != '=')
		i++;
	for (i = i < end ? i + 1 : 0; i < end; i++)
		if (p[i] != '\r' && p[i] != '\n')
			p[i] = '*';
	return end < n ? end + 1 : end;
}

/*
 * Hide the values of cookies in recorded headers: who has them is us, as far as the site can tell. In `name` lines, of which
 * `all` pairs are cookies (Cookie) or only the first (Set-Cookie); a line that goes on with a blank belongs to the one before.
 */
static void hide_cookies(struct buf *headers, const char *name, bool all)
{
	struct str rest = buf_str(headers), line = { 0 };
	bool hides = false;

	while (str_split(&rest, '\n', &line)) {
		char *p = headers->p + (line.p - headers->p);
		size_t head = strlen(name);
		bool goes_on = line.n && (line.p[0] == ' ' || line.p[0] == '\t');

		hides = goes_on ? hides
				: line.n > head && line.p[head] == ':' && str_eq_nocase(str_slice(line, 0, head), str_of(name));
		if (!hides)
			continue;
		for (size_t at = goes_on ? 0 : head + 1; at < line.n;) {
			at += hide_value(p + at, line.n - at);
			if (!all)
				break;
		}
	}
}

void net_jar_hide(struct capture *c)
{
	hide_cookies(&c->request, "Cookie", true);
	hide_cookies(&c->headers, "Set-Cookie", false);
}
