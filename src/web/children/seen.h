/* web/children/seen.h - who has seen a child's record, in words. */
#pragma once
#include "ui/components.h"

struct seen_group {            /* what one person did on one day */
    const char *day;           /* "3 November 2025" */
    const char *first;         /* where the day begins, it is a heading; else NULL */
    const char *const *says;   /* sentences */
    size_t n;
};
struct seen_view {
    const struct view *view;
    const char *child, *child_path;
    const struct seen_group *groups; /* newest day first */
    size_t n;
    struct pages pages;
};
