/* web/data/correct.h - a fact corrected; who corrected what; a correction undone. */
#pragma once
#include "quality/correct.h"
#include "ui/components.h"
#include "web/page.h"

struct correct_form {
    const struct view *view;
    struct problems problems;  /* fields "value", "why" */
    const char *heading, *lede;
    const char *action, *back;
    const struct option *fields; /* what may be corrected */
    size_t n_fields;
    const char *value, *why;   /* as typed */
    const char *hint;           /* what may be typed as the value */
};
struct corrections_page {
    const struct view *view;
    const char *heading, *lede, *csv; /* csv NULL: none */
    struct table table;
};
struct undo_form {
    const struct view *view;
    struct problems problems;  /* field "why" */
    const char *heading, *lede;
    const struct named *about;
    size_t n_about;
    const char *action, *why;  /* action NULL: undone already, or not for this person */
};
/* Corrections as a table, newest first. */
struct table correct_table(struct job *j, const struct correction *v, size_t n);
