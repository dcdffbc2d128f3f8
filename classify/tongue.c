/* tongue.c - which language a text is written in */
#include "classify/tongue.h"

#include <libexttextcat/textcat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unicode/uscript.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/must.h"
#include "base/utf8.h"

#define FOLDER "/usr/share/libexttextcat/"

enum {
	LETTERS = 12,	/* fewer say nothing; a letter of Han counts three times */
	SPELLED = 24,	/* ... where the spelling has to tell */
	ENOUGH = 4000,	/* bytes; more change nothing */
	CANDIDATES = 3, /* so many that are about as likely: the first of them is still right more often than not */
};

const char *const tongue_codes[] = { "ar", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa",
				     "fi", "fr", "gl", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko",
				     "lt", "lv", "mk", "mn", "ms", "nb", "nl", "nn", "pl", "pt", "ro", "ru", "sk", "sl", "sq",
				     "sr", "sv", "sw", "ta", "th", "tl", "tr", "uk", "ur", "uz", "vi", "zh", NULL };

/* Languages whose file is not called as they are: one may be written in two ways. */
static const struct {
	const char *code, *file;
} files[] = { { "sr", "sr-Cyrl" }, { "sr", "sr-Latn" }, { "uz", "uz" },
	      { "uz", "uz-Cyrl" }, { "zh", "zh-Hans" }, { "zh", "zh-Hant" } };

struct tongues {
	void *fingerprints;
};

/* The library's list of fingerprints, with the languages that we tell apart and no others; of those that have letters of their
 * own none is needed, and none is in the way. */
static void list_put(struct buf *out)
{
	for (size_t i = 0; tongue_codes[i]; i++) {
		bool named = false;

		for (size_t k = 0; k < sizeof(files) / sizeof(files[0]); k++)
			if (strcmp(files[k].code, tongue_codes[i]) == 0) {
				buf_printf(out, "%s.lm %s\n", files[k].file, files[k].code);
				named = true;
			}
		if (!named)
			buf_printf(out, "%s.lm %s\n", tongue_codes[i], tongue_codes[i]);
	}
}

struct tongues *tongues_new(void)
{
	AUTO(buf) list = BUF_INIT(1 << 16);
	struct tongues *t = must_alloc(1, sizeof(*t));
	int fd = memfd_create("languages", MFD_CLOEXEC);
	char path[64];

	list_put(&list);
	if (fd >= 0 && write(fd, list.p, list.n) == (ssize_t)list.n) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		t->fingerprints = special_textcat_Init(path, FOLDER);
	}
	if (fd >= 0)
		close(fd);
	if (!t->fingerprints) {
		free(t);
		return NULL;
	}
	textcat_SetProperty(t->fingerprints, TCPROP_MINIMUM_DOCUMENT_SIZE, SPELLED);
	return t;
}

void tongues_free(struct tongues *t)
{
	if (!t)
		return;
	textcat_Done(t->fingerprints);
	free(t);
}

/* Letters that one language is written in, or one far before all others. */
static const struct {
	UScriptCode script;
	const char *code;
} scripts[] = {
	{ USCRIPT_LATIN, NULL },    { USCRIPT_CYRILLIC, NULL }, { USCRIPT_ARABIC, NULL }, { USCRIPT_HAN, "zh" },
	{ USCRIPT_HIRAGANA, "ja" }, { USCRIPT_KATAKANA, "ja" }, { USCRIPT_HANGUL, "ko" }, { USCRIPT_DEVANAGARI, "hi" },
	{ USCRIPT_THAI, "th" },	    { USCRIPT_GREEK, "el" },	{ USCRIPT_HEBREW, "he" }, { USCRIPT_GEORGIAN, "ka" },
	{ USCRIPT_ARMENIAN, "hy" }, { USCRIPT_BENGALI, "bn" },	{ USCRIPT_TAMIL, "ta" },
};

enum { SCRIPTS = sizeof(scripts) / sizeof(scripts[0]), HAN = 3, HIRAGANA, KATAKANA };

/* No address, path or token tells of a language; where nothing sets words apart, all kinds of signs stand among them. */
static bool is_word(struct str s)
{
	bool plain = true, strange = false;

	for (size_t i = 0; i < s.n; i++) {
		plain &= (unsigned char)s.p[i] < 0x80;
		strange |= !ascii_is_alpha(s.p[i]) && !strchr("'-.,;:!?()\"", s.p[i]);
	}
	return s.n > 0 && (!plain || !strange) && str_find(s, STR("://")) < 0;
}

static struct str words_of(struct str text, struct buf *out)
{
	struct str rest = text, line, word;

	while (out->n < ENOUGH && str_split(&rest, '\n', &line))
		while (out->n < ENOUGH && str_split(&line, ' ', &word))
			if (is_word(word)) {
				buf_add(out, str_slice(word, 0, ENOUGH));
				buf_add(out, STR(" "));
			}
	return buf_str(out);
}

/* How many letters of each script. */
static void count_letters(struct str words, size_t counts[SCRIPTS])
{
	size_t i = 0, length;

	for (; i < words.n; i += length ? length : 1) {
		UErrorCode error = U_ZERO_ERROR;
		UScriptCode script;
		uint32_t c;

		length = utf8_next(str_slice(words, i, words.n), &c);
		script = length ? uscript_getScript((UChar32)c, &error) : USCRIPT_INVALID_CODE;
		for (size_t k = 0; k < SCRIPTS; k++)
			counts[k] += scripts[k].script == script ? (k == HAN ? 3 : 1) : 0;
	}
}

/* The script of most letters; Han beside Kana is Japanese. */
static size_t script_of_most(size_t counts[SCRIPTS])
{
	size_t most = 0;

	if (counts[HIRAGANA] + counts[KATAKANA] > counts[HAN] / 10)
		counts[HAN] = 0;
	for (size_t k = 1; k < SCRIPTS; k++)
		if (counts[k] > counts[most])
			most = k;
	return most;
}

/* Which of the languages that share these letters: its most frequent rows of them tell. */
static struct str by_spelling(const struct tongues *t, struct str words, struct arena *a)
{
	candidate_t *said = t ? textcat_GetClassifyFullOutput(t->fingerprints) : NULL;
	int n = said ? textcat_ClassifyFull(t->fingerprints, words.p, words.n, said) : 0;
	struct str code = { 0 };

	if (n > 0 && n <= CANDIDATES)
		code = arena_copy(a, str_of(said[0].name));
	if (said)
		textcat_ReleaseClassifyFullOutput(t->fingerprints, said);
	return code;
}

bool tongue_is_known(struct str code)
{
	for (size_t i = 0; tongue_codes[i]; i++)
		if (str_eq(code, str_of(tongue_codes[i])))
			return true;
	return false;
}

struct str tongue_of(const struct tongues *t, struct str text, struct arena *a)
{
	AUTO(buf) kept = BUF_INIT(3 * ENOUGH);
	struct str words = words_of(text, &kept);
	size_t counts[SCRIPTS] = { 0 }, most;

	count_letters(words, counts);
	most = script_of_most(counts);
	if (counts[most] < LETTERS)
		return (struct str){ 0 };
	return scripts[most].code ? str_of(scripts[most].code) : by_spelling(t, words, a);
}
