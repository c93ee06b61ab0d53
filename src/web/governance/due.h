/* web/governance/due.h - a line for whoever writes the sharing agreement, when it is overdue. */
#pragma once
#include "base/job.h"

/* "The sharing agreement should have been looked at again by 1 June 2026."; NULL: nothing to
 * say, or not to this person.  An error is left for the page itself to meet. */
const char *governance_overdue(struct job *j);
