/* timeline/check.h - is a column file what it should be?  Private to this room.
 *
 * The file may be cut, damaged or made by somebody else: nothing in it is believed before
 * every number that is later used as a place has been looked at. */
#pragma once
#include "timeline/timeline.h"

/* Magic, version, area, and that every section lies within the file. */
MUST_CHECK enum err check_head(struct job *j, const char *path, const struct timeline_head *h,
                               size_t bytes);
/* Checksums, and that every index points into its section. */
bool check_rows(const struct timeline *t);
/* Rows that were gone through: their pages are given back. */
void check_let_go(const struct timeline *t, int section, struct timeline_range rows);
/* Bytes of a mapped file that were gone through.  map: where the mapping begins.  Touching one
 * page maps those around it, too: what lies before `from` so near is given back with it. */
void check_give_back(uintptr_t map, uintptr_t from, uintptr_t to);
enum err check_damaged(struct job *j, const char *path);
