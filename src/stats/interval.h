/* stats/interval.h - estimates with their intervals (analytics.md §2.5).
 *
 * Counts in, an interval out.  level is 0.95 for a 95 % interval.  `known` is false where
 * nothing can be said (nobody to count); value, low and high are then 0. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct part {
    int64_t part, whole; /* 0 <= part <= whole */
};
struct interval {
    double value, low, high; /* high may be infinite */
    bool known;
    bool adjusted; /* a zero cell: ½ was added to all four; say so where it is shown */
};

/* A proportion: Wilson's score interval (1927). */
struct interval interval_wilson(struct part p, double level);
/* A proportion, exact (Clopper and Pearson 1934): never shorter than it claims. */
struct interval interval_exact(struct part p, double level);
/* a less b: Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10). */
struct interval interval_difference(struct part a, struct part b, double level);
/* Risk of a over risk of b: log interval (Katz 1978). */
struct interval interval_risk_ratio(struct part a, struct part b, double level);
/* Odds of a over odds of b: Woolf (1955). */
struct interval interval_odds_ratio(struct part a, struct part b, double level);
/* A count of events that come singly, exact (Garwood 1936), and Byar's approximation. */
struct interval interval_count(int64_t events, double level);
struct interval interval_count_byar(int64_t events, double level);

/* The mean of values of which each is one observation, by Student's t.  Not known: fewer than
 * two. */
struct interval interval_mean(const double *v, size_t n, double level);

/* A share of events that come in bundles, several of one child: the group's events of all.
 * Variance by the delta method over children, as Wilson's interval of the number of
 * single events that would be as uncertain; with one event a child it is Wilson's. */
struct bundles {
    int64_t group, all;                 /* sums of events */
    int64_t group_squares, all_squares; /* sums of each child's events squared */
};
struct interval interval_share(struct bundles b, double level);

/* A rate whose parts come in bundles of unequal size: sessions missed of possible, by
 * enrolment.  R = sum a / sum p.  Variance: the linearised ratio estimator with bundles as
 * the units, V = n/(n-1) * sum (a - R p)^2 / (sum p)^2 (Cochran, Sampling Techniques, 3rd
 * edition 1977, chapter 6; Woodruff, JASA 66, 1971), from sums alone and exact up to its one
 * division.  Limits: Wilson's for the effective number R(1-R)/V, never more than sum p, times
 * (z/t)^2 with n - 1 degrees of freedom (Korn and Graubard, Survey Methodology 24, 1998).  So
 * bundles that are all alike give the interval of single sessions, never one without width.
 * Not known: fewer than two bundles, or sums past RATIO_WHOLE_MOST and RATIO_SQUARES_MOST. */
struct ratio_sums {
    int64_t bundles, part, whole;                  /* 0 <= part <= whole */
    int64_t part_squares, whole_squares, products; /* sums over bundles: a a, p p, a p */
};
#define RATIO_WHOLE_MOST ((int64_t)1 << 36) /* 170 million enrolments of 400 sessions */
#define RATIO_SQUARES_MOST ((int64_t)1 << 52)
struct interval interval_ratio(struct ratio_sums s, double level);
