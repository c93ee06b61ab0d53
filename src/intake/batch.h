/* intake/batch.h - what was loaded: batches, their files and findings; taking one back.
 *
 * A batch is one export, whole or nothing.  While it is loading nobody sees its rows; one
 * small update publishes it, and that time is what its facts are known from.  A refused
 * batch keeps its findings and nothing else; a withdrawn one stays for the history, and
 * questions "as known on" a date between publishing and withdrawal still see it.
 * The batches of an authority are numbered 1, 2, 3 … as their loading begins; refused and
 * withdrawn ones keep theirs.  Files already loaded take no number, nor do those refused
 * unread; that of a load that was killed is given again, for nothing of it is left.
 * Facts are read with: JOIN batch … published <= known AND (withdrawn IS NULL OR
 * withdrawn > known). */
#pragma once
#include "base/date.h"
#include "store/db.h"

enum batch_state { BATCH_LOADING, BATCH_PUBLISHED, BATCH_REFUSED, BATCH_WITHDRAWN, BATCH_STATES };
const char *batch_state_name(enum batch_state s); /* as stored: "published" */

struct batch {
    int64_t id;
    const char *kind;   /* family of layouts.def */
    const char *title;  /* "School census, autumn 2024" */
    const char *digest; /* SHA-256 over the sorted digests of its files */
    enum batch_state state;
    int64_t started, published, withdrawn; /* times; 0 none */
    const char *withdrawn_why, *withdrawn_by, *loaded_by; /* the first two may be NULL */
    int32_t school_year, term; /* of a census; 0 none */
    int32_t made_on; /* the day its files say they were made; DATE_NONE: they do not */
    int64_t read, loaded, refused; /* records */
    const char *message; /* why it was refused; NULL */
    int64_t findings;
};
struct batch_file {
    int64_t id;          /* 1, 2 … within the batch */
    const char *name, *layout, *note, *digest;
    int64_t bytes, read, loaded, refused;
};
struct batch_finding {
    int64_t id, file_id, line, column, urn; /* column, urn 0: none */
    const char *file, *field, *rule, *value, *message; /* field, value may be NULL */
    bool refused;
};

/* Of j->area, newest first.  Loading batches are listed too. */
MUST_CHECK enum err batch_list(struct job *j, struct batch **out, size_t *n);
/* ERR_NOT_FOUND: not in this area. */
MUST_CHECK enum err batch_get(struct job *j, int64_t id, struct batch *out);
MUST_CHECK enum err batch_files(struct job *j, int64_t id, struct batch_file **out, size_t *n);
/* A page of its findings, in the order in which they were made: at most `most`, those after
 * the finding of that id (0: from the start). */
struct batch_page {
    int64_t batch_id, after;
    size_t most;
};
MUST_CHECK enum err batch_findings(struct job *j, struct batch_page p,
                                   struct batch_finding **out, size_t *n);
/* Its findings by rule, those that refuse first, then by how many there are. */
struct batch_rule {
    const char *rule, *message, *file; /* message, file and line of the first one */
    int64_t line, count;
    bool refused;
};
MUST_CHECK enum err batch_rules(struct job *j, int64_t id, struct batch_rule **out, size_t *n);
/* The published batch with these files, if there is one; else *id is 0. */
MUST_CHECK enum err batch_find(struct job *j, const char *digest, int64_t *id);

/* Take a published batch out of all figures; why is kept.  In the caller's transaction where
 * one is open, else in one of its own.  ERR_CONFLICT: not published;
 * ERR_INPUT: no reason given, or it is of a kind that replaces what was there (schools,
 * postcodes, deprivation), which only a newer file can mend. */
MUST_CHECK enum err batch_withdraw(struct job *j, int64_t id, const char *why);

/* Could it be withdrawn, by its state and kind?  For the pages that offer it. */
bool batch_may_withdraw(const struct batch *b);

/* ---- for the loader and the start of the program --------------------------------- */

/* The lock of whoever loads for j->area.  ERR_BUSY: somebody else does. */
MUST_CHECK enum err batch_lock(struct job *j);
/* Remove what loads of j->area left that were killed: call with the lock held.  *n batches. */
MUST_CHECK enum err batch_sweep(struct job *j, int64_t *n);
/* Every area whose lock can be had, and shared tables: at the start of the program. */
MUST_CHECK enum err batch_sweep_all(struct job *j, int64_t *n);
