/* people/area.h - authorities, and the counter that ids of one come from (batches have numbers
 * of their own, intake/batch.h). */
#pragma once
#include "store/db.h"

struct area {
    int64_t area_id; /* DfE number: 896; 1 is the pseudo authority 001 */
    const char *name;
};
/* In order of their numbers. */
MUST_CHECK enum err area_list(struct job *j, struct area **out, size_t *n);
MUST_CHECK enum err area_get(struct job *j, int64_t area_id, struct area *out);
/* An authority seen for the first time; nothing happens when it is there already.
 * name NULL: "Authority 896", until a name is known. */
MUST_CHECK enum err area_add(struct job *j, int64_t area_id, const char *name);
/* Its name, from a source that knows it. */
MUST_CHECK enum err area_name(struct job *j, int64_t area_id, const char *name);
/* Rises whenever a batch of j->area is published, refused or withdrawn, or the schools of England
 * change: answers about batches that are, and about schools as pages show them, hold for it
 * (db_ask_kept). */
MUST_CHECK enum err area_turn(struct job *j, int64_t *out);
/* The first of n new ids of j->area.  Each is given out once, whatever becomes of it. */
MUST_CHECK enum err area_next_id(struct job *j, int64_t n, int64_t *first);
