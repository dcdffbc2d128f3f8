/* receipt.c - what the net process vouches for of a capture */
#include "desk/receipt.h"

#include "base/limits.h"
#include "base/message.h"

static struct str digest_str(const unsigned char digest[DIGEST_BYTES])
{
	return (struct str){ (const char *)digest, DIGEST_BYTES };
}

/* In a time that does not tell where they differ. */
static bool same_digest(struct str a, struct str b)
{
	int difference = 0;

	if (a.n != DIGEST_BYTES || b.n != DIGEST_BYTES)
		return false;
	for (size_t i = 0; i < DIGEST_BYTES; i++)
		difference |= a.p[i] ^ b.p[i];
	return difference == 0;
}

void receipt_put(struct buf *out, const struct receipt *r, struct str body, struct str trail,
		 const unsigned char key[DIGEST_KEY_BYTES])
{
	unsigned char of_body[DIGEST_BYTES], of_trail[DIGEST_BYTES], mac[DIGEST_BYTES];
	size_t start = out->n;

	digest_sha256(body, of_body);
	digest_sha256(trail, of_trail);
	put_int(out, r->job);
	put_int(out, r->ticket);
	put_str(out, r->asked_url);
	put_str(out, r->url);
	put_str(out, r->address);
	put_str(out, r->leaf);
	put_str(out, digest_str(of_body));
	put_str(out, digest_str(of_trail));
	put_int(out, r->hops);
	put_int(out, r->status);
	put_int(out, r->started_at);
	put_int(out, r->ended_at);
	digest_keyed(str_slice(buf_str(out), start, out->n), key, mac);
	buf_add(out, digest_str(mac));
}

bool receipt_take(struct str bytes, const unsigned char key[DIGEST_KEY_BYTES], struct receipt *out)
{
	size_t end = bytes.n >= DIGEST_BYTES ? bytes.n - DIGEST_BYTES : 0;
	struct message m = { .fields = str_slice(bytes, 0, end) };
	unsigned char mac[DIGEST_BYTES];

	digest_keyed(m.fields, key, mac);
	if (!same_digest(str_slice(bytes, end, bytes.n), digest_str(mac)))
		return false;
	out->job = take_int(&m);
	out->ticket = take_int(&m);
	out->asked_url = take_str(&m);
	out->url = take_str(&m);
	out->address = take_str(&m);
	out->leaf = take_str(&m);
	out->body_digest = take_str(&m);
	out->trail_digest = take_str(&m);
	out->hops = (int)take_int_in(&m, 0, LIMIT_REDIRECTS);
	out->status = (int)take_int_in(&m, 0, 999);
	out->started_at = take_int(&m);
	out->ended_at = take_int(&m);
	return !m.bad && m.fields.n == 0;
}

bool receipt_is_of(const struct receipt *r, struct str trail)
{
	unsigned char digest[DIGEST_BYTES];

	digest_sha256(trail, digest);
	return same_digest(r->trail_digest, digest_str(digest));
}
