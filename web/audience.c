/* audience.c - who reads a report, and what of it they may see */
#include "web/audience.h"

#include "store/finding.h"

const char *const tlp_labels[5] = { "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED" };

const struct audience audiences[AUDIENCES] = {
	{ STR("desk"), TLP_AMBER_STRICT, SEES_ALL, FINDING_SEVERITY },
	{ STR("legal"), TLP_AMBER_STRICT, SEES_ALL & ~(unsigned)SEES_SOURCES, FINDING_SEVERITY },
	{ STR("management"), TLP_AMBER, 0, FINDING_SEVERITY },
};
