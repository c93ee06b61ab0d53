/* intake/coverage.h - what is loaded and what is not: by school and term, by source.
 *
 * So that "none" can be told from "no data" by people, too.  Asks permit(ACT_DATA). */
#pragma once
#include "intake/batch.h"

enum coverage_state {
    COVERAGE_FILE,      /* the school's return is there */
    COVERAGE_NO_FILE,   /* the term's census is loaded, this school is not in it */
    COVERAGE_NOT_LOADED, /* no census of that term is loaded */
    COVERAGE_REFUSED,   /* a census of that term came and was refused whole */
    COVERAGE_NOT_OPEN,  /* the school was not open that term */
};
struct coverage_cell {
    enum coverage_state state;
    int64_t on_roll, with_sessions; /* FILE */
};
struct coverage_term {
    int32_t school_year;
    enum term term;
};
struct coverage_school {
    int64_t urn;
    const char *name;
    const struct coverage_cell *cell; /* by term */
    int gaps;           /* of the last three terms: no file, or refused */
};
struct coverage {
    const struct coverage_term *term; /* oldest first */
    size_t n_terms;
    const struct coverage_school *school; /* recent gaps first, then by name */
    size_t n_schools;
};
/* The last `terms` terms up to the last census loaded. */
MUST_CHECK enum err coverage_get(struct job *j, size_t terms, struct coverage *out);

enum coverage_kind { SOURCE_CENSUS, SOURCE_SUSPENSIONS, SOURCE_CARE, SOURCE_PEOPLE,
                     SOURCE_SCHOOLS, SOURCE_OUTCOMES, SOURCE_LEAVERS, SOURCE_REGISTERS, SOURCES };
struct coverage_source {
    enum coverage_kind kind;
    bool loaded;
    int64_t batch, refused;  /* the last one published; records it refused */
    const char *title;       /* of that batch */
    int32_t until;           /* last day it tells of; DATE_NONE: not of days */
    int32_t school_year;     /* census: the last one */
    enum term term;
    int64_t schools, expected; /* census: returns, and schools in the census before it */
};
/* All SOURCES, in order. */
MUST_CHECK enum err coverage_sources(struct job *j, const struct coverage_source **out);
