/* From a gap in a source to what figures and signs leave out because of it. */
#include "quality/cover.h"

/* Weeks of a school year count from the one that holds the first weekday of September. */
static int
week_number(int32_t monday)
{
    int32_t year = date_school_year(monday + 6);
    int32_t first = date_from_ymd(year, 9, 1);

    if (monday + 6 < first) /* August */
        first = date_from_ymd(year - 1, 9, 1);
    first += date_weekday(first) < 5 ? -date_weekday(first) : 7 - date_weekday(first);
    return (int)(monday - first) / 7 + 1;
}

static const char *
weeks(struct job *j, struct cover_days d)
{
    char from[DATE_TEXT], to[DATE_TEXT];
    int a = week_number(d.from), b = week_number(d.to - 7);

    date_words(d.from, from);
    date_words(d.to - 3, to); /* the Friday */
    return a == b ? job_format(j, "week %d (%s to %s)", a, from, to)
                  : job_format(j, "weeks %d to %d (%s to %s)", a, b, from, to);
}

static const char *
terms(struct job *j, struct cover_days d)
{
    struct ymd a = date_to_ymd(d.from), b = date_to_ymd(d.to - 1);
    const char *first = date_term_name(date_term(d.from));
    const char *last = date_term_name(date_term(d.to - 1));

    return date_term(d.from) == date_term(d.to - 1) && date_school_year(d.from) ==
                   date_school_year(d.to - 1)
               ? job_format(j, "the census of %s %d", first, (int)b.year)
               : job_format(j, "the censuses of %s %d to %s %d", first, (int)a.year, last,
                            (int)b.year);
}

static const char *
years(struct job *j, enum cover_period p, struct cover_days d)
{
    char a[DATE_TEXT], b[DATE_TEXT];
    int first = (int)date_to_ymd(d.from).year, last = (int)date_to_ymd(d.to - 1).year;

    if (p == COVER_CALENDAR_YEAR)
        return first == last ? job_format(j, "%d", first) : job_format(j, "%d to %d", first, last);
    if (p == COVER_CARE_YEAR)
        return job_format(j, "April %d to March %d", first, last);
    date_year_name(date_school_year(d.from), a);
    date_year_name(date_school_year(d.to - 1), b);
    return strcmp(a, b) ? job_format(j, "%s to %s", a, b) : job_copy(j, a);
}

const char *
cover_when(struct job *j, enum cover_period p, struct cover_days d)
{
    if (p == COVER_WEEK)
        return weeks(j, d);
    return p == COVER_TERM ? terms(j, d) : years(j, p, d);
}

const char *
cover_sentence(const struct quality_look *q, const struct cover_gap *g)
{
    static const char *const why[COVER_STATES] = {
        [COVER_LATE] = "it is due and has not come",
        [COVER_MISSING] = "no file came, though newer ones did",
        [COVER_THIN] = "it tells of less than half of the children"};
    const struct cover_row *c = &cover_rows[g->source];
    const char *when = cover_when(q->j, c->period, g->days);

    if (g->school == TIMELINE_NONE)
        return job_format(q->j, "%s leave out %s (%s): %s", c->effect, when, c->title,
                          why[g->state]);
    return job_format(q->j, "%s for %s leave out %s: %s", c->effect, quality_school(q, g->school),
                      when, why[g->state]);
}
