/* custody_export.c - what proves the custody of a finding to somebody who has sha256sum and openssl and not this program */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"
#include "store/custody.h"
#include "store/internal.h"

/* The chain of one node as it is written out. */
struct pack {
	struct store *store;
	struct arena *a;
	struct str *subjects;
	size_t n_subjects;
	int64_t node_id;
	struct str node;
	char folder[PATH_MAX - 128];
	int64_t first;			     /* the first entry concerned */
	int64_t entries;		     /* concerned */
	struct buf list, signatures, stamps; /* of VERIFY.txt */
};

static const char head[] =
	"# Custody of %.*s, as it stands in the chain of node %.*s.\n"
	"#\n"
	"# Run `sh VERIFY.txt` in this folder, or read on and type the commands: they take a shell, sha256sum and openssl, "
	"and\n"
	"# nothing of the program that wrote them.\n"
	"#\n"
	"# NNNNNN.txt  an entry: who did what, when, to what\n"
	"# chain.txt   the chain from the first of them to its head, a line an entry: SEQUENCE DIGEST HASH\n"
	"# before.txt  the hash before the first line of chain.txt\n"
	"# NNNNNN.sig  the operator's Ed25519 signature over NNNNNN.txt; key-*.pem the public key it verifies with\n"
	"# stamp-*.tst a time-stamp (RFC 3161) over a hash of the chain, by an authority that is not us\n"
	"# anchors.txt hashes that were also sent or printed elsewhere\n"
	"\n"
	"failed=0\n"
	"wrong() { echo \"WRONG: $*\"; failed=1; }\n"
	"\n"
	"# 1. The chain: each hash is the SHA-256 of the line \"HASH-BEFORE SEQUENCE DIGEST\".\n"
	"read -r before <before.txt\n"
	"while read -r sequence digest hash; do\n"
	"\tset -- $(printf '%%s %%s %%s\\n' \"$before\" \"$sequence\" \"$digest\" | sha256sum)\n"
	"\t[ \"$1\" = \"$hash\" ] || wrong \"chain.txt: the hash of entry $sequence does not follow from the one before\"\n"
	"\tbefore=$hash head=$sequence:$hash\n"
	"done <chain.txt\n"
	"\n"
	"# 2. The entries: the SHA-256 of NNNNNN.txt is the digest that the chain has for it.\n"
	"in_chain() { # SEQUENCE, then digest or hash\n"
	"\twhile read -r sequence digest hash; do\n"
	"\t\t[ \"$sequence\" != \"$1\" ] || eval \"echo \\$$2\"\n"
	"\tdone <chain.txt\n"
	"}\n"
	"entry() { # SEQUENCE FILE\n"
	"\twanted=$(in_chain \"$1\" digest)\n"
	"\tset -- \"$2\" $(sha256sum \"$2\")\n"
	"\t[ \"$2\" = \"$wanted\" ] || wrong \"$1 is not what was written\"\n"
	"}\n";

static const char signature_words[] =
	"\n# 3. The signatures: who keeps the private half of the key wrote the entry.\n"
	"signature() { # FILE KEY\n"
	"\topenssl pkeyutl -verify -pubin -inkey \"$2\" -rawin -in \"$1.txt\" -sigfile \"$1.sig\" >/dev/null 2>&1 ||\n"
	"\t\twrong \"the signature of $1.txt does not verify\"\n"
	"}\n";

static const char stamp_words[] = "\n# 4. The time-stamps: the authority saw that hash at that time. Get its CA certificate "
				  "from the authority, not from us,\n"
				  "#    and put it into authority.pem here, or name it: CA=FILE sh VERIFY.txt\n"
				  "CA=${CA:-authority.pem}\n"
				  "stamp() { # SEQUENCE FILE\n"
				  "\tif [ ! -f \"$CA\" ]; then\n"
				  "\t\techo \"NOT CHECKED: $2, the authority's certificate $CA is not here\"\n"
				  "\telif ! openssl ts -verify -digest \"$(in_chain \"$1\" hash)\" -token_in -in \"$2\" "
				  "-CAfile \"$CA\" >/dev/null 2>&1; then\n"
				  "\t\twrong \"$2 does not verify\"\n"
				  "\tfi\n"
				  "}\n";

static const char tail[] = "\n# 5. The head of the chain is to be the one that mails and reports of that day show, or a part "
			   "of what they go on from.\n"
			   "[ $failed = 0 ] && echo \"all verifies; the head of the chain is $head\"\n"
			   "exit $failed\n";

static int put(const struct pack *p, const char *name, struct str content, struct err *err)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", p->folder, name);
	return file_replace(path, content, 0600, err);
}

static void subject_add(struct pack *p, const char *kind, struct str id)
{
	*(struct str *)arena_push(p->a, &p->subjects, &p->n_subjects, sizeof(*p->subjects)) = arena_printf(p->a, "%s %.*s",
													   kind, STR_ARG(id));
}

/* The evidence of a finding, or the findings that an item of evidence is of. */
static int subjects_find(struct pack *p, struct str subject, struct err *err)
{
	struct str id = subject;
	struct query *q = NULL;
	const char *other = "evidence";
	int more = 0;

	*(struct str *)arena_push(p->a, &p->subjects, &p->n_subjects, sizeof(*p->subjects)) = subject;
	if (str_starts(subject, STR("finding "))) {
		id = str_slice(subject, strlen("finding "), subject.n);
		q = db_ask(p->store->db,
			   "SELECT DISTINCT evidence.public_id FROM finding JOIN revision ON revision.post_id = finding.post_id"
			   " JOIN evidence ON evidence.capture_id = revision.capture_id WHERE finding.public_id = :id",
			   ARGS(arg_text(":id", id)), err);
	} else if (str_starts(subject, STR("evidence "))) {
		id = str_slice(subject, strlen("evidence "), subject.n);
		other = "finding";
		q = db_ask(p->store->db,
			   "SELECT DISTINCT finding.public_id FROM evidence"
			   " JOIN revision ON revision.capture_id = evidence.capture_id"
			   " JOIN finding ON finding.post_id = revision.post_id WHERE evidence.public_id = :id",
			   ARGS(arg_text(":id", id)), err);
	} else {
		return 0;
	}
	if (!q)
		return err->code;
	while ((more = db_step(q, err)) > 0)
		subject_add(p, other, db_text(q, 0));
	return more;
}

static int signature_put(struct pack *p, const struct entry *e, struct err *err)
{
	AUTO_FREE(sign_key) key = sign_public_read(e->public_key, NULL);
	AUTO(buf) pem = BUF_INIT(4096);
	unsigned char digest[DIGEST_BYTES];
	char hex[DIGEST_HEX], name[64];

	if (!key) /* damaged; what is here will not verify, and that is said by whoever runs the commands */
		return 0;
	digest_sha256(e->public_key, digest);
	sign_public_pem(key, &pem);
	snprintf(name, sizeof(name), "key-%.16s.pem", digest_hex(digest, DIGEST_BYTES, hex));
	if (put(p, name, buf_str(&pem), err) < 0)
		return err->code;
	buf_printf(&p->signatures, "signature %06lld %s\n", (long long)e->sequence, name);
	snprintf(name, sizeof(name), "%06lld.sig", (long long)e->sequence);
	return put(p, name, e->signature, err);
}

static int entry_put(struct pack *p, const struct entry *e, struct err *err)
{
	AUTO(buf) text = BUF_INIT(MIB(2));
	char name[64];

	entry_text(e, &text);
	snprintf(name, sizeof(name), "%06lld.txt", (long long)e->sequence);
	buf_printf(&p->list, "entry %lld %s\n", (long long)e->sequence, name);
	if (p->first == 0 || e->sequence < p->first)
		p->first = e->sequence;
	p->entries++;
	if (put(p, name, buf_str(&text), err) < 0)
		return err->code;
	return e->public_key.n ? signature_put(p, e, err) : 0;
}

static int entries_put(struct pack *p, struct err *err)
{
	for (size_t i = 0; i < p->n_subjects; i++) {
		struct custody_filter filter = { .subject = p->subjects[i], .after_node = p->node_id };
		bool more = true;

		while (more) {
			AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
			struct custody_row *rows;
			size_t n, k = 0;

			if (custody_list(p->store, &filter, a, &rows, &n, err) < 0)
				return err->code;
			for (; k < n && rows[k].node_id == p->node_id; k++) {
				if (entry_put(p, &rows[k].entry, err) < 0)
					return err->code;
				filter.after_sequence = rows[k].entry.sequence;
			}
			more = n && k == n; /* the next page may have more of this node */
		}
	}
	return 0;
}

static int file_failed(const char *path, FILE *file, struct err *err)
{
	int code = errno == ENOSPC ? E_FULL : E_IO;

	err_set(err, code, "cannot write %s: %s", path, strerror(errno));
	if (file)
		fclose(file);
	return code;
}

/* The chain can be long, so it goes to the disk as it is read. */
static int chain_put(struct pack *p, struct err *err)
{
	int64_t after = p->first - 1;
	char path[PATH_MAX];
	FILE *file;
	size_t n = 1;

	snprintf(path, sizeof(path), "%s/chain.txt", p->folder);
	file = fopen(path, "we");
	if (!file)
		return file_failed(path, NULL, err);
	while (n) {
		struct query *q = db_ask(p->store->db,
					 "SELECT sequence, entry, hash FROM custody WHERE node_id = :node AND sequence > :after"
					 " ORDER BY sequence LIMIT 5000",
					 ARGS(arg_int(":node", p->node_id), arg_int(":after", after)), err);
		char entry[DIGEST_HEX], hash[DIGEST_HEX];
		int more = q ? 0 : err->code;

		for (n = 0; q && (more = db_step(q, err)) > 0; n++) {
			struct str one = db_text(q, 1), two = db_text(q, 2);

			after = db_int(q, 0);
			digest_hex((const unsigned char *)one.p, one.n < DIGEST_BYTES ? one.n : DIGEST_BYTES, entry);
			digest_hex((const unsigned char *)two.p, two.n < DIGEST_BYTES ? two.n : DIGEST_BYTES, hash);
			fprintf(file, "%lld %s %s\n", (long long)after, entry, hash);
		}
		if (more < 0) {
			fclose(file);
			return more;
		}
	}
	if (ferror(file))
		return file_failed(path, file, err);
	return fclose(file) == 0 ? 0 : file_failed(path, NULL, err);
}

static int before_put(struct pack *p, struct err *err)
{
	AUTO(buf) text = BUF_INIT(256);
	unsigned char zeros[DIGEST_BYTES] = { 0 };
	char hex[DIGEST_HEX];
	struct query *q;
	int found = db_get(p->store->db, &q, "SELECT hash FROM custody WHERE node_id = :node AND sequence = :sequence",
			   ARGS(arg_int(":node", p->node_id), arg_int(":sequence", p->first - 1)), NULL, err);

	if (found < 0)
		return found;
	digest_hex(zeros, DIGEST_BYTES, hex);
	if (found && db_text(q, 0).n == DIGEST_BYTES)
		digest_hex((const unsigned char *)db_text(q, 0).p, DIGEST_BYTES, hex);
	if (found)
		db_end(q);
	buf_printf(&text, "%s\n", hex);
	return put(p, "before.txt", buf_str(&text), err);
}

static int anchors_put(struct pack *p, struct err *err)
{
	AUTO(buf) text = BUF_INIT(MIB(64));
	struct anchor *rows;
	char hex[DIGEST_HEX], name[64];
	size_t n, stamps = 0;

	if (anchor_list(p->store, STR(""), p->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(rows[i].node, p->node) || rows[i].sequence < p->first || rows[i].hash.n != DIGEST_BYTES)
			continue;
		buf_printf(&text, "%lld:%s %.*s %.*s\n", (long long)rows[i].sequence,
			   digest_hex((const unsigned char *)rows[i].hash.p, DIGEST_BYTES, hex), STR_ARG(rows[i].kind),
			   STR_ARG(rows[i].place));
		if (rows[i].token.n == 0)
			continue;
		snprintf(name, sizeof(name), "stamp-%06lld-%zu.tst", (long long)rows[i].sequence, ++stamps);
		buf_printf(&p->stamps, "stamp %lld %s\n", (long long)rows[i].sequence, name);
		if (put(p, name, rows[i].token, err) < 0)
			return err->code;
	}
	return text.n ? put(p, "anchors.txt", buf_str(&text), err) : 0;
}

static int commands_put(struct pack *p, struct err *err)
{
	AUTO(buf) text = BUF_INIT(MIB(64));

	buf_printf(&text, head, STR_ARG(p->subjects[0]), STR_ARG(p->node));
	buf_add(&text, buf_str(&p->list));
	if (p->signatures.n) {
		buf_add(&text, str_of(signature_words));
		buf_add(&text, buf_str(&p->signatures));
	}
	if (p->stamps.n) {
		buf_add(&text, str_of(stamp_words));
		buf_add(&text, buf_str(&p->stamps));
	}
	buf_add(&text, str_of(tail));
	if (text.full)
		return err_set(err, E_LIMIT, "%.*s has more entries than one pack can hold", STR_ARG(p->subjects[0]));
	return put(p, "VERIFY.txt", buf_str(&text), err);
}

static int node_put(struct pack *p, struct err *err)
{
	int result;

	p->list = p->signatures = p->stamps = (struct buf)BUF_INIT(MIB(16));
	p->first = p->entries = 0;
	result = entries_put(p, err);
	if (result == 0 && p->entries &&
	    (before_put(p, err) < 0 || chain_put(p, err) < 0 || anchors_put(p, err) < 0 || commands_put(p, err) < 0))
		result = err->code;
	buf_release(&p->list);
	buf_release(&p->signatures);
	buf_release(&p->stamps);
	return result;
}

/* The nodes that have entries of these subjects. */
static int nodes_find(struct pack *p, int64_t *nodes, struct str *names, size_t most, size_t *n, struct err *err)
{
	*n = 0;
	for (size_t i = 0; i < p->n_subjects; i++) {
		struct query *q = db_ask(p->store->db,
					 "SELECT DISTINCT node_id, node.public_id FROM custody JOIN node ON node.id = node_id"
					 " WHERE subject = :subject ORDER BY node_id",
					 ARGS(arg_text(":subject", p->subjects[i])), err);
		int more = q ? 0 : err->code;

		while (q && (more = db_step(q, err)) > 0) {
			size_t k = 0;

			while (k < *n && nodes[k] != db_int(q, 0))
				k++;
			if (k < *n || *n == most)
				continue;
			nodes[*n] = db_int(q, 0);
			names[(*n)++] = arena_copy(p->a, db_text(q, 1));
		}
		if (more < 0)
			return more;
	}
	return 0;
}

int custody_export(struct store *s, struct str subject, const char *folder, struct err *err)
{
	enum { NODES = 64 };
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct pack p = { .store = s, .a = a };
	int64_t nodes[NODES];
	struct str names[NODES];
	size_t n;
	int entries = 0;

	if (strlen(folder) > sizeof(p.folder) - 64)
		return err_set(err, E_USAGE, "the path %.100s... is too long", folder);
	if (subjects_find(&p, subject, err) < 0 || nodes_find(&p, nodes, names, NODES, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		p.node_id = nodes[i];
		p.node = names[i];
		if (i == 0)
			snprintf(p.folder, sizeof(p.folder), "%s/custody", folder);
		else
			snprintf(p.folder, sizeof(p.folder), "%s/custody-%.8s", folder, names[i].p);
		if (file_make_folder(p.folder, 0700, err) < 0 || node_put(&p, err) < 0)
			return err->code;
		entries += (int)p.entries;
	}
	return entries;
}
