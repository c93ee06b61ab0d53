/* intake/after.h - what follows once batches were published or withdrawn: the children
 * of each school are listed, the column file is built again, figures are computed, signs looked
 * for, rules about the data asked. */
#pragma once
#include "base/job.h"

struct after_step {
    const char *name; /* "figures": for the log */
    enum err (*run)(struct job *j, void *arg); /* of j->area, with j->db open for writing */
    void *arg;
};
struct after {
    const struct after_step *step;
    size_t n;
};
/* Children by school, column file (under home), figures, warning signs, quality of the data. */
struct after *after_figures(struct job *j, const char *home);
/* Runs the steps in order for j->area; the first that fails ends it.  What was loaded stays
 * published, and "rooted figures" catches up.  a NULL: nothing follows. */
MUST_CHECK enum err after_load(struct job *j, const struct after *a);
/* The last of these alone: rules about the data and its coverage; again: even when nothing
 * changed. */
MUST_CHECK enum err after_quality(struct job *j, const char *home, bool again);
