/* edition.c - the folder of a report: pages that are others than before are replaced */
#include "web/edition.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"

#define LIST "/.pages"

static const char magic[16] = "watchdesk pages\n";

/* A page, by a digest of its name; 0 is no page. 16 bytes each, for there may be a million: stamps are even, and one that is
 * odd belongs to this edition. */
struct page {
	uint64_t name, stamp;
};
static const uint64_t now = 1;

struct edition {
	char *folder;
	int lock;
	uint64_t facts;
	struct page *pages; /* open addressing, a power of two, at most half of it used */
	size_t room, n;
	bool begun; /* a page was replaced: the list on the disk is gone until there is a true one */
	struct edition_count counted;
};

/* ---- the list of pages ---- */

uint64_t edition_stamp(struct str of)
{
	unsigned char digest[DIGEST_BYTES];
	uint64_t stamp;

	digest_sha256(of, digest);
	memcpy(&stamp, digest, sizeof(stamp));
	return stamp & ~now;
}

static struct page *slot_of(struct page *pages, size_t room, uint64_t name)
{
	size_t at = (size_t)name & (room - 1);

	while (pages[at].name && pages[at].name != name)
		at = (at + 1) & (room - 1);
	return &pages[at];
}

static void grow(struct edition *e)
{
	size_t room = e->room ? 2 * e->room : 1024;
	struct page *pages = must_alloc(room, sizeof(*pages));

	for (size_t i = 0; i < e->room; i++)
		if (e->pages[i].name)
			*slot_of(pages, room, e->pages[i].name) = e->pages[i];
	free(e->pages);
	e->pages = pages;
	e->room = room;
}

static struct page *page_of(struct edition *e, uint64_t name)
{
	struct page *p;

	if (2 * (e->n + 1) > e->room)
		grow(e);
	p = slot_of(e->pages, e->room, name);
	if (!p->name) {
		p->name = name;
		e->n++;
	}
	return p;
}

static uint64_t key_of(const char *name)
{
	uint64_t key = edition_stamp(str_of(name));

	return key ? key : 1;
}

/* What the last edition wrote; a list that cannot be read is none, and all is written anew. */
static void read_list(struct edition *e)
{
	char path[PATH_MAX], head[sizeof(magic)];
	uint64_t facts, row[2];
	FILE *f;

	snprintf(path, sizeof(path), "%s" LIST, e->folder);
	f = fopen(path, "re");
	if (!f)
		return;
	if (fread(head, sizeof(head), 1, f) == 1 && memcmp(head, magic, sizeof(magic)) == 0 &&
	    fread(&facts, sizeof(facts), 1, f) == 1 && facts == e->facts)
		while (fread(row, sizeof(row), 1, f) == 1)
			if (row[0])
				page_of(e, row[0])->stamp = row[1] & ~now;
	fclose(f);
}

static int disk_error(const char *what, const char *path, struct err *err)
{
	return err_set(err, errno == ENOSPC || errno == EDQUOT ? E_FULL : E_IO, "cannot %s %s: %s", what, path,
		       strerror(errno));
}

/* A page of the last edition would be taken for what was written since: better none is known than that. */
static void drop_list(struct edition *e)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s" LIST, e->folder);
	if (!e->begun)
		unlink(path);
	e->begun = true;
}

/* The pages of this edition, or, when it was not finished, of this and the last. */
static int write_list(const struct edition *e, bool finished, struct err *err)
{
	char path[PATH_MAX], fresh[PATH_MAX + 8];
	bool fine = true;
	FILE *f;

	snprintf(path, sizeof(path), "%s" LIST, e->folder);
	snprintf(fresh, sizeof(fresh), "%s.fresh", path);
	f = fopen(fresh, "we");
	if (!f)
		return disk_error("write", fresh, err);
	fine &= fwrite(magic, sizeof(magic), 1, f) == 1 && fwrite(&e->facts, sizeof(e->facts), 1, f) == 1;
	for (size_t i = 0; fine && i < e->room; i++)
		if (e->pages[i].name && (!finished || (e->pages[i].stamp & now)))
			fine &= fwrite(&e->pages[i], sizeof(e->pages[i]), 1, f) == 1;
	fine &= fflush(f) == 0 && fsync(fileno(f)) == 0;
	fine &= fclose(f) == 0;
	return fine && rename(fresh, path) == 0 ? 0 : disk_error("write", path, err);
}

/* ---- the folder ---- */

static bool is_of_a_report(const char *name)
{
	static const char *const folders[] = { "finding", "findings", "campaign", "campaigns", "asset", "assets",
					       "source",  "sources",  "takedown", "takedowns", NULL };
	static const char *const endings[] = { ".html", ".xml", ".json", ".csv", NULL };
	struct str s = str_of(name);

	if (str_starts(s, STR(".")) || strcmp(name, "anchor.txt") == 0)
		return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || str_starts(s, STR(".pages")) ||
		       strcmp(name, "anchor.txt") == 0;
	for (size_t i = 0; folders[i]; i++)
		if (strcmp(name, folders[i]) == 0)
			return true;
	for (size_t i = 0; endings[i]; i++)
		if (str_ends(s, str_of(endings[i])))
			return true;
	return false;
}

/* What is not in an edition is thrown away: refuse a folder that holds anything but a report. */
static int check_folder(const char *path, struct err *err)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	int result = 0;

	if (!folder)
		return disk_error("open the folder", path, err);
	while (result == 0 && (entry = readdir(folder)))
		if (!is_of_a_report(entry->d_name))
			result = err_set(err, E_USAGE,
					 "the folder %s holds %s, which is of no report; give `report:` a folder of its own",
					 path, entry->d_name);
	closedir(folder);
	return result;
}

static int lock_folder(struct edition *e, struct err *err)
{
	if (file_make_folder(e->folder, 0755, err) < 0)
		return err->code;
	e->lock = open(e->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (e->lock < 0 || flock(e->lock, LOCK_EX) < 0)
		return disk_error("lock the folder", e->folder, err);
	return 0;
}

struct edition *edition_open(const char *folder, struct str facts, struct err *err)
{
	struct edition *e = must_alloc(1, sizeof(*e));
	size_t n = strlen(folder);

	while (n > 1 && folder[n - 1] == '/')
		n--;
	e->lock = -1;
	e->facts = edition_stamp(facts);
	e->folder = strndup(folder, n);
	MUST(e->folder);
	if (n > PATH_MAX - 200) {
		err_set(err, E_USAGE, "the path %.100s... is too long", folder);
	} else if (lock_folder(e, err) == 0 && check_folder(e->folder, err) == 0) {
		grow(e);
		read_list(e);
		return e;
	}
	edition_free(e);
	return NULL;
}

void edition_free(struct edition *e)
{
	struct err ignored = { 0 };

	if (!e)
		return;
	if (e->begun)
		write_list(e, false, &ignored); /* without it the next edition writes all pages anew */
	if (e->lock >= 0)
		close(e->lock);
	free(e->folder);
	free(e->pages);
	free(e);
}

/* ---- pages ---- */

bool edition_keeps(struct edition *e, const char *name, uint64_t stamp)
{
	struct page *p = slot_of(e->pages, e->room, key_of(name));

	if (!p->name || (p->stamp | now) != (stamp | now))
		return false;
	e->counted.kept += !(p->stamp & now);
	p->stamp |= now;
	return true;
}

static FILE *open_fresh(const char *fresh, char *folder, struct err *err)
{
	FILE *f = fopen(fresh, "we");

	if (!f && errno == ENOENT && file_make_folder(folder, 0755, err) == 0)
		f = fopen(fresh, "we");
	return f;
}

/*
 * Without waiting for the disk: edition_close() does, once for all pages. The fresh page lies beside the old one, for who is
 * confined to some folders (Landlock) may not rename from one to another.
 */
static int replace(struct edition *e, const char *name, struct str content, struct err *err)
{
	char path[PATH_MAX], folder[PATH_MAX], fresh[PATH_MAX + 16];
	FILE *f;

	if (snprintf(path, sizeof(path), "%s/%s", e->folder, name) >= (int)sizeof(path))
		return err_set(err, E_USAGE, "the path %.100s... is too long", e->folder);
	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	snprintf(fresh, sizeof(fresh), "%s/.pages.page", folder);
	f = open_fresh(fresh, folder, err);
	if (!f)
		return disk_error("write", fresh, err);
	if (fwrite(content.p, 1, content.n, f) != content.n || fflush(f) != 0) {
		disk_error("write", path, err);
		fclose(f);
		unlink(fresh);
		return err->code;
	}
	if (fclose(f) != 0)
		return disk_error("write", path, err);
	return rename(fresh, path) < 0 ? disk_error("write", path, err) : 0;
}

int edition_put(struct edition *e, const char *name, uint64_t stamp, const struct buf *page, struct err *err)
{
	struct page *p;

	if (page->full)
		return err_set(err, E_LIMIT, "the page %s would be larger than %zu bytes", name, page->max);
	drop_list(e);
	if (replace(e, name, buf_str(page), err) < 0)
		return err->code;
	p = page_of(e, key_of(name));
	p->stamp = stamp | now;
	e->counted.written++;
	return 0;
}

int edition_put_if_new(struct edition *e, const char *name, const struct buf *page, struct err *err)
{
	uint64_t stamp = edition_stamp(buf_str(page));

	return !page->full && edition_keeps(e, name, stamp) ? 0 : edition_put(e, name, stamp, page, err);
}

bool edition_has(struct edition *e, const char *name)
{
	const struct page *p = slot_of(e->pages, e->room, key_of(name));

	return p->name && (p->stamp & now);
}

/* ---- the end ---- */

/* Pages of one folder (with its slash; "" for the report's own) that no edition has any more. */
static void sweep(struct edition *e, const char *below)
{
	char path[PATH_MAX], name[PATH_MAX];
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "%s/%s", e->folder, below);
	folder = opendir(path);
	while (folder && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.' || snprintf(name, sizeof(name), "%s%s", below, entry->d_name) >= (int)sizeof(name))
			continue;
		if (entry->d_type == DT_DIR && !below[0]) {
			snprintf(name, sizeof(name), "%s/", entry->d_name);
			sweep(e, name);
		} else if (entry->d_type == DT_REG && !edition_has(e, name)) {
			e->counted.removed += unlinkat(dirfd(folder), entry->d_name, 0) == 0;
		}
	}
	if (folder)
		closedir(folder);
}

int edition_close(struct edition *e, const char *name, const struct buf *index, struct err *err)
{
	if (syncfs(e->lock) < 0)
		return disk_error("sync", e->folder, err);
	if (edition_put_if_new(e, name, index, err) < 0)
		return err->code;
	sweep(e, "");
	if (write_list(e, true, err) < 0)
		return err->code;
	e->begun = false;
	return 0;
}

struct edition_count edition_counted(const struct edition *e)
{
	return e->counted;
}
