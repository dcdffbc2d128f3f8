/* rarity.c - how little a string looks like words */
#include "classify/rarity.h"

#include "classify/validate.h"

double rarity_of(struct str s)
{
	return s.n ? validate_entropy(s) / 8 : 0;
}
