/* seal.c - the evidence key */
#include "base/seal.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/must.h"

_Static_assert(SEAL_KEY == crypto_box_PUBLICKEYBYTES && SEAL_KEY == crypto_box_SECRETKEYBYTES, "the halves of a pair");
_Static_assert(SEAL_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "an item's key");
_Static_assert(SEAL_WRAPPED == SEAL_KEY + crypto_box_SEALBYTES, "a wrapped key");
_Static_assert(SEAL_OVERHEAD == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
	       "nonce and tag");

enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, FILE_BYTES = 1024, KEY_TEXT = 64 };

const char seal_public_name[] = "evidence.pub", seal_private_name[] = "evidence.key";

/* What the first line of each file says; the second is the key in base64. */
static const char public_line[] = "watchdesk evidence key, public half: it seals, it opens nothing\n";
static const char private_line[] =
	"watchdesk evidence key, private half: whoever has it reads the evidence; keep it away from here\n";

static const unsigned char *bytes_of(struct str s)
{
	return (const unsigned char *)(s.n ? s.p : "");
}

static void path_in(const char *folder, const char *name, char path[PATH_MAX])
{
	MUST(snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX);
}

static void finish_public(struct seal_public *p)
{
	digest_sha256((struct str){ (const char *)p->key, SEAL_KEY }, p->id);
}

static int key_write(const char *path, const char *line, const unsigned char key[SEAL_KEY], unsigned mode, struct err *err)
{
	char base64[KEY_TEXT], text[FILE_BYTES];
	int n, result;

	sodium_bin2base64(base64, sizeof(base64), key, SEAL_KEY, sodium_base64_VARIANT_ORIGINAL);
	n = snprintf(text, sizeof(text), "%s%s\n", line, base64);
	result = file_replace(path, (struct str){ text, (size_t)n }, mode, err);
	sodium_memzero(base64, sizeof(base64));
	sodium_memzero(text, sizeof(text));
	return result;
}

/* 1 read, 0 not such a file, below 0 the file cannot be read. */
static int key_read(const char *path, const char *line, unsigned char key[SEAL_KEY], struct err *err)
{
	AUTO(buf) content = BUF_INIT(FILE_BYTES);
	struct str text;
	size_t n = 0;
	int result = file_read(path, &content, err);

	if (result < 0)
		return result == E_LIMIT ? 0 : result;
	text = buf_str(&content);
	result = str_starts(text, str_of(line)) &&
		 sodium_base642bin(key, SEAL_KEY, text.p + strlen(line), text.n - strlen(line), " \t\r\n", &n, NULL,
				   sodium_base64_VARIANT_ORIGINAL) == 0 &&
		 n == SEAL_KEY;
	sodium_memzero(content.p, content.n);
	return result;
}

int seal_make(const char *folder, struct err *err)
{
	struct seal_private pair;
	char public_path[PATH_MAX], private_path[PATH_MAX];
	int result;

	MUST(sodium_init() >= 0);
	path_in(folder, seal_public_name, public_path);
	path_in(folder, seal_private_name, private_path);
	if (access(public_path, F_OK) == 0)
		return 0;
	if (access(private_path, F_OK) == 0) {
		if (seal_private_read(NULL, private_path, &pair, err) < 0)
			return err->code;
	} else {
		crypto_box_keypair(pair.public_half.key, pair.key);
		result = key_write(private_path, private_line, pair.key, 0600, err);
		if (result < 0) {
			seal_private_release(&pair);
			return result;
		}
	}
	result = key_write(public_path, public_line, pair.public_half.key, 0644, err);
	seal_private_release(&pair);
	return result;
}

int seal_public_read(const char *folder, struct seal_public *out, struct err *err)
{
	struct seal_public p;
	char path[PATH_MAX];
	int result;

	path_in(folder, seal_public_name, path);
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return err_set(err, E_STORE, "%s is not there: no evidence can be sealed; bring it back from a copy", path);
	result = key_read(path, public_line, p.key, err);
	if (result < 0)
		return result;
	if (result == 0)
		return err_set(err, E_STORE, "%s does not hold the public half of an evidence key; bring it back from a copy",
			       path);
	finish_public(&p);
	*out = p;
	return 0;
}

/* Does it belong to what the folder's evidence is sealed with? */
static int belongs(const char *folder, const char *path, const struct seal_private *key, struct err *err)
{
	struct seal_public p;

	if (seal_public_read(folder, &p, err) < 0)
		return err->code;
	if (memcmp(p.id, key->public_half.id, sizeof(p.id)) != 0)
		return err_set(err, E_STORE,
			       "%s is another evidence key than %s/%s belongs to; give the right one with --key FILE", path,
			       folder, seal_public_name);
	return 0;
}

int seal_private_read(const char *folder, const char *file, struct seal_private *out, struct err *err)
{
	AUTO(seal_private) k = { 0 };
	unsigned char other[SEAL_KEY];
	char path[PATH_MAX];
	int result;

	if (!file)
		path_in(folder, seal_private_name, path);
	else if (snprintf(path, sizeof(path), "%s", file) >= (int)sizeof(path))
		return err_set(err, E_USAGE, "--key %.100s...: the name is too long", file);
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return err_set(
			err, E_STORE,
			"evidence can be written and verified, not read: %s is not there; bring it back or give --key FILE",
			path);
	result = key_read(path, private_line, k.key, err);
	if (result < 0)
		return result;
	if (result == 0 && key_read(path, public_line, other, err) > 0)
		return err_set(err, E_STORE, "%s is the public half, which opens nothing; the private half is named %s", path,
			       seal_private_name);
	if (result == 0)
		return err_set(err, E_STORE, "%s does not hold the private half of an evidence key", path);
	crypto_scalarmult_base(k.public_half.key, k.key);
	finish_public(&k.public_half);
	if (folder && belongs(folder, path, &k, err) < 0)
		return err->code;
	*out = k;
	return 0;
}

void seal_private_release(struct seal_private *key)
{
	sodium_memzero(key, sizeof(*key));
}

int seal_put(struct str plain, struct str about, const struct seal_public *key, struct buf *sealed,
	     unsigned char wrapped[SEAL_WRAPPED], struct err *err)
{
	unsigned char item[SEAL_KEY];
	unsigned char *out = (unsigned char *)buf_room(sealed, plain.n + SEAL_OVERHEAD);

	MUST(sodium_init() >= 0);
	if (!out)
		return err_set(err, E_LIMIT, "evidence of more than %zu bytes is not sealed", sealed->max);
	crypto_aead_xchacha20poly1305_ietf_keygen(item);
	randombytes_buf(out, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, bytes_of(plain), plain.n, bytes_of(about), about.n, NULL,
						   out, item);
	sealed->n += plain.n + SEAL_OVERHEAD;
	MUST(crypto_box_seal(wrapped, item, sizeof(item), key->key) == 0);
	sodium_memzero(item, sizeof(item));
	return 0;
}

int seal_open(struct str sealed, struct str about, struct str wrapped, const struct seal_private *key, struct buf *plain,
	      struct err *err)
{
	unsigned char item[SEAL_KEY];
	unsigned char *out;
	int opened;

	MUST(sodium_init() >= 0);
	if (wrapped.n != SEAL_WRAPPED ||
	    crypto_box_seal_open(item, bytes_of(wrapped), wrapped.n, key->public_half.key, key->key) < 0)
		return err_set(err, E_VERIFY,
			       "the item's key does not open: it was altered, or sealed for another evidence key");
	if (sealed.n < SEAL_OVERHEAD)
		return err_set(err, E_VERIFY, "the item is cut: %zu bytes", sealed.n);
	out = (unsigned char *)buf_room(plain, sealed.n - SEAL_OVERHEAD);
	if (!out)
		return err_set(err, E_LIMIT, "the item is larger than %zu bytes", plain->max);
	opened = crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, bytes_of(sealed) + NONCE, sealed.n - NONCE,
							    bytes_of(about), about.n, bytes_of(sealed), item);
	sodium_memzero(item, sizeof(item));
	if (opened < 0)
		return err_set(err, E_VERIFY,
			       "the item does not open: its bytes were altered, or it stands in another's place");
	plain->n += sealed.n - SEAL_OVERHEAD;
	plain->p[plain->n] = '\0';
	return 0;
}
