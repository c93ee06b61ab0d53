/* risk/pandemic.h - before and after the pandemic: series of months and half terms, and
 * whether they changed by more than chance (analytics.md §2.12).
 *
 * Counts are made once with the figures; the fit is made when it is read, from some eighty
 * numbers.  Time schools were closed to most pupils is left out, not counted as nothing.
 * Two models, both shown: a straight line that may step and turn, by least squares with errors
 * of Newey and West (no prewhitening, no small-sample factor); and counts, quasi-Poisson with
 * a season of two waves. */
#pragma once
#include "risk/figures.h"
#include "stats/regression.h"

enum series_kind { SERIES_SUSPENSIONS, SERIES_ABSENCE, SERIES_KINDS };
struct series_point {
    int32_t month;      /* year * 12 + month - 1, its first; half terms: of their middle */
    int64_t events;     /* suspensions; sessions missed */
    int64_t exposure;   /* pupil-days on which schools were open; sessions possible */
    bool after;         /* from September 2021 on */
    bool used;          /* false: schools were closed, or nothing is known */
    double rate;        /* per 10,000 pupil-days; per 100 sessions */
    double fitted, without; /* by the first model; without the break */
};
enum { SERIES_POINTS = 24 * 12 };
/* An effect: how much the series lies above the line it was on, with a 95% interval. */
struct series_effect {
    double by, low, high;
    bool known;
};
struct series {
    enum series_kind kind;
    struct series_point point[SERIES_POINTS];
    size_t n, used;
    bool fitted;              /* enough points on both sides */
    struct series_effect step, slope; /* at the break; a year */
    struct series_effect end;         /* at the last point */
    struct series_effect ratio;       /* by the second model: times as many at the last point */
    double durbin_watson;
    struct ljung_box box;           /* Ljung and Box, one season */
    int lag;                  /* of the errors: 3 for months, 2 for half terms */
};
/* From the current snapshot.  Asks permit(ACT_FIGURES).  ERR_NOT_FOUND: no figures yet. */
MUST_CHECK enum err series_get(struct job *j, enum series_kind kind, struct series *out);
/* The fit of points that are there; for tests too. */
MUST_CHECK enum err series_fit(struct job *j, struct series *s);
