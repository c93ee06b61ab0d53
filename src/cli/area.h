/* cli/area.h - the authority that a verb works in. */
#pragma once
#include "cli/verb.h"

/* Sets j->area from --area, else the only authority in the database.  ERR_USAGE names
 * the authorities there are when that is not enough; ERR_INPUT: there is none yet. */
MUST_CHECK enum err command_area(struct job *j, const struct command *c);
