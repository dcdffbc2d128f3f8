/* cdxj.c - an index of WARC records */
#include "store/cdxj.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"

enum { PARTS = 256 }; /* of a query that are sorted; a longer one stays as it is */

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void put_lower(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_add_char(out, ascii_lower(s.p[i]));
}

/* "www.", "www2." ... say nothing about the site. */
static struct str without_www(struct str host)
{
	size_t i = 3;

	if (!str_starts(host, STR("www")))
		return host;
	while (i < host.n && ascii_is_digit(host.p[i]))
		i++;
	return i < host.n && host.p[i] == '.' ? str_slice(host, i + 1, host.n) : host;
}

static void put_host(struct buf *out, struct str host)
{
	size_t end = host.n;

	for (size_t i = host.n; i-- > 0;)
		if (host.p[i] == '.') {
			put_lower(out, str_slice(host, i + 1, end));
			buf_add_char(out, ',');
			end = i;
		}
	put_lower(out, str_slice(host, 0, end));
}

static void put_query(struct buf *out, struct str query)
{
	struct str parts[PARTS], rest = query;
	size_t n = 0;

	while (n < PARTS && str_split(&rest, '&', &parts[n]))
		n++;
	buf_add_char(out, '?');
	if (rest.n) {
		put_lower(out, query);
		return;
	}
	qsort(parts, n, sizeof(*parts), by_bytes);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_add_char(out, '&');
		put_lower(out, parts[i]);
	}
}

void cdxj_key(struct str url, struct buf *out)
{
	bool secure = str_starts(url, STR("https://"));
	struct str rest = str_slice(url, secure ? 8 : 7, url.n), host = { 0 }, path = { 0 };
	size_t end = 0;
	ssize_t port, query;

	if (!secure && !str_starts(url, STR("http://"))) {
		buf_add(out, url);
		return;
	}
	while (end < rest.n && !strchr("/?#", rest.p[end]))
		end++;
	host = without_www(str_slice(rest, 0, end));
	path = str_slice(rest, end, rest.n);
	port = str_find(host, STR(":"));
	if (host.n && host.p[0] == '[') /* an IPv6 address; its port stands behind the bracket */
		port = str_find(host, STR("]:")) < 0 ? -1 : str_find(host, STR("]:")) + 1;
	put_host(out, str_slice(host, 0, port < 0 ? host.n : (size_t)port));
	if (port >= 0)
		put_lower(out, str_slice(host, (size_t)port, host.n));
	buf_add_char(out, ')');
	path = str_slice(path, 0, str_find(path, STR("#")) < 0 ? path.n : (size_t)str_find(path, STR("#")));
	query = str_find(path, STR("?"));
	put_lower(out, str_slice(path, 0, query < 0 ? path.n : (size_t)query));
	if (query >= 0 && (size_t)query + 1 < path.n)
		put_query(out, str_slice(path, (size_t)query + 1, path.n));
}

/* "2026-11-26T04:03:09.000042Z" as "20261126040309". */
static void put_time(struct buf *out, struct str date)
{
	int digits = 0;

	for (size_t i = 0; i < date.n && digits < 14; i++)
		if (ascii_is_digit(date.p[i])) {
			buf_add_char(out, date.p[i]);
			digits++;
		}
}

static void put_line(const struct warc_record *r, struct str filename, struct buf *out)
{
	struct json_writer w = { .out = out };
	struct warc_message m = { 0 };
	struct str mime = { 0 }, rest;
	char number[32];

	if (str_eq(r->type, STR("resource")))
		mime = r->content_type;
	else if (warc_message_of(r->block, &m)) {
		rest = warc_header_of(&m, STR("content-type"));
		str_split(&rest, ';', &mime);
	}
	cdxj_key(r->uri, out);
	buf_add_char(out, ' ');
	put_time(out, r->date);
	buf_add_char(out, ' ');
	json_open(&w, NULL, '{');
	json_put_text(&w, "url", r->uri);
	if (str_eq(r->type, STR("revisit")))
		mime = STR("warc/revisit");
	if (str_trim(mime).n)
		json_put_text(&w, "mime", str_trim(mime));
	snprintf(number, sizeof(number), "%d", m.status);
	if (m.status)
		json_put_text(&w, "status", str_of(number));
	if (r->payload_digest.n)
		json_put_text(&w, "digest", r->payload_digest);
	snprintf(number, sizeof(number), "%zu", r->length);
	json_put_text(&w, "length", str_of(number));
	snprintf(number, sizeof(number), "%zu", r->start);
	json_put_text(&w, "offset", str_of(number));
	json_put_text(&w, "filename", filename);
	json_close(&w, '}');
}

static int sort_lines(struct arena *a, struct str text, struct buf *out)
{
	struct str *lines = NULL, line;
	size_t n = 0;

	while (str_split(&text, '\n', &line))
		*(struct str *)arena_push(a, &lines, &n, sizeof(*lines)) = line;
	if (n)
		qsort(lines, n, sizeof(*lines), by_bytes);
	for (size_t i = 0; i < n; i++) {
		buf_add(out, lines[i]);
		buf_add_char(out, '\n');
	}
	return out->full ? E_LIMIT : 0;
}

int cdxj_put(struct str warc, struct str filename, struct buf *out, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(warc_reader) r = { .bytes = warc, .record = BUF_INIT(LIMIT_RECORD) };
	AUTO(buf) lines = BUF_INIT(LIMIT_MESSAGE);
	struct warc_record record;
	int found;

	while ((found = warc_next(&r, &record, err)) > 0)
		if (str_eq(record.type, STR("response")) || str_eq(record.type, STR("revisit")) ||
		    str_eq(record.type, STR("resource"))) {
			put_line(&record, filename, &lines);
			buf_add_char(&lines, '\n');
		}
	if (found < 0)
		return found;
	if (lines.full || sort_lines(a, buf_str(&lines), out) < 0)
		return err_set(err, E_LIMIT, "the index of %.*s grows beyond %zu bytes", STR_ARG(filename), lines.max);
	return 0;
}
