/* risk/sign_past.h - looking back: who had which sign on which Sunday, and what came of it.
 * Private to this room; sign_test.h says what is counted and why. */
#pragma once
#include "risk/child_year.h"
#include "risk/sign_test.h"

enum { PAST_DAYS = 365, PAST_YEARS = 8 };

/* The Sundays, and for each school year and child on which of them what was so. */
struct past_dates {
    int32_t first, last, followed_to;
    int n;
    int32_t first_year;
    int years;               /* school years that the Sundays lie in */
};
/* Bits of a school year's Sundays, the first after 1 August being bit 0. */
typedef uint64_t past_weeks;
struct past {
    struct past_dates dates;
    const struct sign_pack *pack;
    const struct timeline *now;  /* all that is known today */
    const struct marks *marks;   /* NULL: no registers */
    int threads;
    uint32_t *slot;              /* by person: its place in weeks; TIMELINE_NONE never here */
    past_weeks *weeks;           /* [slot][year][row]: looked at, rules, tiers */
    uint32_t no_data;            /* bit per rule: without its source on every Sunday so far */
    int states;
};
int past_week_of(int32_t sunday);
int32_t past_sunday(int32_t school_year, int week);
/* Rows of a child's year: 0 looked at; then past_row() of what is tested.  The person has
 * a slot. */
past_weeks *past_at(const struct past *p, uint32_t person, int year);
int past_row(const struct past *p, int tested); /* 0: no such rule in the pack */

/* sign_past.c: look on all the Sundays with what was known on each. */
MUST_CHECK enum err past_look(struct job *j, struct past *p, const char *home);

/* sign_came.c: what came of it. */
struct past_score {
    int64_t looked, looked_outcome, listed, listed_outcome, outcomes, outcomes_listed;
};
enum { PAST_GROUPS = 32 };
struct past_group {
    const char *dimension, *member, *label;
    uint32_t has, lacks;     /* flags */
    const char *ethnic;      /* first letters of the codes; NULL: no matter */
};
extern const struct past_group past_groups[];
extern const size_t past_n_groups;
struct past_scores {
    struct past_score cell[SIGN_TESTED][AFTERS][PAST_GROUPS]; /* [.][.][0]: all */
    int32_t lead[SIGN_TESTED][AFTERS][PAST_DAYS + 1]; /* how many, by days before */
    int64_t looked;          /* children and school years */
};
MUST_CHECK enum err past_score(struct job *j, const struct past *p, struct past_scores **out);
/* The quartile (1, 2, 3) of lead times: the least number of days that so many quarters do
 * not exceed; -1: nobody. */
int32_t past_lead(const int32_t *lead, int quarter);
