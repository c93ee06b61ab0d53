/* directory/ages.h - ages as families and schools say them (ages.def), in months, half-open. */
#pragma once
#include "base/text.h"

struct age_row {
    const char *id;    /* "year-7": in addresses */
    const char *label; /* "Year 7" */
    int32_t from, to;  /* months, half-open: a pupil of that year may be so old */
    const char *spoken; /* "year 7|y7": among other words, by | */
};
const struct age_row *ages_list(size_t *n);
/* "year-7", "ks3", "reception"; NULL: none of them. */
const struct age_row *ages_find(const char *id);
/* An id, or an age in years ("9", "0"…"25").  False: neither. */
bool ages_read(const char *s, int32_t *from, int32_t *to);
