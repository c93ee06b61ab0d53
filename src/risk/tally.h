/* risk/tally.h - rows added up by measure, year and group.  Room-private.
 *
 * A group is a dimension and a member; members are numbered in one range so that a
 * tally is one flat array.  Alternative provision is left out of DfE figures save those
 * by school: a table of its own (rulings). */
#pragma once
#include "risk/members.h"

enum { ETHNICITIES = 64, MOST_GROUPS = DIMENSIONS + MEMBERS };

struct groups {
    const struct timeline *t;
    char ethnicity[ETHNICITIES][8]; /* in order of code; [0] is "", not known */
    size_t n_ethnicities;
    const uint8_t *ethnicity_of;    /* by person */
    size_t first[DIMENSIONS + 1];   /* where a dimension's members start */
    uint16_t member[MEMBERS];       /* where each row of members.def is */
    size_t n;
};
MUST_CHECK enum err groups_of(struct job *j, const struct timeline *t, struct groups *out);
/* The groups of a child: indices into the range, at most MOST_GROUPS; gives how many. */
struct member_of {
    uint32_t person, school, flags;
    uint16_t district;
    int8_t year_group;
    uint8_t idaci;
};
size_t groups_for(const struct groups *g, const struct member_of *m, uint16_t *out);
enum dimension groups_dimension(const struct groups *g, size_t group);
/* The member as figures store it: "9", "WBRI", "900001"; into the job. */
const char *groups_member(struct job *j, const struct groups *g, size_t group);

struct count { int64_t numerator, denominator; };
struct tally {
    size_t years, groups;
    struct count *cell;    /* [year][group][measure] */
    struct spread *spread; /* [year][group], of M_DFE_ABSENCE: sums of whole numbers.  A term's
                            * sessions fit 16 bits and a year has six reports at most, so a
                            * square is below 2^38 and 2^25 enrolments fit 63 bits. */
    struct tally *beside;  /* what the other threads add up, until tally_end() */
    size_t threads;
};
/* threads: 0, as many as cores; whole numbers add up to the same for any number. */
struct tally tally_new(struct job *j, const struct years *y, const struct groups *g, int threads);
struct spread *tally_spread(const struct tally *t, size_t year, size_t group);
struct count *tally_at(const struct tally *t, size_t year, size_t group, enum measure m);
MUST_CHECK enum err tally_children(struct job *j, const struct years *y, const struct groups *g,
                                   const struct child_years *rows, struct tally *out);
MUST_CHECK enum err tally_enrolments(struct job *j, const struct years *y, const struct groups *g,
                                     const struct enrolment_years *rows, struct tally *out);
/* After the last rows, before anything is asked. */
void tally_end(struct tally *t);
