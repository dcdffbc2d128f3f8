/* xarf.h - a finding as an abuse report that programs of hosts read: XARF 4, content/exposed_data */
/* Runs in: writer, verbs. Pure. Standard: XARF 4.2 (https://xarf.org), types content-base and content-exposed-data. */
#ifndef WATCHDESK_WEB_XARF_H
#define WATCHDESK_WEB_XARF_H

#include "base/buf.h"
#include "store/finding.h"

/* Who reports what. */
struct xarf_report {
	const struct finding_detail *detail;
	struct str organisation, contact; /* the contact is a mail address */
	const char *exposure;		  /* "paste_site", "forum_post", "ransomware_leak" or "other" */
};

/* Can it be said in XARF: are data exposed (a leak, a dox) at an address of the web? There is no type for a threat. */
bool xarf_fits(const struct finding_detail *d);
/*
 * Append the report as one JSON object. Its report_id is the finding's for ever, its values are masked, its address is as it
 * was found. Ask `full` of `out`.
 */
void xarf_put(struct buf *out, const struct xarf_report *r);

#endif
