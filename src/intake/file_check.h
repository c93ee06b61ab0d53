/* intake/file_check.h - what a check of files found that wrote nothing, kept for its page. */
#pragma once
#include "intake/load.h"

/* Of a dry run, by the task that asked for it; those of long ago go. */
MUST_CHECK enum err file_check_save(struct job *j, int64_t task, const struct load_result *r);
/* permit(ACT_LOAD).  ERR_NOT_FOUND: there is none (any more).  Batches have their counts,
 * findings by rule, and the first findings; files left aside their names. */
MUST_CHECK enum err file_check_get(struct job *j, int64_t task, struct load_result *out);
