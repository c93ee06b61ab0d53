/* people/register_walk.h - where in the packed registers some children stand, and leaving those
 * alone in them.
 *
 * For what must know before it removes anything: nobody can ask the packed weeks in SQL.  Every
 * batch is looked into, withdrawn ones too.  Asks nothing: its callers do. */
#pragma once
#include "people/register.h"

struct register_stands {
    int64_t week, urn; /* a school's week that tells of one of them */
    int64_t identity;
};
struct register_walk {
    const int64_t *identity; /* sorted */
    size_t n;
    int64_t up_to;           /* Mondays up to this one */
    /* Called for each; may come more than once for the same. */
    enum err (*fn)(struct job *j, void *arg, const struct register_stands *s);
    void *arg;
};
MUST_CHECK enum err register_walk(struct job *j, const struct register_walk *w);
/* Of all registers of the week from that Monday only the rows of these stay (sorted), in the
 * caller's transaction. */
struct register_kept {
    int64_t week;
    const int64_t *identity;
    size_t n;
};
MUST_CHECK enum err register_keep_only(struct job *j, const struct register_kept *k);
