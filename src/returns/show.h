/* returns/show.h - parts of showing a record of kept text again; for this room only. */
#pragma once
#include "returns/open.h"

/* Where a line begins in a text that starts with first_line. */
size_t show_line(struct span text, int64_t first_line, int64_t line);
/* ERR_NOT_FOUND: no record starts there. */
MUST_CHECK enum err show_nothing(struct job *j, int64_t line);
MUST_CHECK enum err show_json(struct job *j, const struct kept_text *k, int64_t line,
                              struct original **out, size_t *n);
