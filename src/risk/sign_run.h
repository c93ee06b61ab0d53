/* risk/sign_run.h - the signs of an area looked for and put in force.
 *
 * A run is written in chunks that hold the writer at most 50 ms, then made current by one
 * small update; readers (sign_list.h) see the one before until then.  What is new is told
 * against the run of about a week before, else against signs looked for on that day with
 * what is known now.  Runs of the last ten days keep their children, the newest of each
 * day, so that later ones can be compared with them. */
#pragma once
#include "risk/now.h"
#include "risk/signs.h"

struct sign_run_order {
    const struct timeline *t;
    const struct marks *marks; /* NULL: no registers */
    int32_t day;
    int64_t known_at;
    int32_t registers_to;      /* DATE_NONE: none */
    const struct places *places; /* the order of names */
};
struct sign_run_made {
    bool made;                 /* false: nothing changed, or nothing to look at yet */
    int64_t run, children, reasons; /* rows written */
    struct cost looking, writing;
};
/* Through j->db (writing, no open transaction), with the pack in force. */
MUST_CHECK enum err sign_run_make(struct job *j, const struct sign_run_order *o,
                                  struct sign_run_made *out);
/* What follows a load: column file and weeks under home, then the signs of the last day with
 * data.  Nothing happens when the current run is of these batches, this day, pack and
 * program already, unless `again`. */
MUST_CHECK enum err signs_refresh(struct job *j, const char *home, bool again,
                                  struct sign_run_made *out);
/* The same with what was opened for all that follows a load. */
MUST_CHECK enum err signs_due(struct job *j, const struct risk_now *now, bool *due);
MUST_CHECK enum err signs_refresh_now(struct job *j, const struct risk_now *now,
                                      struct sign_run_made *out);
/* The last day with data that signs look at; DATE_NONE: nothing is loaded. */
MUST_CHECK enum err signs_last_day(struct job *j, int32_t *out);
