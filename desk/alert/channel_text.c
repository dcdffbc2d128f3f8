/* channel_text.c - text of a letter as other programs may have it */
#include "desk/alert/channel_text.h"

#include "base/buf.h"
#include "base/utf8.h"

static const struct str ellipsis = { "\xe2\x80\xa6", 3 };

/* Unicode's controls, those of direction, and what is no character. */
static bool is_hostile(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

/* What one character becomes, and how long it was; a wrong byte becomes U+FFFD. */
static struct str next(struct str text, const struct channel_form *form, size_t *n)
{
	uint32_t c = 0;
	char first = text.p[0];

	*n = utf8_next(text, &c);
	if (*n == 0) {
		*n = 1;
		return STR("\xef\xbf\xbd");
	}
	if (first == '\n' || first == '\t')
		return form->one_line || first == '\t' ? STR(" ") : STR("\n");
	if (is_hostile(c))
		return (struct str){ 0 };
	for (const struct channel_escape *e = form->escapes; e && e->c; e++)
		if (e->c == first)
			return str_of(e->becomes);
	return str_slice(text, 0, *n);
}

static size_t width(struct str s, enum channel_unit unit)
{
	size_t n = 0;

	for (size_t i = 0; unit == CHANNEL_UTF16 && i < s.n; i++)
		n += (((unsigned char)s.p[i] & 0xc0) != 0x80) + ((unsigned char)s.p[i] >= 0xf0);
	return unit == CHANNEL_BYTES ? s.n : n;
}

struct str channel_text(struct arena *a, struct str text, const struct channel_form *form)
{
	AUTO(buf) out = BUF_INIT(4 * form->most + 16);
	const size_t room = width(ellipsis, form->unit);
	size_t used = 0, fits = 0, n; /* fits: bytes behind which an ellipsis still has room */

	while (text.n) {
		struct str piece = next(text, form, &n);

		used += width(piece, form->unit);
		if (used > form->most) {
			out.n = fits;
			buf_add(&out, ellipsis);
			break;
		}
		buf_add(&out, piece);
		if (used + room <= form->most)
			fits = out.n;
		text = str_slice(text, n, text.n);
	}
	return arena_copy(a, buf_str(&out));
}
