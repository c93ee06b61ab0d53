#include "web/figures.h"
#include "ui/words.h"
#include "web/frame.h"

struct point
figures_point(struct figures f, enum measure m, int32_t year, enum dimension d, const char *member)
{
    for (size_t i = 0; i < f.n; i++) {
        const struct figure *x = &f.v[i];
        if (x->measure == m && x->school_year == year && x->dimension == d &&
            (d == D_ALL || !strcmp(x->member, member)))
            return (struct point){x->numerator, x->denominator, x->no_data};
    }
    return (struct point){.no_data = true};
}

struct point
figures_all(struct figures f, enum measure m, int32_t year)
{
    return figures_point(f, m, year, D_ALL, "all");
}

int32_t
figures_full_year(const struct snapshot *s)
{
    int32_t year = s->last_year;

    while (year > s->first_year && s->as_of + 14 < date_year_end(year))
        year--;
    return year;
}

const char *
figures_year(struct job *j, int32_t year)
{
    char buf[DATE_TEXT];

    return job_copy(j, date_year_name(year, buf));
}

const char *
figures_year_short(struct job *j, int32_t year)
{
    return job_format(j, "%02d/%02d", (int)(year % 100), (int)((year + 1) % 100));
}

const char *
figures_list(struct job *j, enum measure m, int32_t year, enum dimension d, const char *member)
{
    const char *path = "/children";

    if (measure_rows[m].family != FAMILY_CHILD || !permit_act(j->who, ACT_CHILDREN))
        return NULL;
    path = frame_with(j, path, "measure", measure_rows[m].name);
    path = frame_with_int(j, path, "year", year);
    if (d == D_ALL)
        return path;
    path = frame_with(j, path, "by", dimension_rows[d].name);
    return frame_with(j, path, "group", member);
}

const char *
figures_rate(struct job *j, enum measure m, struct point p)
{
    const struct measure_row *r = &measure_rows[m];

    if (point_missing(p))
        return NULL;
    if (r->per == 100)
        return words_percent(j, p, r->decimals);
    return words_rate(j, p, r->per, r->decimals);
}

const char *
figures_source(struct job *j, const char *sources, const struct snapshot *s)
{
    char day[DATE_TEXT];

    return job_format(j, "%s. As of %s.", words_capital(j, sources), date_words(s->as_of, day));
}

enum err
figures_cliff(struct job *j, int32_t year, struct cliff *out)
{
    enum err e = cliff_get(j, year, out);

    if (e != ERR_NOT_FOUND)
        return e;
    err_clear(j);
    *out = (struct cliff){.school_year = year, .not_loaded = ""};
    return OK;
}
