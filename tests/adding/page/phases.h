/* web/phases/phases.h - how many schools and pupils there are in each phase. */
#pragma once
#include "ui/view.h"
#include <stdint.h>

struct phase {
    const char *name;
    int64_t schools, pupils;
};
struct phases_page {
    const struct view *view;
    const struct phase *v;
    size_t n;
};
