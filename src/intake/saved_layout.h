/* intake/saved_layout.h - layouts that an authority has made itself (returns/mapping.h), kept
 * per area.
 *
 * The Data page's way: mapping_look() shows the file, mapping_suggest() what is plain already,
 * a person maps the rest, mapping_preview() shows the first rows as they would be read, a dry
 * run of load() all of it; saved_layout_save() keeps it, and from then on files with exactly
 * these columns are recognised. */
#pragma once
#include "returns/mapping.h"
#include "store/db.h"

struct saved_layout {
    struct mapping m;
    int64_t made;        /* time */
    const char *made_by; /* login */
    const char *unusable; /* why it is not read by any more (its layout has changed); "" */
};
/* Of j->area, by name. */
MUST_CHECK enum err saved_layout_list(struct job *j, struct saved_layout **out, size_t *n);
/* permit(ACT_LOAD).  ERR_INPUT: see mapping_check(), or another name has exactly these columns
 * already; one of this name is replaced. */
MUST_CHECK enum err saved_layout_save(struct job *j, const struct mapping *m);
/* permit(ACT_LOAD).  What was loaded by it stays.  ERR_NOT_FOUND. */
MUST_CHECK enum err saved_layout_remove(struct job *j, const char *name);
/* Those of j->area that can be read by, for returns_open_all(). */
MUST_CHECK enum err saved_layout_mappings(struct job *j, const struct mapping **out, size_t *n);
