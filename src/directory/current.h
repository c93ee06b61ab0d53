/* directory/current.h - the directory as the public sees it now: which authority's, and its index. */
#pragma once
#include "directory/search.h"
#include "store/db.h"

/* Whose directory is shown to who is not signed in: the area of lowest number. */
MUST_CHECK enum err directory_area(struct job *j, int64_t *out);
/* Search in the newest index of j->area. */
MUST_CHECK enum err directory_search(struct job *j, const struct search *s,
                                     struct search_found *out);
