/* directory/indexed.h - the search index of an area's public entries: made, kept current, shared.
 *
 * It is as old as what the public sees (service_turn()) and the day, for ages of checks count.
 * Whoever changes what the public sees raises that turn; the clock makes the index again within
 * seconds, in each program that serves. */
#pragma once
#include "directory/search_index.h"
#include "directory/service.h"

/* "<home>/directory-<area>.index". */
const char *indexed_path(struct job *j, const char *home);
/* What the index of j->area on j->today has to be of. */
MUST_CHECK enum err indexed_version(struct job *j, int64_t *out);
/* Make it, whatever is there. */
MUST_CHECK enum err indexed_make(struct job *j, const char *home);
/* Make it unless what is there is current, or an area has no directory. */
MUST_CHECK enum err indexed_refresh(struct job *j, const char *home, bool *made);

/* A public document as rows, one a place; hidden ones (fresh.h) are none. */
struct indexing {
    struct search_builder *builder;
    struct db *beside;      /* postcodes are asked there; NULL: j->db */
    struct fresh_days *days;
};
MUST_CHECK enum err indexed_entry(struct job *j, const struct indexing *i,
                                  const struct service *s, const json_t *doc);
