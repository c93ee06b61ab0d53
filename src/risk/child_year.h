/* risk/child_year.h - what happened to each child in each school year, from the timeline.
 *
 * A child belongs to a school year when it was on a roll here (sole or dual main
 * registration) on any day from 1 September to 30 June, or was suspended or excluded in
 * it by a school here; or when, of school age, a register has it as educated at home or
 * missing education: then it is at no school, and counts for those types alone.
 * Room-private: figures.h is what others read. */
#pragma once
#include "risk/sources.h"
#include "timeline/marks.h"
#include "timeline/timeline.h"

enum flag {
#define FLAG(id, about) id,
#include "risk/flags.def"
#undef FLAG
    FLAGS
};
enum need {
#define NEED(id, name, about, signal, sources) id,
#include "risk/needs.def"
#undef NEED
    NEEDS
};
enum threshold {
#define THRESHOLD(id, about, sources) id,
#include "risk/thresholds.def"
#undef THRESHOLD
    THRESHOLDS
};
#define BIT(n) (1u << (n))

struct child_year {
    uint32_t person, school; /* indices into the timeline; school NONE: at none */
    uint32_t met, base;      /* bit per measure */
    uint32_t flags;          /* bit per flag */
    int32_t possible, absent; /* sessions */
    int32_t suspended;       /* sessions */
    uint16_t suspensions, lunchtimes, exclusions;
    uint16_t district;       /* of the home, + 1; 0 not known */
    uint16_t needs, thresholds;
    int16_t year;
    int8_t year_group;       /* -1 before reception; INT8_MIN not known */
    uint8_t idaci;           /* 0 not known */
    uint8_t from;            /* FROM_…: where the sessions are from */
    bool used;               /* the child belongs to the year */
    uint16_t part_time;      /* sessions with code C2 */
    uint32_t sessions_school; /* that all sessions are of; NONE: several, or none */
};
enum { FROM_REGISTERS = 1, FROM_CENSUS = 2 };
/* One enrolment (child and school) in a school year, for DfE's definitions. */
struct enrolment_year {
    uint32_t person, school, met, base, flags;
    int32_t possible, absent;
    uint16_t suspensions, exclusions, district;
    int16_t year;
    int8_t year_group;
    uint8_t idaci;
};

/* Which school years there are, and which measures have data in each. */
enum { RISK_YEARS = 24 };
struct years {
    const struct timeline *t;
    int32_t first, last;          /* inclusive; last holds as_of */
    int32_t from;                 /* the first that rows are wanted of; years_of() sets first */
    int32_t complete;             /* the last with every source of its own in; first - 1 none */
    uint32_t has[RISK_YEARS];     /* by year - first: bit per measure with data */
    int32_t care_until;           /* DATE_NONE: no social care */
    bool needs_loaded;            /* SEN needs in any census */
    const struct marks *marks;    /* registers; NULL: none (sessions.h) */
    const struct sessions_cover *cover;
    struct marks_cursor *cursor;  /* of a thread; NULL: registers are not asked */
    const struct sessions_block *told; /* of a thread; NULL: each child is asked for itself */
    unsigned edge;                /* EDGE_BIT of the sources that are loaded */
};
/* ERR_NOT_FOUND: no census at all.  marks NULL: no registers. */
MUST_CHECK enum err years_of(struct job *j, const struct timeline *t, const struct marks *marks,
                             struct years *out);

/* Does a file tell of that school year?  A register tells of all years from its first entry
 * to its last, and two more while other registers go on.  Not asked of registers of
 * attendance, which are not in the column file. */
bool source_has(const struct timeline *t, enum source s, int32_t school_year);
/* Some of the people: persons [from, to), on so many threads (0: as many as cores). */
struct slice { uint32_t from, to; int threads; };
/* Cut into blocks: how many, and one of them. */
enum { SLICE_BLOCK = 4096 };
static inline size_t
slice_blocks(struct slice s)
{
    return (s.to - s.from + SLICE_BLOCK - 1) / SLICE_BLOCK;
}
static inline struct slice
slice_block(struct slice s, size_t block)
{
    uint32_t from = s.from + (uint32_t)block * SLICE_BLOCK;

    return (struct slice){from, s.to - from > SLICE_BLOCK ? from + SLICE_BLOCK : s.to, s.threads};
}
/* Their rows, by person then year. */
struct child_years { struct child_year *row; size_t n; };
MUST_CHECK enum err child_years_derive(struct job *j, const struct years *y, struct slice people,
                                       struct child_years *out);
struct enrolment_years { struct enrolment_year *row; size_t n; };
MUST_CHECK enum err enrolment_years_derive(struct job *j, const struct years *y,
                                           struct slice people, struct enrolment_years *out);

/* The rows of one person (also for tests).  rows has room for every year from y->from to
 * y->last; gives how many were used. */
size_t child_year_of(const struct years *y, uint32_t p, struct child_year *rows);
/* Flags and attributes that a child's census row and spells give in a year. */
struct traits {
    uint32_t flags;
    uint16_t district;
    int8_t year_group;
    uint8_t idaci;
    uint32_t census; /* the row they are from; TIMELINE_NONE */
};
struct traits traits_of(const struct years *y, uint32_t p, int32_t year);
/* Needs and thresholds on the autumn census day of the year (cliff.c). */
void cliff_of(const struct years *y, uint32_t p, const struct child_year *before,
              struct child_year *row);
bool cliff_is(const struct child_year *row, int least);
/* Does a spell of that kind overlap [from, to)? */
bool spell_within(const struct timeline *t, uint32_t p, enum timeline_kind k, int32_t from,
                  int32_t to);
