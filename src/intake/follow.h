/* intake/follow.h - the steps of after.def: children of each school, figures, signs, the quality
 * of the data.
 *
 * Column file, weeks of marks and the order of names are opened once for all of them, and only
 * when one of them has anything to do. */
#pragma once
#include "quality/run.h"
#include "risk/refresh.h"
#include "risk/sign_run.h"

/* What the steps did; of one that had nothing to do all 0. */
struct follow_made {
    struct refreshed figures;
    struct sign_run_made signs;
    struct quality_made quality;
};
/* All steps at once; again: even when nothing changed, and every school year and rule. */
MUST_CHECK enum err follow_all(struct job *j, const char *home, bool again,
                               struct follow_made *out);
