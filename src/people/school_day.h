/* people/school_day.h - the days on which a school is open to its pupils.
 *
 * From the term dates that published files gave: the authority's default, and over it what a
 * school says for itself.  Term rows: a school's own for a school year replace the default's
 * of that year and all else the default says of it; of several files the latest with term
 * rows for that school and year counts.  Training days, closures and half days of all files
 * are laid over the terms; withdrawing a file takes its own away.  Saturday and Sunday are
 * never school days.  Rows longer than a year, or outside 2000 to 2099, are left out.  Law
 * counts in school days; never use weekdays instead. */
#pragma once
#include "base/date.h"
#include "store/db.h"

enum school_day_kind { SCHOOL_TERM, SCHOOL_HALF_DAY, SCHOOL_INSET, SCHOOL_CLOSED };
struct school_day_row {
    int64_t urn;         /* 0: the authority's default */
    int rank;            /* of the file it is from: a higher one is later */
    int32_t from, to;    /* half-open */
    enum school_day_kind kind;
};

struct school_days; /* the days of one school */
struct school_calendars;
/* Those of j->area as they were known at a time (INT64_MAX: now). */
MUST_CHECK enum err school_days_load(struct job *j, int64_t known_at,
                                     struct school_calendars **out);
/* The same of rows in hand. */
struct school_calendars *school_days_make(struct job *j, const struct school_day_row *rows,
                                          size_t n);
/* Never NULL: a school without rows of its own has the default's, which may be empty. */
const struct school_days *school_days_of(const struct school_calendars *c, int64_t urn);

/* Do the term dates say anything of the school year of this day? */
bool school_day_known(const struct school_days *d, int32_t date);
int school_day_sessions(const struct school_days *d, int32_t date); /* 0, 1, 2 */
bool school_day_is(const struct school_days *d, int32_t date);
/* The nth school day after a date: 1 is the next; 0 the date itself, or the next when it is
 * none; -1 the last before it.  DATE_NONE: the term dates do not reach that far. */
int32_t school_day_add(const struct school_days *d, int32_t date, int n);
/* School days and sessions in [from, to). */
int school_day_count(const struct school_days *d, int32_t from, int32_t to);
int school_day_count_sessions(const struct school_days *d, int32_t from, int32_t to);
/* A school week is a week, Monday to Sunday, with at least one session.  How many there are
 * from the week of one day to the week of another, both included. */
int school_day_weeks(const struct school_days *d, int32_t from, int32_t to);
/* Monday of the first of the n school weeks that end with the week of this day (or the last
 * before it): the rolling window of penalty notices.  DATE_NONE: fewer are known. */
int32_t school_day_weeks_back(const struct school_days *d, int32_t date, int n);
/* The term of a day for rules that count by term (domain.md §2.4): of a school that has at
 * most three, its own, each to the start of the next; of others, which give half terms, to 31
 * December, to Easter Sunday and to 31 July. */
struct school_term {
    int32_t from, to; /* half-open */
};
struct school_term school_day_term(const struct school_days *d, int32_t date);
