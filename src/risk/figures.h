/* risk/figures.h - measures, the figures of a snapshot, and the children behind each.
 *
 * A figure is numerator of denominator for one measure, school year and group, computed
 * once after a load (snapshot.h).  The list behind a figure has exactly numerator rows:
 * a test proves it for every figure. */
#pragma once
#include "base/date.h"
#include "stats/interval.h"

/* The member of D_SCHOOL of children at no school. */
#define MEMBER_NO_SCHOOL "none"

enum family { FAMILY_CHILD, FAMILY_DFE };
enum measure {
#define MEASURE(id, name, title, family, per, decimals, data, definition, sources) id,
#include "risk/measures.def"
#undef MEASURE
    MEASURES
};
enum dimension {
#define DIMENSION(id, name, title, reference) id,
#include "risk/dimensions.def"
#undef DIMENSION
    DIMENSIONS
};
struct measure_row {
    const char *name, *title;
    enum family family;
    int per, decimals; /* shown as a rate per 100, 1000 or 10000 with that many places */
    const char *definition, *sources;
};
struct dimension_row { const char *name, *title, *reference; };
extern const struct measure_row measure_rows[MEASURES];
extern const struct dimension_row dimension_rows[DIMENSIONS];
bool measure_find(const char *name, enum measure *out);
bool dimension_find(const char *name, enum dimension *out);
/* "Year 9", "White and Black Caribbean", a school's name; copied into the job. */
MUST_CHECK enum err dimension_label(struct job *j, enum dimension d, const char *member,
                                    const char **out);

/* Of the rate of absence: enrolments, and sums over them of sessions missed and possible,
 * squared and multiplied.  All 0 with other measures, and in snapshots made without it. */
struct spread { int64_t enrolments, missed_squares, possible_squares, products; };
struct figure {
    enum measure measure;
    int32_t school_year;
    enum dimension dimension;
    const char *member;
    int64_t numerator, denominator;
    bool no_data; /* a source is missing: never shown as none */
    struct spread spread;
};
/* At 95%, of numerator over denominator.  Children and enrolments: Wilson.  Suspensions and
 * exclusions: exact limits of the count (Garwood).  Absence: a pupil's sessions go together,
 * so the ratio estimator over enrolments (interval_ratio).  May be not known. */
struct interval figure_interval(const struct figure *f);
struct snapshot {
    int64_t id;
    int32_t as_of;                  /* nothing that happened later counts */
    int64_t known_at, made;         /* times */
    int32_t first_year, last_year;  /* school years with figures */
};
/* The current snapshot of the job's area.  ERR_NOT_FOUND before the first load. */
MUST_CHECK enum err snapshot_current(struct job *j, struct snapshot *out);

/* Figures of the current snapshot, in order of measure, year, dimension, member.
 * -1 for measure, year or dimension: all.  Asks permit(ACT_FIGURES). */
struct figure_filter { int measure, school_year, dimension; const char *member; };
MUST_CHECK enum err figure_list(struct job *j, struct figure_filter f, struct figure **out,
                                size_t *n);
/* Those of one school (D_SCHOOL), every measure and year.  Asks permit(ACT_SCHOOLS) with the
 * school, so a school role sees its own and no other's. */
MUST_CHECK enum err figure_list_school(struct job *j, int64_t urn, struct figure **out, size_t *n);
MUST_CHECK enum err figure_get(struct job *j, enum measure m, int32_t school_year,
                               struct figure *out); /* dimension all */

/* The children in a figure's numerator (child family), by school then name. */
struct figure_child {
    int64_t person;
    const char *name, *school;
    int64_t urn;                    /* 0: on no roll */
    int32_t year_group;             /* -2 not known, -1 before reception, 0 reception */
    int64_t suspensions, suspended_sessions, exclusions, possible, absent;
    bool hidden; /* not for j->who: person and name (words instead) are all that is set */
};
struct children_asked {
    struct figure_filter of; /* one measure and year; dimension and member, or -1 and NULL */
    int64_t limit, offset;
};
/* *total: all of them, whatever the limit.  A school role gets those of its school only. */
MUST_CHECK enum err figure_children(struct job *j, const struct children_asked *ask,
                                    struct figure_child **out, size_t *n, int64_t *total);

/* Sessions that children missed in a school year, over all their schools; possible 0: not
 * known.  A school role is told of children whose main school it was.  out has n places. */
struct missed { int64_t absent, possible; };
MUST_CHECK enum err figure_missed(struct job *j, int32_t school_year, const int64_t *person,
                                  size_t n, struct missed *out);

/* One line of an interval plot: a group against its reference group, years pooled. */
struct ratio {
    enum dimension dimension;
    const char *member, *label;
    int64_t numerator, denominator;
    double ratio, low, high;        /* 95% interval, log-Katz; 0 when not to be shown */
    bool adjusted;                  /* a zero cell: half added to each, and said */
};
struct pooled_years { int32_t first, last; };
MUST_CHECK enum err figure_ratios(struct job *j, enum measure m, struct pooled_years years,
                                  struct ratio **out, size_t *n);

/* The four shares that sound alike (analytics.md §2.4): of pupils with two or more events,
 * of all events, of events of pupils with two or more, of repeat events. */
enum care_window { CARE_EVER, CARE_6_YEARS, CARE_1_YEAR };
struct proportion { int64_t part, whole; double low, high; };
struct concentration {
    struct proportion group;             /* of all pupils */
    struct proportion pupils2, events, events2, repeats;
    int32_t first_year, last_year;
    enum care_window window;
    bool care_missing, semh_missing;
};
MUST_CHECK enum err concentration_get(struct job *j, struct pooled_years years,
                                      enum care_window window, struct concentration *out);

/* Near the edge (rulings, "Cliff-edge"): counts for 2, 3, 4 or more needs, the range when
 * any one need is left out, what could not be looked at, and suspension later that year. */
enum edge_source {
#define EDGE(id, name) id,
#include "risk/edge_sources.def"
#undef EDGE
    EDGE_SOURCES
};
#define EDGE_BIT(id) (1u << (id))
/* What no file that is read here tells. */
enum { EDGE_NEVER = EDGE_BIT(EDGE_REQUESTS) | EDGE_BIT(EDGE_CAMHS) };
/* The needs, as needs.def has them. */
enum {
#define NEED(id, name, about, signal, sources) +1
    CLIFF_NEEDS = 0
#include "risk/needs.def"
#undef NEED
};
/* "CAMHS; youth justice", of a set of sources; "" of none. */
const char *edge_words(struct job *j, unsigned sources);
struct cliff {
    int32_t school_year;
    unsigned missing;               /* EDGE_BIT of the sources that are not loaded */
    int64_t pupils, at_least[5];    /* at_least[2..4] */
    int64_t plans, plans2; /* with a plan; of them with two or more needs */
    int64_t with[CLIFF_NEEDS];      /* near the edge, three or more, and with that need */
    int64_t without[CLIFF_NEEDS];   /* the headline when that need is not looked at */
    int64_t leave_one_out_low, leave_one_out_high;
    const char *not_loaded;         /* "CAMHS, youth justice", or "" */
    struct proportion later_cliff, later_neither; /* suspended later in the school year */
    double ratio, low, high;        /* 0 when not known */
};
MUST_CHECK enum err cliff_get(struct job *j, int32_t school_year, struct cliff *out);
