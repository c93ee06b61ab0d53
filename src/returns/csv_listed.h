/* returns/csv_listed.h - rows of a CSV written again with the columns that are needed only; for
 * this room only.  A row stands in the line in which it stood, so that a fact finds it. */
#pragma once
#include "base/csv.h"
#include "returns/open.h"

struct listed;
struct listed *listed_new(struct job *j, const struct returns_file *f);
/* What follows stands in this line (of the text that is read): blank lines up to there. */
void listed_line(struct listed *x, int64_t line);
void listed_row(struct listed *x, const struct csv_row *row);
/* What was written since it was cleared. */
struct span listed_text(const struct listed *x);
void listed_clear(struct listed *x);
