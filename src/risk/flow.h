/* risk/flow.h - moves into and out of each school: where pupils came from, where they went.
 *
 * Counted with each snapshot for its last two school years.  A move is in the school year
 * in which the child left; changes of phase in summer are none.  An exit without an
 * explanation is a gap in the records, never a finding about a school. */
#pragma once
#include "base/job.h"

enum flow {
#define FLOW(id, name, came, went) id,
#include "risk/flow.def"
#undef FLOW
    FLOWS
};
struct flow_row { const char *name, *came, *went; };
extern const struct flow_row flow_rows[FLOWS];

struct flow_line {
    bool out;
    enum flow kind;
    int64_t urn;       /* the other school; 0: none, or not told to a school role */
    const char *place; /* its name; NULL */
    int64_t moves;
};
/* Of one school in a school year: in before out, by kind, most moves first.  Asks
 * permit(ACT_SCHOOLS) with the school; a school role is not told which other school. */
MUST_CHECK enum err flow_school(struct job *j, int64_t urn, int32_t school_year,
                                struct flow_line **out, size_t *n);
