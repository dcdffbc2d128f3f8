/* fields.h - what a field of a record says of a person: by its label, and by the look of its value */
/* Runs in: worker and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_FIELDS_H
#define WATCHDESK_CLASSIFY_FIELDS_H

#include "base/str.h"

/* Where a label could mean several, the later one holds: "mother's phone" is FIELD_FAMILY. */
enum field {
	FIELD_NONE,
	FIELD_NAME,
	FIELD_AGE,
	FIELD_WORK,
	FIELD_SCHOOL,
	FIELD_ID, /* a number of an employee, a customer, a patient */
	FIELD_ALIAS,
	FIELD_ADDRESS,
	FIELD_SOCIAL,
	FIELD_PHONE,
	FIELD_MAIL,
	FIELD_ISP,
	FIELD_IP,
	FIELD_PAY,
	FIELD_CAR,
	FIELD_BIRTH,
	FIELD_HEALTH,
	FIELD_BANK,
	FIELD_NATIONAL, /* a number that an authority or an insurer gave */
	FIELD_SECRET,	/* a password or its hash */
	FIELD_FAMILY,
	FIELD_PUBLIC, /* what speaks of a notice, an application or a game: opening hours, references, weapon */
	FIELDS
};
_Static_assert(FIELDS <= 32, "sets of fields are bits of 32");

#define FIELD_BIT(field) (1u << (field))

/* What a label of at most five words means ("E-Mail", "date_of_birth", "Mother's phone"); FIELD_NONE when nothing of a person.
 */
enum field field_of_label(struct str label);
/* What a value is by its look alone: FIELD_MAIL, FIELD_PHONE, FIELD_BIRTH, FIELD_IP or FIELD_NONE. */
enum field field_of_value(struct str value);
/* Could a field of this kind hold this value? Blanks to be filled in, "on request" and the like hold nothing. */
bool field_holds(enum field field, struct str value);
/* In a word, for a sentence: "birth date". */
const char *field_name(enum field field);

#endif
