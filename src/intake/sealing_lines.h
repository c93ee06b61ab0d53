/* intake/sealing_lines.h - records of sealed children that could not be loaded.  Private.
 *
 * Such a record has no fact, but a finding quotes it, and its line is in the kept text.  It is
 * known by a number of the child, or by both names, in that text. */
#pragma once
#include "link/sealed.h"

/* Findings of j->area (of one batch; 0 all) that are about this child go to where it lies, and
 * their records count as loaded; *n records.  In the caller's transaction. */
MUST_CHECK enum err sealing_lines_take(struct job *j, const struct key *k, int64_t person,
                                       int64_t batch, int64_t *n);
/* What checks of files found is kept for their pages for a day: those that quote the child go. */
MUST_CHECK enum err sealing_lines_checks(struct job *j, const struct key *k, int64_t person);
/* From where sealed children lie, in j->area, back to the authority. */
MUST_CHECK enum err sealing_lines_give_back(struct job *j, int64_t person);
