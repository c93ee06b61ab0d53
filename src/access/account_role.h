/* access/account_role.h - what a person may act as, from when to when.
 *
 * A person holds several roles at once, each for an agency: inclusion lead of the council's team
 * and governance officer, SENCO of two schools. One of them is active in a session (session.h).
 * A role holds from `since` until just before `until`; the next request sees that it is over. */
#pragma once
#include "access/actor.h"

enum { ROLE_WHY = 400 }; /* letters of a reason, at most */

struct account_role {
    int64_t account, number; /* number: 1, 2, 3 … of the account */
    enum role role;          /* ROLE_NONE: one that this program does not know */
    int64_t area, urn;       /* 0: none */
    int64_t agency;          /* 0: none */
    const char *agency_name; /* NULL: none */
    enum agency_kind kind;
    int64_t since, until;    /* times; until 0: no end yet */
    const char *giver;       /* name; NULL: where the program runs */
    const char *why, *end_why; /* end_why NULL: not ended before its time */
};
bool account_role_holds(const struct account_role *r, int64_t now);
/* "SENCO, Ashmere Academy" */
const char *account_role_words(struct job *j, const struct account_role *r);

/* All that the account ever had, in the order they were given. No permission is asked. */
MUST_CHECK enum err account_role_list(struct job *j, int64_t account, struct account_role **out,
                                      size_t *n);
/* ERR_NOT_FOUND. */
MUST_CHECK enum err account_role_get(struct job *j, int64_t account, int64_t number,
                                     struct account_role *out);
/* Both ask permit(ACT_ACCOUNTS), in the caller's transaction. Of r count account, role, area,
 * agency, since (0: now), until and why; the school of a school role is its agency's. ERR_INPUT:
 * the role and the agency do not belong together, dates that make no sense, no reason;
 * ERR_CONFLICT: the person has that role there at that time, or is j->who. */
MUST_CHECK enum err account_role_give(struct job *j, const struct account_role *r,
                                      int64_t *number);
/* At once. ERR_CONFLICT: it is over; or the last administrator would go. */
MUST_CHECK enum err account_role_end(struct job *j, const struct account_role *r,
                                     const char *why);

/* The number of the first role of an account that is in force; SQL. */
#define ACCOUNT_ROLE_FIRST(account, now)                                                       \
    "(SELECT MIN(x.role_no) FROM account_role x WHERE x.account_id = " account                 \
    " AND x.since <= " now " AND (x.until IS NULL OR x.until > " now "))"
