/* web/directory/current.h - the directory as the public sees it now. */
#pragma once
#include "directory/search.h"
#include "web/page.h"

/* Whose directory is shown to who is not signed in: the area of lowest number.  Sets j->area; 0:
 * there is none yet; and j->today to its day. */
MUST_CHECK enum err directory_here(struct job *j);
/* Search in the newest index of j->area.  A search by words that found little is noted, with no
 * more of the place than `outward` (NULL none). */
MUST_CHECK enum err directory_search(struct job *j, const struct request *q,
                                     const struct search *s, struct search_found *out);
void directory_note(struct job *j, const struct request *q, const char *words,
                    const char *outward, uint32_t found);
