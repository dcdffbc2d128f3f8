/* report.c - the static report: from the store to a folder of pages */
#include "store/outbox.h"
#include "web/report.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "store/duty.h"
#include "store/quoted.h"
#include "web/page.h"

enum { CUSTODY_SHOWN = 100 }; /* entries and items on the page of a finding */

/* What one report needs on its way. */
struct report {
	struct store *store;
	const struct report_options *options;
	struct arena *a;    /* what the index shows */
	struct arena *each; /* what one finding shows, cleared between them */
	const char *fresh;  /* the folder that is being written */
	struct buf page;
	const struct finding *findings; /* those with a page */
	size_t n_findings;
};

static int write_page(struct report *r, const char *name, struct err *err)
{
	struct str path = arena_printf(r->a, "%s/%s", r->fresh, name);
	FILE *f;
	size_t written;

	if (r->page.full)
		return err_set(err, E_LIMIT, "the page %s would be larger than %zu bytes", name, r->page.max);
	f = fopen(path.p, "wxe");
	if (!f)
		return err_set(err, E_IO, "cannot write %s: %s", path.p, strerror(errno));
	written = fwrite(r->page.p, 1, r->page.n, f);
	if (fclose(f) != 0 || written != r->page.n)
		return err_set(err, errno == ENOSPC ? E_FULL : E_IO, "cannot write %s: %s", path.p, strerror(errno));
	return 0;
}

/* Ids name files, so a damaged store must not name one elsewhere. */
static bool is_public_id(struct str id)
{
	for (size_t i = 0; i < id.n; i++)
		if (ascii_hex(id.p[i]) < 0)
			return false;
	return id.n == FINDING_ID - 1;
}

/* The finding that this one quotes, when it is among those with a page. */
static struct str page_of_original(const struct report *r, const struct finding_detail *d)
{
	struct str id = quoted_finding(d->said.reasons, d->said.n_reasons);

	for (size_t i = 0; id.n && i < r->n_findings; i++)
		if (str_eq(r->findings[i].public_id, id))
			return id;
	return (struct str){ 0 };
}

static int write_finding(struct report *r, struct str id, struct err *err)
{
	struct finding_detail detail;
	struct finding_page page = {
		.organisation = r->options->organisation, .now = r->options->now, .home = "../index.html", .detail = &detail
	};
	struct custody_filter about = { .limit = CUSTODY_SHOWN };
	struct evidence_filter its = { .limit = CUSTODY_SHOWN };
	struct custody_row *custody;
	struct evidence_row *evidence;
	int found;

	if (!is_public_id(id))
		return err_set(err, E_STORE, "the store holds a finding whose id is not one; run watchdesk verify");
	arena_clear(r->each);
	found = finding_load(r->store, id, r->each, &detail, err);
	if (found <= 0)
		return found;
	about.subject = arena_printf(r->each, "finding %.*s", STR_ARG(id));
	its.finding_id = detail.finding.id;
	if (custody_list(r->store, &about, r->each, &custody, &page.n_custody, err) < 0 ||
	    evidence_list(r->store, &its, r->each, &evidence, &page.n_evidence, err) < 0 ||
	    duty_words(r->store, detail.finding.id, r->each, &page.duty, err) < 0)
		return err->code;
	page.original = page_of_original(r, &detail);
	page.custody = custody;
	page.evidence = evidence;
	buf_clear(&r->page);
	page_finding(&r->page, &page);
	return write_page(r, arena_printf(r->each, "finding/%.*s.html", STR_ARG(id)).p, err);
}

static int write_index(struct report *r, struct index_page *p, struct err *err)
{
	int has_round = store_round_last(r->store, &p->last_round, err);

	if (has_round < 0 || finding_count(r->store, &p->counts, err) < 0 ||
	    outbox_count(r->store, "dead", &p->dead_letters, err) < 0)
		return err->code;
	p->has_round = has_round > 0;
	buf_clear(&r->page);
	page_index(&r->page, p);
	return write_page(r, "index.html", err);
}

/* The head of the custody chain, for whoever keeps a copy. */
static int write_anchor(struct report *r, struct str *anchor, struct err *err)
{
	AUTO(buf) text = BUF_INIT(256);
	int there = anchor_text(r->store, &text, err);

	if (there < 0)
		return there;
	*anchor = arena_copy(r->a, buf_str(&text));
	buf_clear(&r->page);
	if (there)
		buf_printf(&r->page, "%.*s\n", STR_ARG(*anchor));
	return write_page(r, "anchor.txt", err);
}

static int write_pages(struct report *r, struct err *err)
{
	struct finding_filter all = { .least_severity = FINDING_SEVERITY };
	struct index_page p = { .organisation = r->options->organisation, .now = r->options->now };
	struct finding *findings = NULL;
	struct source_health *sources = NULL;

	if (finding_list(r->store, &all, r->a, &findings, &p.n_findings, err) < 0 ||
	    health_list(r->store, r->options->now, r->a, &sources, &p.n_sources, err) < 0 ||
	    write_anchor(r, &p.anchor, err) < 0)
		return err->code;
	p.findings = r->findings = findings;
	r->n_findings = p.n_findings;
	p.sources = sources;
	for (size_t i = 0; i < p.n_findings; i++)
		if (write_finding(r, findings[i].public_id, err) < 0)
			return err->code;
	return write_index(r, &p, err);
}

static int make_fresh(struct report *r, struct err *err)
{
	struct str findings = arena_printf(r->a, "%s/finding", r->fresh);

	if (file_remove_folder(r->fresh, err) < 0)
		return err->code;
	return file_make_folder(findings.p, 0755, err);
}

static bool is_of_a_report(const char *name)
{
	static const char *const ours[] = { ".", "..", "index.html", "anchor.txt", "finding" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(name, ours[i]) == 0)
			return true;
	return false;
}

/* What stands in the folder is thrown away: refuse one that holds anything but a report. */
static int check_folder(const char *path, struct err *err)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	int result = 0;

	if (!folder && errno == ENOENT)
		return 0;
	if (!folder)
		return err_set(err, E_IO, "cannot open the folder %s: %s", path, strerror(errno));
	while (result == 0 && (entry = readdir(folder)))
		if (!is_of_a_report(entry->d_name))
			result = err_set(err, E_USAGE,
					 "the folder %s holds %s, which is of no report; give `report:` a folder of its own",
					 path, entry->d_name);
	closedir(folder);
	return result;
}

/* The folder that holds both is locked, so that a monitor and a verb do not write one report together; -1 or a descriptor. */
static int lock_beside(const char *path, struct arena *a, struct err *err)
{
	struct str above = arena_printf(a, "%s", path);
	const char *slash = strrchr(above.p, '/');
	int fd;

	above = slash ? arena_printf(a, "%.*s", slash == above.p ? 1 : (int)(slash - above.p), above.p) : STR(".");
	if (file_make_folder(above.p, 0755, err) < 0)
		return -1;
	fd = open(above.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX) < 0) {
		err_set(err, E_IO, "cannot lock the folder %s: %s", above.p, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static int write_and_swap(struct report *r, const char *folder, struct err *err)
{
	int result = check_folder(folder, err);

	if (result == 0)
		result = make_fresh(r, err);
	if (result == 0)
		result = write_pages(r, err);
	if (result == 0)
		return file_swap_folder(r->fresh, folder, err);
	file_remove_folder(r->fresh, NULL);
	return result;
}

/* Without slashes at its end, so that what stands beside it can be named. */
static const char *clean_path(const char *path, struct arena *a)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	return arena_copy(a, (struct str){ path, n }).p;
}

int report_write(struct store *s, const struct report_options *o, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO_FREE(arena) each = arena_new(LIMIT_ARENA);
	const char *folder = clean_path(o->folder, a);
	struct report r = { s, o, a, each, arena_printf(a, "%s.fresh", folder).p, BUF_INIT(LIMIT_PAGE) };
	int lock = lock_beside(folder, a, err);
	int result = lock < 0 ? err->code : write_and_swap(&r, folder, err);

	if (lock >= 0)
		close(lock);
	buf_release(&r.page);
	return result;
}
