/* risk/type_lines.h - why each type of exclusion counts for a child, as its page says. */
#pragma once
#include "risk/figures.h"

/* As kept with the current snapshot: the newest year first.  Asks permit(ACT_CHILD); a school
 * gets what its own records say. */
struct type_line {
    const char *title;   /* of the type: "Educated at home" */
    int32_t school_year;
    const char *school;  /* NULL: no school's, or not known */
    const char *words;
};
MUST_CHECK enum err type_lines(struct job *j, int64_t person, struct type_line **out, size_t *n);
