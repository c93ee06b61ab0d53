/* quality/run.h - the rules asked after a load, and what they find put in force.
 *
 * A run is written in chunks that hold the writer at most 50 ms, then made current by one
 * small update; readers (list.h) see the one before until then. */
#pragma once
#include "base/cost.h"
#include "quality/look.h"

enum { QUALITY_EVERYWHERE = -1 }; /* urn of counts over all schools and the authority */
struct quality_order {
    const struct timeline *t;
    const struct marks *marks; /* NULL: no registers */
    int32_t day;               /* what happened later does not count */
    int64_t known_at;
    bool again;                /* even when the current run is of these already */
};
struct quality_made {
    bool made;                 /* false: nothing changed */
    int64_t run, findings;
    int asked;                 /* rules; what the others found before stands */
    struct cost looking, writing;
};
/* Through j->db (writing, no open transaction). */
MUST_CHECK enum err quality_run_make(struct job *j, const struct quality_order *o,
                                     struct quality_made *out);
/* Is the current run of another day, of other batches or of another program? */
MUST_CHECK enum err quality_run_due(struct job *j, const struct quality_order *o, bool *due);
/* Nothing is loaded any more: no findings are in force. */
MUST_CHECK enum err quality_run_end(struct job *j);

struct cover;
/* The coverage of a run written, and taken away; room-private. */
MUST_CHECK enum err quality_write_cover(struct job *j, int64_t run, const struct quality_look *q,
                                        const struct cover *c);
MUST_CHECK enum err quality_drop_cover(struct job *j, int64_t run);
/* What the rules need beside the column file, into the look; room-private. */
MUST_CHECK enum err quality_read_upns(struct job *j, struct quality_look *q);
MUST_CHECK enum err quality_keep_upns(struct job *j, const struct quality_look *q);
MUST_CHECK enum err quality_read_names(struct job *j, struct quality_look *q);
MUST_CHECK enum err quality_read_terms(struct job *j, struct quality_look *q);
MUST_CHECK enum err quality_keep_terms(struct job *j, const struct quality_look *q);
MUST_CHECK enum err quality_read_looked_after(struct job *j, struct quality_look *q);
/* Where the current run is of the same column file and program: the rules that read nothing
 * that changed since, and what they found; columns as stored, NULL: of no run. */
MUST_CHECK enum err quality_read_before(struct job *j, struct quality_look *q,
                                        const char *columns);
