/* web/children/original.h - a fact beside the line of the file that brought it. */
#pragma once
#include "people/fact.h"
#include "ui/components.h"

struct original_value {          /* one column of the line, or element of the record */
    const char *name, *value;    /* value as it stood in the file; NULL: empty */
};
struct original_page {
    const struct view *view;
    const char *child, *child_path;
    const char *heading;         /* what the fact says */
    const struct named *where;   /* batch, file, line, known from */
    size_t n_where;
    const struct original_value *values;
    size_t n_values;
    const char *raw;             /* the record itself, cut when long */
    bool cut;
    bool rebuilt;                /* the text is not kept: made again from the facts */
    const char *gone;            /* why the original cannot be shown; NULL */
    const char *correct;         /* path of the form; NULL: not this fact, or not for this person */
    struct table corrections;    /* n_rows 0: nothing was corrected in it */
};
