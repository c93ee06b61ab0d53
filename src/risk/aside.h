/* risk/aside.h - rows of children and enrolments between counting and writing.  Room-private.
 *
 * Rows are counted slice by slice of the people, and written year by year: tables are in that
 * order.  Meanwhile they wait in streams (base/streams.h), so that memory does not grow with the
 * authority. */
#pragma once
#include "risk/child_year.h"

struct aside;
/* folder: where they may wait on disk; NULL: that for temporary files. */
struct aside *aside_new(struct job *j, const char *folder, int32_t first_year);
/* The slices of the people come in order.  Of children those rows that are used. */
MUST_CHECK enum err aside_children(struct aside *a, const struct child_years *rows);
MUST_CHECK enum err aside_enrolments(struct aside *a, const struct enrolment_years *rows);

typedef enum err child_fn(void *arg, const struct child_year *row);
typedef enum err enrolment_fn(void *arg, const struct enrolment_year *row);
/* Of a year, by person. */
MUST_CHECK enum err aside_read_children(struct aside *a, int32_t year, child_fn *fn, void *arg);
MUST_CHECK enum err aside_read_enrolments(struct aside *a, int32_t year, enrolment_fn *fn,
                                          void *arg);
/* Those that meet a measure, by person, then year. */
MUST_CHECK enum err aside_read_met(struct aside *a, child_fn *fn, void *arg);
