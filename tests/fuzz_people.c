/* fuzz_people.c - records stand in the text they were read from, persons are no more than records, and no cell is a formula */
#include <stdint.h>
#include <string.h>

#include "desk/people.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(64 << 20);
	const struct str text = { (const char *)data, size };
	struct stored_hit hit = { .kind = STR("national-id"), .start = size ? data[0] : 0, .end = size ? data[size - 1] : 0 };
	struct person_record *rows;
	struct people_list list;
	size_t n, persons;

	if (size > 1 << 16)
		return 0;
	people_read(text, &hit, 1, a, &rows, &n);
	persons = people_join(rows, n, a);
	if (persons > n || (n && !persons))
		__builtin_trap();
	people_list_read(text, NULL, a, &list, NULL);
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < PERSON_MARKS; k++) {
			AUTO(buf) masked = BUF_INIT(1 << 17);
			AUTO(buf) cell = BUF_INIT(1 << 18);
			struct str m = rows[i].marks[k];

			if (m.n && (m.p < text.p || m.p + m.n > text.p + text.n))
				__builtin_trap();
			person_mark_masked(&masked, (enum person_mark)k, m);
			csv_put(&cell, buf_str(&masked));
			if (cell.n && strchr("=+-@\t\r", cell.p[0]))
				__builtin_trap();
			people_listed(&list, NULL, &rows[i]);
		}
	return 0;
}
