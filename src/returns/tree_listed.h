/* returns/tree_listed.h - XML and JSON written again with what is listed only; for this room
 * only.
 *
 * Of TEXT_LISTED layouts nothing else is kept: an element is written once a value of a field
 * within it is, with those around it up to the outermost record.  A record begins the line that
 * its facts name, as in the file.  Called within the library that reads: no jump may cross it. */
#pragma once
#include "returns/tree_plan.h"

struct tree;
struct tree_listed;
/* NULL: the text is kept as it stands. */
struct tree_listed *tree_listed_new(struct job *j, const struct tree_plan *p);
/* The element at x->depth begins; is a record that begins this line; ends. */
void tree_listed_start(struct tree *x, const char *name, size_t n, enum tree_kind kind);
void tree_listed_record(struct tree *x, int64_t line);
void tree_listed_end(struct tree *x);
/* Text in the element at x->depth, whatever it is: what is not written is counted. */
void tree_listed_heard(struct tree *x, struct span text);
/* More of the text of a field (of the layout) in the element at x->depth. */
void tree_listed_text(struct tree *x, const struct layout *l, size_t field, struct span text);
/* What was written since the last time, and the line in which it begins; then it is cleared.
 * No record is open; `now`: the line in which the library stands. */
struct span tree_listed_take(struct tree *x, int64_t now, int64_t *line);
