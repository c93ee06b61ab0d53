/* stats/concentration.h - how unevenly events fall on people (analytics.md §2.4).
 *
 * People are given in groups within which all are alike, in the order that matters: by
 * events for a Lorenz curve, by rank (most deprived first, say) for a concentration index.
 * Sums are integers and one division ends each, so that results do not depend on order. */
#pragma once
#include "base/job.h"

struct tally {
    int64_t people, events; /* of the group */
};
struct tallies {
    struct tally *v;
    size_t n;
    int64_t people, events; /* of all */
};

/* People with the same number of events together, fewest first.  x >= 0. */
struct tallies concentration_tallies(struct job *j, const int32_t *x, size_t n);
/* The same groups put into order of events a person (in place, stable). */
void concentration_sort(struct tally *v, size_t n);

/* 1 - Σ (L_k + L_k-1)(P_k - P_k-1) over the groups in their order: the Gini coefficient
 * when they are in order of events, else the concentration index (-1 … 1; positive when
 * events gather at the end).  0 without events. */
double concentration_index(const struct tally *v, size_t n);
/* Share of all events that the `share` (0 … 1) of people with most have; groups in order
 * of events, the group that is cut counts in proportion. */
double concentration_top_share(const struct tally *v, size_t n, double share);

/* Slope of events a person on relative rank (ridit), weighted by people: the slope index
 * of inequality, and the line's end over its start (0 when the start is not positive). */
struct slope {
    double index, ratio;
};
struct slope concentration_slope(const struct tally *v, size_t n);

/* Points of the curve, each a share of people and of events up to there: n + 1 of them,
 * (0, 0) first.  Into `out`. */
struct lorenz_point {
    double people, events;
};
void concentration_curve(const struct tally *v, size_t n, struct lorenz_point *out);
