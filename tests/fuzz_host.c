/* fuzz_host.c - a card of a host as anybody may have written it: what is taken fits a header, an address bar and a look-up */
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "desk/takedown/element.h"
#include "desk/takedown/host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			__builtin_trap();
}

/* An error is a sentence with its place. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct host_card card = { 0 };
	const struct host_cards all = { &card, 1 };
	struct err err = { 0 };

	if (host_card_read((struct str){ (const char *)data, size }, "fuzz.yaml", a, &card, &err) < 0) {
		if (err.code != E_USAGE || !str_starts(str_of(err.text), STR("fuzz.yaml:")))
			__builtin_trap();
		return 0;
	}
	must_be_plain(card.contact.text);
	must_be_plain(card.agent.text);
	must_be_plain(card.form.text);
	must_be_plain(card.copyright_form.text);
	must_be_plain(card.delisting.text);
	if (card.grounds >> TAKEDOWN_GROUNDS || card.reply_us < 0 || card.recheck_us < 0 || (int)card.role >= HOST_ROLES)
		__builtin_trap();
	for (size_t i = 0; i < card.domains.n; i++)
		if (host_card_of(&all, card.domains.items[i].text) != &card)
			__builtin_trap();
	for (size_t i = 0; i < card.required.n; i++)
		if (!fact_kind_named(card.required.items[i].text))
			__builtin_trap();
	for (int g = 0; g < TAKEDOWN_GROUNDS; g++)
		host_card_sentences(&card, str_of(takedown_grounds[g].name), a);
	return 0;
}
