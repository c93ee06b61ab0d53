/* report/at_risk.h - "who is at risk" as rows that may leave: each figure with its
 * denominator, rate and interval, small counts hidden unless it stays inside.
 *
 * Counts of 1 to 4 are hidden, with as many others as it takes that nobody can work them
 * out within a dimension; rates need 20 children (rulings, "Figures and privacy"). */
#pragma once
#include "risk/figures.h"

enum at_risk_state {
    AT_RISK_SHOWN,
    AT_RISK_NO_DATA,     /* a source is missing: not none */
    AT_RISK_HIDDEN,      /* the count, and so the rate: "c" */
    AT_RISK_RATE_HIDDEN, /* too few children for a rate; the count is shown */
};
struct at_risk_row {
    struct figure figure;
    const char *label;   /* of the member */
    enum at_risk_state state;
    double low, high;    /* 95% interval, in the measure's unit */
    bool interval;       /* false: none is published for this measure */
};
struct at_risk_asked {
    int measure, school_year, dimension; /* -1: all */
    bool internal;       /* nothing is hidden */
};
/* In order of measure, school year, dimension, member.  Asks permit(ACT_EXPORT). */
MUST_CHECK enum err at_risk_list(struct job *j, const struct at_risk_asked *asked,
                                 struct at_risk_row **out, size_t *n);
/* "3.9", "c", "no data": the rate as it is shown. */
const char *at_risk_rate(struct job *j, const struct at_risk_row *r);
const char *at_risk_count(struct job *j, const struct at_risk_row *r);    /* "1,937", "c" */
const char *at_risk_interval(struct job *j, const struct at_risk_row *r); /* "3.7 to 4.1", "" */
