/* risk/same_weeks.h - absence in the same school weeks of each year, chosen codes left out.
 *
 * The method of "It's time to ACT" (2021): the first ten weeks of a year beside the same weeks
 * of the three years before, without what the pandemic alone made pupils miss (domain.md
 * §1.5).  From registers of the schools here; weeks are school weeks, counted from the first of
 * the year by the authority's term dates.  Weeks in which schools were closed to most pupils
 * are left out, and so is a week of which the year or one of those before has no register.  A
 * session with a code that is left out counts neither as missed nor as possible. */
#pragma once
#include "people/attendance.h"
#include "risk/figures.h"
#include "stats/interval.h"

enum { SAME_WEEKS = 54, SAME_YEARS = 24, SAME_BEFORE = 3, SAME_FROM = 1, SAME_TO = 10 };
struct same_weeks_asked {
    int32_t year;       /* 0: 2020/21, or the last with registers where these begin later */
    int from, to;       /* school weeks, both included; 0: the first ten */
    uint64_t out;       /* bit per code (people/attendance.h) that is left out */
};
/* X and the Y family: what the method leaves out. */
uint64_t same_weeks_method(void);

struct same_sums {
    int64_t missed, possible;
    int64_t out;        /* sessions with a code left out, possible or not */
};
struct same_week {
    int week;
    bool used;
    struct same_sums now, before; /* of the year asked for; of the years before it together */
};
struct same_year {
    int32_t year;
    bool before;        /* one of those that the year asked for is held against */
    struct same_sums sums; /* over the weeks used */
    struct interval absence; /* of missed in possible; weeks are the units */
    int64_t schools;    /* most in any of the weeks */
    /* Persistently absent since the first week, and all pupils.  whole 0: not counted for
     * this choice of weeks and codes. */
    struct part persistent;
};
struct same_code {
    int code;
    int64_t now, before; /* sessions in the weeks used */
};
struct same_weeks {
    struct same_weeks_asked asked; /* with what was not asked for filled in */
    struct same_year year[SAME_YEARS]; /* that tell of the weeks used */
    size_t n_years, n_before;
    struct same_week week[SAME_WEEKS];
    size_t n_weeks, n_used;
    struct same_code code[ATTENDANCE_CODES]; /* that stand in these weeks, or are left out */
    size_t n_codes;
    struct part now, before; /* the year asked for; the years before it together */
    struct interval by; /* a week's share missed less that of the years before: mean of weeks */
    int32_t told[SAME_YEARS]; /* years with any register, for a choice */
    size_t n_told;
};
/* From the current snapshot.  Asks permit(ACT_FIGURES).  ERR_NOT_FOUND: no figures yet. */
MUST_CHECK enum err same_weeks_get(struct job *j, struct same_weeks_asked asked,
                                   struct same_weeks *out);
