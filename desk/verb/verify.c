/* verify.c - `watchdesk verify`: is everything in the store what was written? */
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "desk/verb.h"
#include "desk/verified.h"

enum { LIMIT_ANCHORS = 1 << 26 }; /* a report or a mailbox that is read for heads */

/* --anchor: a head as it is shown, or a file in which heads are shown. */
static int anchors_read(const char *option, struct arena *a, struct verify_options *o, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_ANCHORS);
	struct anchor *rows = NULL;
	size_t n = 0;

	if (!option)
		return 0;
	anchor_read(str_of(option), STR("the anchor that was given"), a, &rows, &n);
	if (n == 0) {
		if (access(option, F_OK) < 0)
			return err_set(err, E_USAGE,
				       "--anchor %s: neither a file nor SEQUENCE:HASH with 64 hexadecimal digits, as reports "
				       "and mails "
				       "show it",
				       option);
		if (file_read(option, &text, err) < 0)
			return err->code;
		anchor_read(arena_copy(a, buf_str(&text)), arena_copy(a, str_of(option)), a, &rows, &n);
	}
	if (n == 0)
		return err_set(err, E_USAGE, "--anchor %s: no head stands in that file, expected SEQUENCE:HASH somewhere",
			       option);
	o->anchors = rows;
	o->n_anchors = n;
	return 0;
}

static int key_read(const char *path, unsigned char der[SIGN_PUBLIC_BYTES], struct str *key, struct verify_options *o,
		    struct err *err)
{
	AUTO_FREE(sign_key) read = path ? sign_public_load(path, err) : NULL;

	if (!path)
		return 0;
	if (!read)
		return err->code;
	sign_public_der(read, der);
	*key = (struct str){ (const char *)der, SIGN_PUBLIC_BYTES };
	o->keys = key;
	o->n_keys = 1;
	return 0;
}

static int verify_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_READ, err) : NULL;
	AUTO_FREE(arena) a = arena_new(2 * LIMIT_ANCHORS);
	struct verify_options o = { 0 };
	unsigned char der[SIGN_PUBLIC_BYTES];
	AUTO(seal_private) private = { 0 };
	struct str key;

	if (!store || anchors_read(option_of(i, "anchor"), a, &o, err) < 0 ||
	    key_read(option_of(i, "signer"), der, &key, &o, err) < 0)
		return err->code;
	if (option_of(i, "key")) {
		if (seal_private_read(config->store.folder, option_of(i, "key"), &private, err) < 0)
			return err->code;
		o.evidence_key = &private;
	}
	o.authority_ca = option_of(i, "ca") ? option_of(i, "ca") : config->authority_ca;
	return verify_and_show(store, &o, i->json, err);
}

static const struct option_row options[] = {
	{ "anchor", "HEAD", "a head of the chain known outside: SEQUENCE:HASH, or a file that shows it" },
	{ "signer", "FILE", "the public key (PEM) that signatures must be of" },
	{ "key", "FILE", "open each item of evidence too, with the private half of the evidence key" },
	{ "ca", "FILE", "the CA of the time-stamp authority (PEM), instead of that of the configuration" },
	{ 0 },
};

const struct verb verb_verify = {
	.name = "verify",
	.arguments = "",
	.summary = "say whether everything in the store is what was written",
	.text = "Looks at the database, every text, revision, assessment, finding and verdict, the custody chain of each node "
		"with its\n"
		"signatures and time-stamps, and every byte of evidence. Each problem is a line that names what and where; the "
		"exit "
		"code is then\n"
		"5. Nothing is changed or locked. A cut tail and a chain that was rewritten as a whole are found against a "
		"head that is "
		"known\n"
		"outside: mails and reports show it, --anchor takes it or a file in which it stands.",
	.options = options,
	.run = verify_run,
};
