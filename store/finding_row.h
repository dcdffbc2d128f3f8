/* finding_row.h - a finding as a row: the columns of a list, and how they are read */
/* Runs in: writer, verbs and report. Only store/ includes it. */
#ifndef WATCHDESK_STORE_FINDING_ROW_H
#define WATCHDESK_STORE_FINDING_ROW_H

#include "store/finding.h"
#include "store/internal.h"
#include "store/quoted.h"

/* Up to and with FROM; conditions follow. */
#define FINDING_COLUMNS                                                                                                        \
	"SELECT finding.id, assessment.revision_id, finding.public_id, category, asset, source.name, title, author, post.url," \
	" verdict, severity, violence, extortion, leak, dox, found_at, changed_at, post.first_seen, post.last_seen, "          \
	"posted_at,"                                                                                                           \
	" posted_precision, posted_zone_known, posted_raw,"                                                                    \
	" (SELECT deleted_at FROM revision AS newest WHERE newest.post_id = post.id ORDER BY newest.id DESC LIMIT 1),"         \
	" campaign.public_id, finding.assessment_id, post.id, post.key,"                                                       \
	" (SELECT count(*) FROM part WHERE part.assessment_id = finding.assessment_id AND part.part = '" QUOTED_PART "'),"     \
	" post.author_id, post.edited, language"                                                                               \
	" FROM finding"                                                                                                        \
	" JOIN assessment ON assessment.id = finding.assessment_id JOIN post ON post.id = finding.post_id"                     \
	" JOIN source ON source.id = post.source_id LEFT JOIN campaign ON campaign.id = finding.campaign_id "

enum {
	COLUMN_ASSESSMENT = 25,
	COLUMN_POST,
	COLUMN_KEY,
	COLUMN_REPORTS,
	COLUMN_AUTHOR_ID,
	COLUMN_EDITED,
	COLUMN_LANGUAGE,
	COLUMN_MORE
};

/* The row that the query stands at. */
void finding_read(struct query *q, struct arena *a, struct finding *f);
/* All rows of a query, which may be NULL when it failed. */
int finding_rows(struct query *q, struct arena *a, struct finding **rows, size_t *n, struct err *err);

#endif
