/* web/retention/retention.h - how long data is kept, what is held, what went. */
#pragma once
#include "ui/components.h"

struct hold_row {
    const char *what, *why, *since; /* "Child 12", "Everything" */
    const char *action;             /* path to post to; NULL: not for this person */
    const char *id;                 /* of its field */
};
struct retention_page {
    const struct view *view;
    struct problems problems;   /* fields "keep", "reference", "child", "why", "release-N" */
    const char *heading, *lede;
    struct table rules, copies, ended, removals;
    const struct hold_row *holds; /* in force */
    size_t n_holds;
    bool of_area;               /* an administrator belongs to none */
    bool writes;                /* this person decides */
    const struct option *rule;
    size_t n_rule;
    const char *keep, *reference, *child, *why; /* as typed */
};
struct removal_page {
    const struct view *view;
    const char *heading, *lede;
    struct table gone;
};
