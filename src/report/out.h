/* report/out.h - a stream whose bytes end up in the job; for this room only. */
#pragma once
#include "base/text.h"

struct out {
    FILE *f;
    char *bytes;
    size_t n;
};
MUST_CHECK enum err out_open(struct job *j, struct out **o);
MUST_CHECK enum err out_close(struct job *j, struct out *o, struct span *bytes);
