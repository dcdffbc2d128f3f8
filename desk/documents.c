/* documents.c - the private documents that a desk has registered */
#include "desk/documents.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/html.h"

enum { LOCK_MS = 10000 };

static void path_in(const struct config *c, const char *name, char *path)
{
	snprintf(path, PATH_MAX, "%s/%s", c->store.folder, name);
}

/* 1 read, 0 there is none. */
static int key_read(const struct config *c, unsigned char key[DIGEST_KEY_BYTES], struct err *err)
{
	AUTO(buf) content = BUF_INIT(DIGEST_KEY_BYTES);
	char path[PATH_MAX];

	path_in(c, "fingerprint.key", path);
	if (access(path, F_OK) < 0)
		return 0;
	if (file_read(path, &content, err) < 0)
		return err->code;
	if (content.n != DIGEST_KEY_BYTES)
		return err_set(err, E_STORE, "%s has %zu bytes, expected %d; restore it from a copy", path, content.n,
			       DIGEST_KEY_BYTES);
	memcpy(key, content.p, DIGEST_KEY_BYTES);
	return 1;
}

static int key_make(const struct config *c, unsigned char key[DIGEST_KEY_BYTES], struct err *err)
{
	char path[PATH_MAX];

	if (file_make_folder(c->store.folder, 0700, err) < 0)
		return err->code;
	digest_random(key, DIGEST_KEY_BYTES);
	path_in(c, "fingerprint.key", path);
	return file_replace(path, (struct str){ (const char *)key, DIGEST_KEY_BYTES }, 0600, err);
}

int documents_load(const struct config *c, struct buf *bytes, unsigned char key[DIGEST_KEY_BYTES], struct err *err)
{
	char path[PATH_MAX];
	int found;

	path_in(c, "fingerprints", path);
	if (!c->store.folder || access(path, F_OK) < 0)
		return 0;
	found = key_read(c, key, err);
	if (found == 0)
		return err_set(err, E_STORE,
			       "%s has no fingerprint.key beside it; restore that from a copy, or remove the file and "
			       "register the documents again",
			       path);
	return found < 0 || file_read(path, bytes, err) < 0 ? err->code : 1;
}

int documents_open(struct documents *d, const struct config *c, struct err *err)
{
	AUTO(buf) bytes = BUF_INIT(LIMIT_FINGERPRINTS);
	unsigned char key[DIGEST_KEY_BYTES];
	char path[PATH_MAX];
	int found;

	*d = (struct documents){ .config = c, .lock = -1 };
	if (file_make_folder(c->store.folder, 0700, err) < 0)
		return err->code;
	path_in(c, "fingerprints.lock", path);
	d->lock = file_lock(path, LOCK_MS, err);
	if (d->lock < 0)
		return err->code;
	found = documents_load(c, &bytes, key, err);
	if (found == 0) {
		found = key_read(c, key, err);
		if (found == 0)
			found = key_make(c, key, err);
	}
	if (found < 0)
		return found;
	d->fingerprints = fingerprints_new(key);
	explicit_bzero(key, sizeof(key));
	path_in(c, "fingerprints", path);
	if (bytes.n && fingerprints_read(d->fingerprints, buf_str(&bytes), err) < 0)
		return err_at(err, "%s", path);
	return 0;
}

int documents_save(struct documents *d, struct err *err)
{
	AUTO(buf) bytes = BUF_INIT(LIMIT_FINGERPRINTS);
	char path[PATH_MAX];

	fingerprints_settle(d->fingerprints);
	fingerprints_write(d->fingerprints, &bytes);
	if (bytes.full)
		return err_set(err, E_LIMIT, "the documents together are more than can be held in memory; forget some");
	path_in(d->config, "fingerprints", path);
	return file_replace(path, buf_str(&bytes), 0600, err);
}

void documents_release(struct documents *d)
{
	fingerprints_free(d->fingerprints);
	if (d->lock >= 0)
		close(d->lock);
}

/* ---- text ---- */

/* What a file is by its first bytes, when it is none that we read. */
static const struct {
	const char *first, *what, *how;
} others[] = {
	{ "PK\003\004", "a ZIP container, as .docx, .xlsx, .odt and .epub are", "`libreoffice --headless --convert-to txt`" },
	{ "%PDF-", "a PDF", "`pdftotext`" },
	{ "\xd0\xcf\x11\xe0", "an old Office document", "`libreoffice --headless --convert-to txt`" },
	{ "{\\rtf", "rich text", "`libreoffice --headless --convert-to txt`" },
	{ "\x1f\x8b", "compressed with gzip", "`gunzip`" },
	{ "\x89PNG", "a picture", "a program that reads pictures" },
	{ "\xff\xd8\xff", "a picture", "a program that reads pictures" },
};

static bool looks_binary(struct str file)
{
	struct str head = str_slice(file, 0, 4096);
	bool utf16 = str_starts(file, STR("\xff\xfe")) || str_starts(file, STR("\xfe\xff"));

	return !utf16 && head.n && memchr(head.p, '\0', head.n);
}

static bool is_html(struct str text, const char *path)
{
	struct str head = str_trim(str_slice(text, 0, 256)), name = str_of(path);

	return str_ends(name, STR(".html")) || str_ends(name, STR(".htm")) || str_ends(name, STR(".xhtml")) ||
	       str_find_nocase(head, STR("<!doctype html")) == 0 || str_find_nocase(head, STR("<html")) == 0;
}

int document_text(struct str file, const char *path, struct arena *a, struct str *text, struct err *err)
{
	struct html_text html = { 0 };
	struct charset charset;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (str_starts(file, str_of(others[i].first)))
			return err_set(err, E_BAD, "is %s: its text must be extracted first, for example with %s",
				       others[i].what, others[i].how);
	if (looks_binary(file))
		return err_set(err, E_BAD, "is no text: its text must be extracted first");
	charset = charset_of(file, is_html(file, path) ? STR("text/html") : STR("text/plain"));
	*text = charset_decode(a, file, &charset);
	if (!is_html(*text, path))
		return 0;
	if (html_read(*text, STR("https://example.com/"), a, &html, err) < 0)
		return err->code;
	*text = html.text;
	return 0;
}
