/* intake/after.h - what follows once batches were published or withdrawn: the children of each
 * school are listed, the column file is built again, figures are computed, signs looked for,
 * rules about the data asked (after.def). */
#pragma once
#include "base/job.h"

/* What a batch changes, and what a step's rows are made from. */
enum {
    CHANGES_FACTS = 1, /* all that the column file tells */
    CHANGES_MARKS = 2, /* weeks of registers: neither who is on which roll nor anybody's name */
};
unsigned after_changes(const char *kind); /* of a batch: "census" */

struct after_step {
    const char *name; /* "derived": for the log */
    enum err (*run)(struct job *j, void *arg); /* of j->area, with j->db open for writing */
    void *arg;
};
struct after {
    const struct after_step *step;
    size_t n;
};
/* All steps of after.def that have anything to do, with the column file under home. */
struct after *after_figures(struct job *j, const char *home);
/* Runs the steps in order for j->area; the first that fails ends it.  What was loaded stays
 * published, and "rooted figures" catches up.  a NULL: nothing follows. */
MUST_CHECK enum err after_load(struct job *j, const struct after *a);
