/* affected.c - `watchdesk affected`: how many people a leak is about, which of them are ours, and until when to report it */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/people.h"
#include "desk/unmask.h"
#include "desk/verb.h"

#define HOURS_72 INT64_C(259200000000) /* GDPR Art. 33 (1) */

enum { SHOWN = 50 };

/* All that is known of the people of a finding. */
struct affected {
	struct finding_detail finding;
	int64_t first_aware_at, now;
	struct unmasked text;
	struct person_record *rows; /* one row a person after fold() */
	size_t *records;	    /* of each */
	bool *listed;
	size_t n, persons, n_listed;
	bool more; /* than can be counted */
	struct people_list list;
	bool has_list;
};

/* All records of a person become one row, with the first mark of each kind. */
static void fold(struct affected *x, const struct store *s, struct arena *a)
{
	size_t at = 0, *place = arena_alloc(a, (x->n + 1) * sizeof(*place));

	x->records = arena_alloc(a, (x->n + 1) * sizeof(*x->records));
	x->listed = arena_alloc(a, (x->n + 1) * sizeof(*x->listed));
	for (size_t i = 0; i < x->n; i++) {
		struct person_record r = x->rows[i];
		bool listed = x->has_list && people_listed(&x->list, s, &r);

		if (r.person == i) {
			place[i] = at;
			x->rows[at] = r;
			x->records[at] = 0;
			x->listed[at++] = false;
		}
		x->records[place[r.person]]++;
		x->listed[place[r.person]] |= listed;
		for (int k = 0; k < PERSON_MARKS; k++)
			if (!x->rows[place[r.person]].marks[k].n)
				x->rows[place[r.person]].marks[k] = r.marks[k];
	}
	x->persons = at;
	for (size_t i = 0; i < at; i++)
		x->n_listed += x->listed[i];
}

static size_t with_mark(const struct affected *x, int kind)
{
	size_t n = 0;

	for (size_t i = 0; i < x->persons; i++)
		n += x->rows[i].marks[kind].n > 0;
	return n;
}

static struct str masked(struct buf *out, const struct person_record *r, int kind)
{
	buf_clear(out);
	person_mark_masked(out, (enum person_mark)kind, r->marks[kind]);
	return buf_str(out);
}

static void person_json(const struct affected *x, size_t i)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	AUTO(buf) mark = BUF_INIT(KIB(8));
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_int(&w, "person", (int64_t)i + 1);
	for (int k = 0; k < PERSON_MARKS; k++)
		if (x->rows[i].marks[k].n)
			json_put_text(&w, person_marks[k], masked(&mark, &x->rows[i], k));
	json_put_int(&w, "records", (int64_t)x->records[i]);
	if (x->has_list)
		json_put_bool(&w, "on_list", x->listed[i]);
	json_close(&w, '}');
	print_json(&out);
}

static void show_json(const struct affected *x)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	json_open(&w, NULL, '{');
	json_put_text(&w, "finding", x->finding.finding.public_id);
	json_put_int(&w, "persons", (int64_t)x->persons);
	json_put_int(&w, "records", (int64_t)x->n);
	json_put_bool(&w, "more", x->more);
	for (int k = 0; k < PERSON_MARKS; k++)
		json_put_int(&w, person_marks[k], (int64_t)with_mark(x, k));
	if (x->has_list) {
		json_put_int(&w, "on_list", (int64_t)x->n_listed);
		json_put_int(&w, "list_lines", (int64_t)x->list.lines);
	}
	json_put_time(&w, "first_aware_at", x->first_aware_at);
	json_put_time(&w, "report_until", x->first_aware_at + HOURS_72);
	json_put_int(&w, "seconds_left", (x->first_aware_at + HOURS_72 - x->now) / 1000000);
	json_put_text(&w, "evidence", x->text.evidence);
	json_close(&w, '}');
	print_json(&out);
	for (size_t i = 0; i < x->persons; i++)
		person_json(x, i);
}

static void csv_line(const struct affected *x, size_t i)
{
	AUTO(buf) out = BUF_INIT(KIB(64));
	AUTO(buf) mark = BUF_INIT(KIB(8));
	char at[CLOCK_TEXT];

	csv_put(&out, x->finding.finding.public_id);
	buf_printf(&out, ",%s,", clock_rfc3339(x->first_aware_at, at));
	buf_printf(&out, "%s,%zu", clock_rfc3339(x->first_aware_at + HOURS_72, at), i + 1);
	for (int k = 0; k < PERSON_MARKS; k++) {
		buf_add_char(&out, ',');
		csv_put(&out, masked(&mark, &x->rows[i], k));
	}
	buf_printf(&out, ",%zu,%s", x->records[i], !x->has_list ? "" : x->listed[i] ? "yes" : "no");
	print_text(buf_str(&out), false, 0);
	print("\r\n"); /* RFC 4180 */
}

static void show_csv(const struct affected *x)
{
	print("finding,first_aware_at,report_until,person");
	for (int k = 0; k < PERSON_MARKS; k++)
		print(",%s", person_marks[k]);
	print(",records,on_list\r\n");
	for (size_t i = 0; i < x->persons; i++)
		csv_line(x, i);
}

static void show_clock(const struct affected *x)
{
	int64_t left = (x->first_aware_at + HOURS_72 - x->now) / 1000000;
	char first[32], until[32];

	print("first aware %s UTC; 72 hours (GDPR Art. 33) end %s UTC, ", print_time(x->first_aware_at, first),
	      print_time(x->first_aware_at + HOURS_72, until));
	if (left >= 0)
		print("in %lld h %lld min\n", (long long)(left / 3600), (long long)(left / 60 % 60));
	else
		print("%lld h %lld min ago\n", (long long)(-left / 3600), (long long)(-left / 60 % 60));
}

static void show_text(const struct affected *x)
{
	AUTO(buf) mark = BUF_INIT(KIB(8));

	print("%s%s%zu people%s in %zu records of finding %.8s (", style("1"), x->more ? "more than " : "", x->persons,
	      style(""), x->n, x->finding.finding.public_id.p);
	for (int k = 0; k < PERSON_MARKS; k++)
		print("%s%zu with %s", k ? ", " : "", with_mark(x, k), person_marks[k]);
	print(")\n");
	if (x->has_list)
		print("%zu of them are on the list, which has %zu lines\n", x->n_listed, x->list.lines);
	show_clock(x);
	for (size_t i = 0; i < x->persons && i < SHOWN; i++) {
		print("  %s", x->has_list ? x->listed[i] ? "on the list  " : "             " : "");
		for (int k = 0; k < PERSON_MARKS; k++)
			if (x->rows[i].marks[k].n) {
				print("%s ", person_marks[k]);
				print_text(masked(&mark, &x->rows[i], k), false, 0);
				print("  ");
			}
		print("\n");
	}
	if (x->persons > SHOWN)
		print("  and %zu more; --json and --csv have all of them\n", x->persons - SHOWN);
}

/* The values are in memory for as long as it takes to hash them. */
static int list_read(const char *path, const struct store *s, struct arena *a, struct people_list *out, struct err *err)
{
	AUTO(buf) csv = BUF_INIT(LIMIT_SCAN_LIST);
	int result = file_read(path, &csv, err);

	if (result >= 0)
		result = people_list_read(buf_str(&csv), s, a, out, err);
	if (csv.p)
		explicit_bzero(csv.p, csv.n);
	return result < 0 ? err_at(err, "the list") : 0;
}

static int gather(const struct invocation *i, struct store *s, struct arena *a, struct affected *x, struct err *err)
{
	AUTO(seal_private) key = { 0 };
	const struct unmask_act act = { .operator_name = user_name(a), .purpose = "affected", .now = x->now };
	unsigned char digest[DIGEST_BYTES];
	int found = finding_load(s, str_of(i->arguments[0]), a, &x->finding, err);

	if (found <= 0)
		return found < 0 ? found
				 : err_set(err, E_USAGE, "no finding has the id %s; `watchdesk list` shows them",
					   i->arguments[0]);
	x->has_list = option_of(i, "list");
	if ((x->has_list && list_read(option_of(i, "list"), s, a, &x->list, err) < 0) ||
	    finding_aware(s, x->finding.finding.id, &x->first_aware_at, digest, err) < 0 ||
	    seal_private_read(store_folder(s), option_of(i, "key"), &key, err) < 0 ||
	    unmask(s, &key, &x->finding.finding, &act, a, &x->text, err) < 0)
		return err->code;
	x->more = people_read(x->text.text, x->finding.said.hits, x->finding.said.n_hits, a, &x->rows, &x->n);
	people_join(x->rows, x->n, a);
	fold(x, s, a);
	return 0;
}

static int affected_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(arena) a = arena_new(LIMIT_AFFECTED);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_WRITE, err) : NULL;
	struct affected x = { .now = clock_now_us() };

	if (!store)
		return err->code;
	if (i->json && option_of(i, "csv"))
		return err_set(err, E_USAGE, "--json or --csv, not both");
	if (gather(i, store, a, &x, err) < 0)
		return err->code;
	if (i->json)
		show_json(&x);
	else if (option_of(i, "csv"))
		show_csv(&x);
	else
		show_text(&x);
	return 0;
}

static const struct option_row options[] = {
	{ "list", "FILE", "your own people, a CSV with a header or one value a line: which of them are among these" },
	{ "key", "FILE", "the private half of the evidence key, when it is not in the store's folder" },
	{ "csv", NULL, "a row a person, for legal; no cell is a formula" },
	{ 0 },
};

const struct verb verb_affected = {
	.name = "affected",
	.arguments = "ID",
	.summary = "count the people a leak is about, and which are ours",
	.text = "Reads the text of a finding out of its sealed capture, which leaves an entry in custody, and counts whose "
		"data it is: "
		"records with\nthe same mail address, telephone, national or other number are one person, those with nothing "
		"but a "
		"name by their name. Values are\nmasked in all that is shown. --list joins them with your own list, of which "
		"only "
		"keyed digests are made. first_aware_at and the\nend of the 72 hours of GDPR Art. 33 stand with it.",
	.options = options,
	.least = 1,
	.most = 1,
	.run = affected_run,
};
