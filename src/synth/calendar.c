#include "synth/calendar.h"
#include "synth/param.h"

enum { MONDAY, TUESDAY, FRIDAY = 4, SATURDAY };

/* Weekdays that are no school day outside the usual holidays. */
static const struct {
    short year, month, day;
} odd_holidays[] = {
    {2020, 5, 8},  /* VE Day, instead of the first Monday */
    {2022, 9, 19}, /* state funeral */
    {2023, 5, 8},  /* coronation */
};

static int32_t
weekday_from(int32_t date, int weekday)
{
    return date + (weekday - date_weekday(date) + 7) % 7;
}

static int32_t
last_monday(int year, int month)
{
    return weekday_from(date_from_ymd(year, month, 25), MONDAY);
}

/* A holiday [from, to) cut out of the year. */
struct break_week {
    int32_t from, to;
};
enum { BREAKS = 6 };

static struct break_week
easter_break(int year)
{
    int32_t e = date_easter(year);

    if (e >= date_from_ymd(year, 4, 19))
        return (struct break_week){e - 13, e + 2};
    if (e <= date_from_ymd(year, 4, 5))
        return (struct break_week){e - 2, e + 13};
    return (struct break_week){e - 6, e + 6};
}

static int32_t
january_opens(int year)
{
    int32_t monday = weekday_from(date_from_ymd(year, 1, 2), MONDAY);
    return date_to_ymd(monday).day <= 3 ? monday + 1 : monday;
}

static void
year_breaks(int year, enum calendar_of of, struct break_week b[BREAKS])
{
    int32_t october = last_monday(year, 10);
    int32_t friday = weekday_from(date_from_ymd(year, 12, 16), FRIDAY);
    int32_t february = weekday_from(date_from_ymd(year + 1, 2, 15), MONDAY);
    int32_t may = weekday_from(date_from_ymd(year + 1, 5, 1), MONDAY);
    int32_t whitsun = last_monday(year + 1, 5);

    b[0] = (struct break_week){of == CALENDAR_TRUST ? october - 7 : october, october + 5};
    b[1] = (struct break_week){friday + 1, january_opens(year + 1)};
    b[2] = (struct break_week){february, february + 5};
    b[3] = easter_break(year + 1);
    b[4] = (struct break_week){may, year == 2019 ? may : may + 1};
    b[5] = (struct break_week){whitsun, whitsun + 5};
}

static bool
is_holiday(int32_t d, const struct break_week b[BREAKS])
{
    struct ymd y = date_to_ymd(d);

    for (size_t i = 0; i < sizeof odd_holidays / sizeof *odd_holidays; i++)
        if (y.year == odd_holidays[i].year && y.month == odd_holidays[i].month &&
            y.day == odd_holidays[i].day)
            return true;
    for (int i = 0; i < BREAKS; i++)
        if (d >= b[i].from && d < b[i].to)
            return true;
    return date_weekday(d) >= SATURDAY;
}

static void
add_row(struct calendar *c, struct day_row r)
{
    if (c->n_rows < CALENDAR_ROWS)
        c->row[c->n_rows++] = r;
}

/* Lay out one year's days, 1 for a day in term; give its first and last. */
static struct dates
year_days(struct calendar *c, int year, enum calendar_of of, int8_t *open)
{
    struct break_week b[BREAKS];
    int32_t d = date_from_ymd(year, 9, of == CALENDAR_TRUST ? 3 : 2);
    int32_t from = DATE_NONE, block = DATE_NONE, last = 0;
    int days = 0;

    year_breaks(year, of, b);
    while (date_weekday(d) >= SATURDAY)
        d++;
    for (; days < 195; d++) {
        bool off = is_holiday(d, b);
        if (!off) {
            open[d - c->first] = 1;
            days++;
            from = from == DATE_NONE ? d : from;
            block = block == DATE_NONE ? d : block;
            last = d;
        } else if (block != DATE_NONE && date_weekday(d) < SATURDAY) {
            add_row(c, (struct day_row){block, last, DAY_TERM, ""});
            block = DATE_NONE;
        }
    }
    add_row(c, (struct day_row){block, last, DAY_TERM, ""});
    return (struct dates){from, last};
}

static void
shut(struct calendar *c, struct day_row r, int8_t *open)
{
    add_row(c, r);
    for (int32_t d = r.start; d <= r.end; d++)
        open[d - c->first] = 0;
}

static void
year_inset(struct calendar *c, struct dates y, enum calendar_of of, int8_t *open)
{
    int year = date_school_year(y.from);
    int32_t days[5] = {y.from, weekday_from(y.from + 1, MONDAY), january_opens(year + 1),
                       last_monday(year + 1, 5) + 7, y.to};

    if (date_weekday(y.from) < FRIDAY)
        days[1] = y.from + 1;
    if (of == CALENDAR_TRUST) {
        days[1] = last_monday(year, 10) + 7;
        days[3] = weekday_from(date_from_ymd(year + 1, 2, 22), MONDAY);
    }
    for (int i = 0; i < 5; i++)
        shut(c, (struct day_row){days[i], days[i], DAY_INSET, "Staff training"}, open);
}

void
calendar_make(struct calendar *c, enum calendar_of of)
{
    int8_t open[CALENDAR_DAYS] = {0};

    *c = (struct calendar){.first = date_from_ymd(YEAR_FIRST, 8, 1)};
    for (int y = YEAR_FIRST; y <= YEAR_LAST; y++) {
        struct dates d = year_days(c, y, of, open);
        year_inset(c, d, of, open);
        if (y == 2019)
            shut(c, (struct day_row){date_from_ymd(2020, 3, 23), date_from_ymd(2020, 5, 29),
                                     DAY_CLOSED, "Closed to most pupils"}, open);
        if (y == 2022 && of == CALENDAR_FAULT)
            shut(c, (struct day_row){date_from_ymd(2022, 12, 12), date_from_ymd(2022, 12, 13),
                                     DAY_CLOSED, "Heating failure"}, open);
        if (y == 2024 && of == CALENDAR_TRUST)
            add_row(c, (struct day_row){date_from_ymd(2024, 12, 20), date_from_ymd(2024, 12, 20),
                                        DAY_HALF, "Closes at midday"});
    }
    for (int i = 0; i < CALENDAR_DAYS; i++)
        c->before[i + 1] = (int16_t)(c->before[i] + open[i]);
}

static int32_t
within(const struct calendar *c, int32_t date)
{
    int32_t i = date - c->first;
    return i < 0 ? 0 : i > CALENDAR_DAYS ? CALENDAR_DAYS : i;
}

int
calendar_days(const struct calendar *c, int32_t from, int32_t to)
{
    return to <= from ? 0 : c->before[within(c, to)] - c->before[within(c, from)];
}

bool
calendar_is_open(const struct calendar *c, int32_t date)
{
    return calendar_days(c, date, date + 1) != 0;
}

int32_t
calendar_day(const struct calendar *c, int32_t date, int n)
{
    int32_t low = within(c, date), high = CALENDAR_DAYS;
    int want = c->before[low] + n;

    while (low < high) { /* first i with before[i] >= want */
        int32_t mid = low + (high - low) / 2;
        if (c->before[mid] >= want)
            high = mid;
        else
            low = mid + 1;
    }
    return c->first + low - 1;
}

int32_t
calendar_opens(const struct calendar *c, int year)
{
    return calendar_day(c, date_year_start(year), 1);
}

int32_t
calendar_closes(const struct calendar *c, int year)
{
    return calendar_day(c, date_year_start(year),
                        calendar_days(c, date_year_start(year), date_year_end(year)));
}

struct dates
calendar_segment(int year, enum segment s)
{
    int32_t january = date_from_ymd(year + 1, 1, 1), easter = date_easter(year + 1) + 1;
    int32_t whitsun = last_monday(year + 1, 5);

    switch (s) {
    case SEG_AUTUMN:
        return (struct dates){date_year_start(year), january};
    case SEG_SPRING:
        return (struct dates){january, easter};
    case SEG_SUMMER1:
        return (struct dates){easter, whitsun};
    case SEG_SUMMER2:
    case SEGMENTS:
        break;
    }
    return (struct dates){whitsun, date_year_end(year)};
}

enum { THURSDAY = 3 };

struct census
calendar_census(int i)
{
    static const struct {
        enum term term;
        int month, from; /* the Thursday on or after this day */
    } when[3] = {{TERM_AUTUMN, 10, 1}, {TERM_SPRING, 1, 15}, {TERM_SUMMER, 5, 15}};
    int year = YEAR_SHOWN + i / 3, k = i % 3;

    return (struct census){year, when[k].term,
                           weekday_from(date_from_ymd(year + (k > 0), when[k].month,
                                                      when[k].from), THURSDAY)};
}

int
calendar_term(int32_t date)
{
    return date_school_year(date) * 3 + (int)date_term(date) - 1;
}
