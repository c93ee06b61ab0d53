#include "timeline/moves.h"

enum { SATURDAY = 5, MONDAY = 0 };

/* A week of holiday: the one that holds that day. */
static bool
in_week_of(int32_t day, int32_t year, int32_t month, int32_t of)
{
    int32_t d = date_from_ymd(year, month, of), monday = d - date_weekday(d);

    return day >= monday && day < monday + 7;
}

/* An ordinary school year in England, for years without term dates: summer 22 July to 2
 * September, Christmas 21 December to 3 January, the two weeks around Easter, three weeks
 * at half term, the bank holiday of May. */
static bool
is_usual_school_day(int32_t day)
{
    struct ymd d = date_to_ymd(day);
    int32_t easter = date_easter(d.year), md = d.month * 100 + d.day;

    if (date_weekday(day) >= SATURDAY || (md >= 722 && md <= 902) || md >= 1221 || md <= 103)
        return false;
    if (day >= easter - 6 && day <= easter + 5)
        return false;
    if (d.month == 5 && d.day <= 7 && date_weekday(day) == MONDAY)
        return false;
    return !in_week_of(day, d.year, 10, 28) && !in_week_of(day, d.year, 2, 15) &&
           !in_week_of(day, d.year, 5, 29);
}

/* By the school's own calendar, or the authority's, in the years that term dates are told. */
int32_t
moves_school_days(const struct moves_child *m, uint32_t school, int32_t from, int32_t to)
{
    const struct school_days *own = school_days_of(m->b->calendars, m->t->school[school].urn);
    int32_t n = 0;

    for (int32_t day = from; day < to; day++)
        n += school_day_known(own, day) ? school_day_is(own, day) : is_usual_school_day(day);
    return n;
}
