/* access/view.h - the choices of a list that a person keeps under a name: an address, seen by
 * nobody else.  What it shows is asked for anew each time, with the rights of that day. */
#pragma once
#include "access/actor.h"

enum { VIEW_NAME = 40, VIEW_QUERY = 300, VIEWS_MOST = 20 };
struct saved_view {
    int64_t id;
    const char *name, *query; /* "?kind=attendance"; "" none */
};
/* Those of j->who for a page, by name. */
MUST_CHECK enum err view_list(struct job *j, const char *page, struct saved_view **out,
                              size_t *n);
/* Keep one, in the caller's transaction; one of the same name is replaced.  ERR_INPUT: a name
 * of 1 to VIEW_NAME letters is wanted, or there are VIEWS_MOST already. */
struct view_place {
    const char *page, *name, *query;
};
MUST_CHECK enum err view_save(struct job *j, struct view_place v);
/* ERR_NOT_FOUND: not one of j->who's. */
MUST_CHECK enum err view_drop(struct job *j, int64_t id);
