/* people/establishment.h - schools by the numbers that files call them (GIAS). */
#pragma once
#include "base/date.h"
#include "store/db.h"

/* The URN of authority and establishment number (896, 4001) on a day, DATE_NONE: today.  A
 * school that became an academy keeps the number and has a new URN, so the day decides:
 * the one open then, else the one opened last before it, else the earliest.  0: none. */
MUST_CHECK enum err establishment_by_number(struct job *j, int64_t la, int64_t estab, int32_t day,
                                            int64_t *urn);
/* Which edition of them is in force: answers about schools hold for it (db_ask_kept). */
MUST_CHECK enum err establishment_edition(struct job *j, int64_t *out);
enum establishment_kind { ESTABLISHMENT_MAINSTREAM, ESTABLISHMENT_SPECIAL, ESTABLISHMENT_AP };
struct establishment_type { /* a row of school_types.def */
    int code;
    enum establishment_kind kind;
    bool state_funded;
    const char *name;
};
/* Never NULL: a code not known counts as a mainstream school with code 0 and no name. */
const struct establishment_type *establishment_type(int64_t code);
/* What an establishment is to us, from GIAS's type and phase codes: nursery, primary, middle,
 * secondary, all-through, 16 plus, special, ap, other. */
const char *establishment_phase(int64_t type_code, int64_t phase_code);
