/* directory/shelf.h - what a server keeps of directories between requests: indexes that are open,
 * and searches that found little until they are written down.  For all its threads. */
#pragma once
#include "directory/search_index.h"
#include "directory/searched.h"

struct shelf;
/* Closed when the job ends, after whoever took something from it. */
MUST_CHECK enum err shelf_open(struct job *j, const char *home, struct shelf **out);
/* The newest index of j->area, good until j ends; made first through j->db where there is none. */
MUST_CHECK enum err shelf_take(struct job *j, struct shelf *s, struct search_index **out);
/* A search of j->area on j->today that found little.  In memory, until … */
void shelf_note(struct job *j, struct shelf *s, const struct searched *what);
/* … it is written, each area in a transaction of j->db. */
MUST_CHECK enum err shelf_tell(struct job *j, struct shelf *s);
