/* intake/coverage.h - what is loaded and what is not: by school and period, by source.
 *
 * So that "none" can be told from "no data" by people, too.  Counted when a batch is
 * published, refused or withdrawn (counted.h); pages read.  Reading asks permit(ACT_DATA). */
#pragma once
#include "intake/batch.h"

enum coverage_kind { SOURCE_CENSUS, SOURCE_SUSPENSIONS, SOURCE_CARE, SOURCE_PEOPLE,
                     SOURCE_SCHOOLS, SOURCE_OUTCOMES, SOURCE_LEAVERS, SOURCE_REGISTERS,
                     SOURCE_LOOKED_AFTER, SOURCE_PLANS, SOURCES };
enum coverage_state {
    COVERAGE_PRESENT,    /* the school's return is there */
    COVERAGE_THIN,       /* it is, and tells of less than half of the pupils that it should */
    COVERAGE_MISSING,    /* the period came, this school is not in it */
    COVERAGE_REFUSED,    /* the period came and was refused whole */
    COVERAGE_NOT_LOADED, /* nothing of that period came */
    COVERAGE_NOT_OPEN,   /* the school was not open then */
    COVERAGE_STATES
};
const char *coverage_kind_name(enum coverage_kind k);   /* as stored: "census" */
const char *coverage_state_name(enum coverage_state s); /* as stored: "present" */

/* ---- by school and term: the school census ---- */

struct coverage_cell {
    enum coverage_state state;
    int64_t told, expected; /* pupils with attendance; pupils on roll */
};
struct coverage_term {
    int32_t school_year;
    enum term term;
};
struct coverage_school {
    int64_t urn;
    const char *name;
    const struct coverage_cell *cell; /* by term */
    int gaps;           /* of the last three terms: missing, or refused */
};
struct coverage {
    const struct coverage_term *term; /* oldest first */
    size_t n_terms;
    const struct coverage_school *school; /* recent gaps first, then by name */
    size_t n_schools;   /* as many as were asked for, of all_schools */
    int64_t all_schools, with_gaps;
};
enum { COVERAGE_TERMS = 12 }; /* kept; no more can be asked for */
/* The last `terms` terms up to the last census loaded; the first `schools`, 0 all. */
MUST_CHECK enum err coverage_get(struct job *j, size_t terms, size_t schools,
                                 struct coverage *out);

/* ---- by source ---- */

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

/* Counts all of it for j->area; within a transaction of j->db. */
MUST_CHECK enum err coverage_derive(struct job *j);
