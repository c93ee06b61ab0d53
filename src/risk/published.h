/* risk/published.h - our figures by DfE's definitions beside the ones that DfE published, and
 * what explains each difference.
 *
 * DfE counts what schools returned by a day; ours go on with returns sent again, records
 * withdrawn and schools that sent late.  What can be told of a difference is counted with the
 * figures; what cannot is said to be unknown. */
#pragma once
#include "people/benchmark.h"
#include "risk/figures.h"

enum { PUBLISHED_WHY = 6 };
struct published {
    enum measure measure;
    struct figure ours;
    struct benchmark_figure count, rate;   /* of this authority; state NONE: not loaded */
    struct benchmark_figure region, england; /* rates */
    bool compared;             /* both are there */
    int64_t difference;        /* ours less theirs, of the rate, in ten-thousandths */
    bool same;                 /* but for rounding */
    const char *why[PUBLISHED_WHY];
    size_t n_why;
};
struct published_page {
    struct published *row;     /* the measures by DfE's definitions, in their order */
    size_t n;
    int32_t school_year;
    const char *region;        /* its name; NULL not known */
};
/* Asks permit(ACT_FIGURES).  ERR_NOT_FOUND: no figures yet. */
MUST_CHECK enum err published_get(struct job *j, int32_t school_year, struct published_page *out);

/* Other authorities: statistical neighbours as the setting "neighbours" lists them, else all
 * that are loaded; by the rate of suspensions, ours among them. */
struct neighbour {
    const char *code, *name;
    struct benchmark_figure suspensions, exclusions, absence; /* rates as published */
    bool ours;
};
MUST_CHECK enum err published_neighbours(struct job *j, int32_t school_year,
                                         struct neighbour **out, size_t *n);

/* One school beside schools of its type, as DfE published them: itself, this authority, its
 * region, its statistical neighbours, England. */
enum beside { BESIDE_SCHOOL, BESIDE_AUTHORITY, BESIDE_REGION, BESIDE_ENGLAND, BESIDES };
struct beside_figure {
    struct benchmark_figure rate;
    bool all;                  /* of all types of school: of its own none is published */
};
struct beside_row {
    enum measure measure;
    struct beside_figure of[BESIDES];
    struct beside_figure low, middle, high; /* of neighbours; state NONE: none */
    size_t neighbours;         /* with a figure */
};
enum { PUBLISHED_SCHOOL_ROWS = 6 };
struct published_school {
    int32_t school_year;       /* the last with published figures, of three; 0: none */
    struct beside_row row[PUBLISHED_SCHOOL_ROWS]; /* as published_page has them */
    size_t n;
    const char *region;        /* its name; NULL not known */
    bool chosen;               /* statistical neighbours are set */
};
/* phase as people/school.h has it.  Asks permit(ACT_SCHOOLS) for the school. */
struct school_asked {
    int64_t urn;
    const char *phase;
    int32_t last_year;
};
MUST_CHECK enum err published_school(struct job *j, const struct school_asked *ask,
                                     struct published_school *out);
