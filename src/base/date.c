#include "base/date.h"

static const char *const month_names[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December",
};

static bool
is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int32_t
days_in_month(int64_t year, int32_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool
date_is_valid(int32_t year, int32_t month, int32_t day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years run from 1 March, so that the leap day is the last of its year, and repeat every
 * 400 years of 146097 days; 719468 days lie between 1 March 0000 and 1 January 1970. */
int32_t
date_from_ymd(int32_t year, int32_t month, int32_t day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = floor_div(y, 400);
    uint32_t of_era = (uint32_t)(y - era * 400);
    uint32_t of_year = (153 * (uint32_t)(month + (month > 2 ? -3 : 9)) + 2) / 5;

    return (int32_t)(era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year + day -
                     719469);
}

struct ymd
date_to_ymd(int32_t date)
{
    int64_t z = (int64_t)date + 719468;
    int64_t era = floor_div(z, 146097);
    uint32_t day = (uint32_t)(z - era * 146097); /* few bits are divided faster */
    uint32_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    uint32_t of_year = day - (365 * year + year / 4 - year / 100);
    uint32_t m = (5 * of_year + 2) / 153;
    int32_t month = (int32_t)(m < 10 ? m + 3 : m - 9);

    return (struct ymd){
        .year = (int32_t)(year + era * 400 + (month <= 2)),
        .month = month,
        .day = (int32_t)(of_year - (153 * m + 2) / 5) + 1,
    };
}

int32_t
date_weekday(int32_t date)
{
    int64_t d = (int64_t)date + 3; /* 1 January 1970 was a Thursday */

    return (int32_t)(d - floor_div(d, 7) * 7);
}

int32_t
date_easter(int32_t year)
{
    int32_t a = year % 19, b = year / 100, c = year % 100;
    int32_t h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    int32_t l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    int32_t m = (a + 11 * h + 22 * l) / 451;
    int32_t day = h + l - 7 * m + 114;

    return date_from_ymd(year, day / 31, day % 31 + 1);
}

int32_t
date_school_year(int32_t date)
{
    struct ymd d = date_to_ymd(date);

    return d.month >= 8 ? d.year : d.year - 1;
}

int32_t
date_year_start(int32_t school_year)
{
    return date_from_ymd(school_year, 8, 1);
}

int32_t
date_year_end(int32_t school_year)
{
    return date_year_start(school_year + 1);
}

/* A child born on 29 February is a year older on 1 March of a common year: the age is
 * attained at the start of the anniversary (Family Law Reform Act 1969 s 9). */
int32_t
date_age(int32_t born, int32_t on)
{
    struct ymd b, d;

    if (born == DATE_NONE || on == DATE_NONE)
        return DATE_NONE;
    b = date_to_ymd(born);
    d = date_to_ymd(on);
    return d.year - b.year - (d.month < b.month || (d.month == b.month && d.day < b.day));
}

int32_t
date_age_31_august(int32_t born, int32_t school_year)
{
    struct ymd b;

    if (born == DATE_NONE)
        return DATE_NONE;
    b = date_to_ymd(born);
    return school_year - b.year - (b.month > 8);
}

enum term
date_term(int32_t date)
{
    struct ymd d = date_to_ymd(date);

    if (d.month >= 8)
        return TERM_AUTUMN;
    return date <= date_easter(d.year) ? TERM_SPRING : TERM_SUMMER;
}

const char *
date_iso(int32_t date, char *buf)
{
    struct ymd d = date_to_ymd(date);

    buf[0] = '\0';
    if (date != DATE_NONE && date != DATE_OPEN)
        snprintf(buf, DATE_TEXT, "%04d-%02d-%02d", d.year, d.month, d.day);
    return buf;
}

const char *
date_words(int32_t date, char *buf)
{
    struct ymd d = date_to_ymd(date);

    buf[0] = '\0';
    if (date != DATE_NONE && date != DATE_OPEN)
        snprintf(buf, DATE_TEXT, "%d %s %d", d.day, month_names[d.month - 1], d.year);
    return buf;
}

const char *
date_year_name(int32_t school_year, char *buf)
{
    snprintf(buf, DATE_TEXT, "%04d/%02d", school_year, (school_year + 1) % 100);
    return buf;
}

const char *
date_term_name(enum term t)
{
    switch (t) {
    case TERM_AUTUMN:
        return "autumn";
    case TERM_SPRING:
        return "spring";
    case TERM_SUMMER:
        return "summer";
    }
    return "";
}

/* British Summer Time begins and ends at 01:00 UTC on the last Sunday of March and of
 * October (Summer Time Act 1972 as amended in 2002; the dates in use since 1996). */
static int64_t
summer_time_turn(int32_t year, int32_t month)
{
    int32_t last = date_from_ymd(year, month, 31);

    return (int64_t)(last - (date_weekday(last) + 1) % 7) * 24 * 60 + 60;
}

int32_t
date_of_time(int64_t us, int32_t *minute)
{
    int64_t at = floor_div(us, INT64_C(60) * 1000000);
    int32_t year = date_to_ymd((int32_t)floor_div(at, 24 * 60)).year;
    int64_t day;

    if (at >= summer_time_turn(year, 3) && at < summer_time_turn(year, 10))
        at += 60;
    day = floor_div(at, 24 * 60);
    if (minute)
        *minute = (int32_t)(at - day * 24 * 60);
    return (int32_t)day;
}

const char *
time_words(int64_t us, char *buf)
{
    int32_t minute;
    int32_t date = date_of_time(us, &minute);
    int32_t hour = minute / 60;
    const char *half = hour < 12 ? "am" : "pm";
    size_t n;

    date_words(date, buf);
    n = strlen(buf);
    if (minute % (12 * 60) == 0) {
        snprintf(buf + n, DATE_TEXT - n, ", %s", minute ? "midday" : "midnight");
        return buf;
    }
    minute %= 60;
    hour = hour % 12 ? hour % 12 : 12;
    if (minute)
        snprintf(buf + n, DATE_TEXT - n, ", %d:%02d%s", hour, minute, half);
    else
        snprintf(buf + n, DATE_TEXT - n, ", %d%s", hour, half);
    return buf;
}
