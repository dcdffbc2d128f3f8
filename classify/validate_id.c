/* validate_id.c - numbers that authorities give to people: check digits and ranges in use */
#include "classify/validate_tables.h"

#include <string.h>

/* Areas 000, 666 and 9xx, group 00 and serial 0000 were never given out; two numbers are known from advertisements. */
static enum validity check_ssn(struct str secret)
{
	static const char *const advertised[] = { "078051120", "219099999", "123456789", "111111111" };
	char digits[9], text[10] = { 0 };
	int area;

	if (validate_digits(secret, digits, sizeof(digits)) != 9)
		return VALID_NO;
	for (int i = 0; i < 9; i++)
		text[i] = (char)(digits[i] + '0');
	for (size_t i = 0; i < sizeof(advertised) / sizeof(*advertised); i++)
		if (strcmp(text, advertised[i]) == 0)
			return VALID_NO;
	area = digits[0] * 100 + digits[1] * 10 + digits[2];
	if (area == 0 || area == 666 || area >= 900)
		return VALID_NO;
	return digits[3] + digits[4] == 0 || digits[5] + digits[6] + digits[7] + digits[8] == 0 ? VALID_NO : VALID_YES;
}

const struct validator validators_id[] = {
	{ "ssn", check_ssn, "its area, group and serial are in use", "" },
	{ 0 },
};
