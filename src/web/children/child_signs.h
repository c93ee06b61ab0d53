/* web/children/child_signs.h - the sentences of a child's warning signs, for its page. */
#pragma once
#include "base/job.h"

struct child_signs {
    const char *const *words; /* in the order of the pack */
    size_t n;
    int32_t day;
};
/* Those that this viewer may see; none before signs were looked for. */
MUST_CHECK enum err child_signs_words(struct job *j, int64_t person, struct child_signs *out);
