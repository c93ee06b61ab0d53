#include "risk/pandemic.h"
#include "access/permit.h"
#include "base/maths.h"
#include "base/text.h"
#include "risk/pandemic_rows.h"
#include "store/query.h"

/* From September 2021 schools were open to all, without bubbles or closures. */
enum { BREAK = 2021 * 12 + 8, LEAST_EACH_SIDE = 8, SEASON = 11, FIXED = 4, AUGUST = 7 };
static const double Z_95 = 1.959963984540054, SUSPENSION_SCALE = 10000, ABSENCE_SCALE = 100;

/* ---- the points ------------------------------------------------------------------- */

static const char sql_points[] =
    "SELECT a.item, a.value, b.value FROM snapshot_year s CROSS JOIN statistic a "
    "CROSS JOIN statistic b WHERE s.area_id = $1 AND s.snapshot_id = $2 "
    "AND a.area_id = s.area_id AND a.snapshot_id = s.rows_of AND a.school_year = s.school_year "
    "AND b.area_id = a.area_id AND b.snapshot_id = a.snapshot_id "
    "AND b.school_year = a.school_year AND b.item = a.item AND b.name = $4 AND a.name = $3 "
    "ORDER BY a.school_year, a.item";

static int
by_month(const void *a, const void *b)
{
    return ((const struct series_point *)a)->month - ((const struct series_point *)b)->month;
}

static enum err
read_points(struct job *j, int64_t snapshot, struct series *s)
{
    const struct series_names *names = &series_names[s->kind];
    double scale = s->kind == SERIES_SUSPENSIONS ? SUSPENSION_SCALE : ABSENCE_SCALE;
    struct rows q;
    enum err e;

    db_ask_kept(j, &q, &(struct db_kept){sql_points, "tii", 0},
                ARGS(INT(j->area), INT(snapshot), TEXT(names->events), TEXT(names->exposure)));
    while (s->n < SERIES_POINTS && db_next(&q)) {
        struct series_point *p = &s->point[s->n++];
        int64_t month = 0;
        size_t n;
        const char *item = row_peek(&q, 0, &n);
        text_to_int(item, n, &month);
        *p = (struct series_point){.month = (int32_t)month, .events = row_int(&q, 1),
                                   .exposure = row_int(&q, 2), .after = month >= BREAK};
        /* a few schools begin in the last days of August */
        p->used = p->exposure > 0 && p->month % 12 != AUGUST;
        p->rate = p->used ? scale * (double)p->events / (double)p->exposure : 0;
    }
    e = db_done(&q);
    qsort(s->point, s->n, sizeof *s->point, by_month);
    return e;
}

/* ---- columns of both models ------------------------------------------------------- */

enum season { SEASON_MONTHS, SEASON_WAVES };

/* Sine of so many twelfths of a turn, the same on every machine. */
static double
sine_of_twelfths(int n)
{
    static const double sine[] = {0, 0.5, 0.86602540378443865, 1, 0.86602540378443865, 0.5};
    int at = n % 12;

    return at < 6 ? sine[at] : -sine[at - 6];
}

/* One row: constant, time, after, time after, then the season. */
static size_t
fill_row(double *x, const struct series_point *p, int32_t first, enum season season)
{
    size_t k = FIXED;

    x[0] = 1;
    x[1] = (p->month - first) / 12.0;
    x[2] = p->after;
    x[3] = p->after ? (p->month - BREAK) / 12.0 : 0;
    if (season == SEASON_MONTHS)
        for (int m = 1; m <= SEASON; m++)
            x[k++] = p->month % 12 == m;
    for (int w = 1; season == SEASON_WAVES && w <= 2; w++) {
        x[k++] = sine_of_twelfths(w * (p->month % 12));
        x[k++] = sine_of_twelfths(w * (p->month % 12) + 3);
    }
    return k;
}

struct model {
    double *x, *y, *offset;
    size_t n, k;
    int32_t first;
};

static struct model
model_of(struct job *j, const struct series *s, enum season season)
{
    struct model m = {.x = job_array(j, s->n * REGRESSION_COLUMNS, sizeof(double)),
                      .y = job_array(j, s->n, sizeof(double)),
                      .offset = job_array(j, s->n, sizeof(double)),
                      .k = season == SEASON_MONTHS ? FIXED + SEASON : FIXED + 4,
                      .first = s->n ? s->point[0].month : 0};

    for (size_t i = 0; i < s->n; i++) {
        const struct series_point *p = &s->point[i];
        if (!p->used)
            continue;
        fill_row(m.x + m.n * m.k, p, m.first, season);
        m.y[m.n] = season == SEASON_MONTHS ? p->rate : (double)p->events;
        m.offset[m.n] = season == SEASON_WAVES ? maths_log((double)p->exposure) : 0;
        m.n++;
    }
    return m;
}

static struct series_effect
effect_of(struct estimate e)
{
    return (struct series_effect){e.value, e.value - Z_95 * e.error, e.value + Z_95 * e.error,
                                  true};
}

/* What lies between the line with the break and without it at a month. */
static struct estimate
effect_at(const struct regression *r, size_t k, int32_t month)
{
    double a[REGRESSION_COLUMNS] = {0};

    a[2] = 1;
    a[3] = (month - BREAK) / 12.0;
    return regression_combine(r, k, a);
}

/* ---- the fits --------------------------------------------------------------------- */

static enum err
fit_line(struct job *j, struct series *s, int32_t last)
{
    struct model m = model_of(j, s, SEASON_MONTHS);
    struct regression_data d = {m.n, m.k, m.x, m.y, NULL};
    double a[REGRESSION_COLUMNS] = {0};
    struct regression r;
    enum err e = regression_least_squares(j, &d, s->lag, &r);

    if (e)
        return e;
    a[2] = 1;
    s->step = effect_of(regression_combine(&r, m.k, a));
    a[2] = 0;
    a[3] = 1;
    s->slope = effect_of(regression_combine(&r, m.k, a));
    s->end = effect_of(effect_at(&r, m.k, last));
    s->durbin_watson = regression_durbin_watson(r.residual, m.n);
    s->box = regression_ljung_box(r.residual, m.n, s->kind == SERIES_SUSPENSIONS ? 12 : 4);
    for (size_t i = 0; i < s->n; i++) {
        struct series_point *p = &s->point[i];
        double x[REGRESSION_COLUMNS];
        fill_row(x, p, m.first, SEASON_MONTHS);
        p->fitted = p->without = 0;
        for (size_t k = 0; k < m.k; k++)
            p->fitted += x[k] * r.beta[k];
        x[2] = x[3] = 0;
        for (size_t k = 0; k < m.k; k++)
            p->without += x[k] * r.beta[k];
    }
    return OK;
}

static enum err
fit_counts(struct job *j, struct series *s, int32_t last)
{
    struct model m = model_of(j, s, SEASON_WAVES);
    struct regression_data d = {m.n, m.k, m.x, m.y, m.offset};
    struct regression r;
    struct series_effect e;
    enum err err = regression_poisson(j, &d, &r);

    if (err)
        return err;
    e = effect_of(effect_at(&r, m.k, last));
    s->ratio = (struct series_effect){maths_exp(e.by), maths_exp(e.low), maths_exp(e.high), true};
    return OK;
}

enum err
series_fit(struct job *j, struct series *s)
{
    size_t before = 0;
    int32_t last = 0;
    enum err e;

    s->used = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->point[i].used) {
            s->used++;
            before += !s->point[i].after;
            last = s->point[i].month;
        }
    s->lag = s->kind == SERIES_SUSPENSIONS ? 3 : 2;
    s->fitted = before >= LEAST_EACH_SIDE && s->used - before >= LEAST_EACH_SIDE &&
                s->used > FIXED + SEASON + 2;
    if (!s->fitted)
        return OK;
    if ((e = fit_line(j, s, last)) || (e = fit_counts(j, s, last))) {
        if (e != ERR_INPUT) /* such as a series without events */
            return e;
        err_clear(j);
        s->fitted = false;
    }
    return OK;
}

enum err
series_get(struct job *j, enum series_kind kind, struct series *out)
{
    struct snapshot snapshot;
    enum err e = permit(j, ACT_FIGURES, (struct subject){0});

    *out = (struct series){.kind = kind};
    if (!e)
        e = snapshot_current(j, &snapshot);
    if (!e)
        e = read_points(j, snapshot.id, out);
    return e ? e : series_fit(j, out);
}
