/* report.c - the static report: from the store to a folder of pages */
#include "web/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "web/page.h"

/* What one report needs on its way. */
struct report {
	struct store *store;
	const struct report_options *options;
	struct arena *a;    /* what the index shows */
	struct arena *each; /* what one finding shows, cleared between them */
	const char *fresh;  /* the folder that is being written */
	struct buf page;
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

static int write_finding(struct report *r, struct str id, struct err *err)
{
	struct finding_detail detail;
	struct finding_page page = { r->options->organisation, r->options->now, &detail };
	int found;

	if (!is_public_id(id))
		return err_set(err, E_STORE, "the store holds a finding whose id is not one; run watchdesk verify");
	arena_clear(r->each);
	found = finding_load(r->store, id, r->each, &detail, err);
	if (found <= 0)
		return found;
	buf_clear(&r->page);
	page_finding(&r->page, &page);
	return write_page(r, arena_printf(r->each, "finding/%.*s.html", STR_ARG(id)).p, err);
}

static int write_index(struct report *r, struct index_page *p, struct err *err)
{
	int has_round = store_round_last(r->store, &p->last_round, err);

	if (has_round < 0 || finding_count(r->store, &p->counts, err) < 0)
		return err->code;
	p->has_round = has_round > 0;
	buf_clear(&r->page);
	page_index(&r->page, p);
	return write_page(r, "index.html", err);
}

static int write_pages(struct report *r, struct err *err)
{
	struct finding_filter all = { .least_severity = FINDING_SEVERITY };
	struct index_page p = { .organisation = r->options->organisation, .now = r->options->now };
	struct finding *findings = NULL;
	struct source_health *sources = NULL;

	if (finding_list(r->store, &all, r->a, &findings, &p.n_findings, err) < 0 ||
	    health_list(r->store, r->a, &sources, &p.n_sources, err) < 0)
		return err->code;
	p.findings = findings;
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

int report_write(struct store *s, const struct report_options *o, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO_FREE(arena) each = arena_new(LIMIT_ARENA);
	struct report r = { s, o, a, each, arena_printf(a, "%s.fresh", o->folder).p, BUF_INIT(LIMIT_PAGE) };
	int result = make_fresh(&r, err);

	if (result >= 0)
		result = write_pages(&r, err);
	if (result >= 0)
		result = file_swap_folder(r.fresh, o->folder, err);
	else
		file_remove_folder(r.fresh, NULL);
	buf_release(&r.page);
	return result;
}
