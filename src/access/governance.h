/* access/governance.h - what must be settled before real data: the five things that "rooted
 * setup" records, when each is to be looked at again, and the agreement in force.
 *
 * Whoever runs the program and whoever answers for it see the same: the page, "rooted setup"
 * and "rooted check" all read this. */
#pragma once
#include "access/agreement.h"
#include "access/setting.h"

enum governance_state {
    GOVERNANCE_GOOD,
    GOVERNANCE_SOON,    /* to be looked at again within GOVERNANCE_SOON_DAYS */
    GOVERNANCE_OVERDUE, /* the day is over */
    GOVERNANCE_MISSING,
};
enum { GOVERNANCE_SOON_DAYS = 30, GOVERNANCE_MOST = 8 };
struct governance_item {
    enum setting setting;
    enum governance_state state;
    struct recorded recorded; /* unless missing */
};
struct governance {
    struct governance_item item[GOVERNANCE_MOST];
    size_t n;
    struct settings all;        /* how the database is set up */
    bool council, address;      /* are these two set? */
    enum governance_state agreement; /* of j->area: MISSING: none is in force */
    int64_t version;            /* of it; 0 none */
    int32_t review_on;          /* DATE_NONE: none */
};
/* permit(ACT_GOVERNANCE).  Without an area (j->area 0) the agreement is not looked at: GOOD. */
MUST_CHECK enum err governance_get(struct job *j, struct governance *out);
/* May it become live: is nothing missing? */
bool governance_is_complete(const struct governance *g);
enum governance_state governance_due(int32_t review, int32_t today);
/* Is the agreement of j->area past its review, or will it be soon?  For a line on the pages of
 * whoever writes it; GOOD for everybody else. */
MUST_CHECK enum err governance_agreement_due(struct job *j, enum governance_state *out,
                                             int32_t *review_on);
