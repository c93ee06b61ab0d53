/* intake/retention_sealed.h - how long sealed records are kept, for their custodians.
 *
 * The rules are the authority's; a hold on everything holds them, too.  A hold on one of them is
 * its custodians' to set and to end.  When its time is over it goes by itself, like any child
 * (retention.h), and what went stands on a list that its custodians alone see.  The next load that
 * tells of the child brings it as anybody: nobody remembers it. */
#pragma once
#include "access/key.h"
#include "intake/retention.h"

struct retention_sealed {
    int32_t since, until;     /* the day its time counts from; the day on which it is over */
    bool born;                /* since is its birth; else when it was first told of */
    bool plan, care;          /* had a plan; was looked after */
    enum retention_rule rule; /* the longest that it is of */
    int months;
    bool all;                 /* everything of the authority is held */
    struct retention_hold *holds; /* on this child, in force */
    size_t n_holds;
};
/* Within custody_within(), changes in the caller's transaction. */
MUST_CHECK enum err retention_sealed_get(struct job *j, const struct key *k, int64_t person,
                                         struct retention_sealed *out);
/* ERR_INPUT: no reason. */
MUST_CHECK enum err retention_sealed_hold(struct job *j, int64_t person, const char *why);
/* ERR_NOT_FOUND: there is no such hold on this child, or it has ended. */
struct retention_sealed_end {
    int64_t person, hold;
    const char *why;
};
MUST_CHECK enum err retention_sealed_release(struct job *j, const struct retention_sealed_end *o);

/* What went of sealed records that j->who keeps or kept, newest first, at most RETENTION_MOST;
 * the subject is the child. */
MUST_CHECK enum err retention_sealed_gone(struct job *j, struct retention_gone **out, size_t *n);
