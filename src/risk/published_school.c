/* A school beside schools of its type, from DfE's published figures. */
#include "access/permit.h"
#include "access/setting.h"
#include "risk/published_rows.h"

enum { YEARS_BACK = 3 };
_Static_assert((int)PUBLISHED_SCHOOL_ROWS == (int)PUBLISHED_ANSWERS, "a row a measure");

/* Types of school that DfE publishes figures of; others are held against all schools. */
static const char *
type_of(const char *phase)
{
    static const char *const types[] = {"primary", "secondary", "special", "ap"};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcmp(types[i], phase))
            return types[i];
    return PUBLISHED_TOTAL;
}

/* Rows of a series and place, read once. */
struct place_rows {
    struct benchmark *v;
    size_t n;
    bool read;
};
enum { SERIES = 2, NEIGHBOURS = BESIDES, PLACES };
struct looking {
    const struct school_asked *ask;
    const char *type, *neighbours; /* as the setting lists them; NULL none */
    char urn[24], area[BENCHMARK_CODE];
    struct benchmark_place region;
    int32_t year;
    struct place_rows rows[SERIES][PLACES];
};

static enum err
read_rows(struct job *j, struct looking *l, const char *series, int place,
          const struct place_rows **out)
{
    static const char *const level[PLACES] = {"school", "authority", "region", "nation",
                                              "authority"};
    const char *code[PLACES] = {l->urn, l->area, l->region.code};
    struct benchmark_query q = {.series = series, .level = level[place], .code = code[place],
                                .time_identifier = PUBLISHED_YEAR, .school_year = l->year};
    struct place_rows *r = &l->rows[!strcmp(series, "absence")][place];
    bool none = (place == BESIDE_REGION && !l->region.code) ||
                (place == NEIGHBOURS && !l->neighbours);

    *out = r;
    if (r->read)
        return OK;
    r->read = true;
    return none ? OK : benchmark_list(j, &q, &r->v, &r->n);
}

/* Of the rows of one place: its type's, else the total. */
static struct beside_figure
choose(const struct looking *l, const struct benchmark *v, size_t n, const char *rate)
{
    struct beside_figure total = {.rate = {.text = ""}};

    for (size_t i = 0; i < n; i++) {
        struct benchmark_figure f = benchmark_figure(&v[i], rate);
        if (!strcmp(v[i].phase, l->type) && f.state != BENCHMARK_NONE)
            return (struct beside_figure){f, false};
        if (!strcmp(v[i].phase, PUBLISHED_TOTAL))
            total = (struct beside_figure){f, true};
    }
    return total;
}

static enum err
read_place(struct job *j, struct looking *l, const struct published_answer *a, enum beside of,
           struct beside_figure *out)
{
    const struct place_rows *r;
    enum err e = read_rows(j, l, a->series, (int)of, &r);

    if (!e && of == BESIDE_SCHOOL && r->n)
        *out = (struct beside_figure){benchmark_figure(&r->v[0], a->rate), false};
    else
        *out = choose(l, r->v, r->n, a->rate);
    return e;
}

/* ---- statistical neighbours -------------------------------------------------------- */

static int
by_rate(const void *a, const void *b)
{
    const struct beside_figure *x = a, *y = b;

    return (x->rate.ten_thousandths > y->rate.ten_thousandths) -
           (x->rate.ten_thousandths < y->rate.ten_thousandths);
}

/* Rows lie by authority: each one's own run gives one figure. */
static enum err
read_neighbours(struct job *j, struct looking *l, const struct published_answer *a,
                struct beside_row *row)
{
    const struct place_rows *r;
    struct beside_figure *f;
    enum err e = read_rows(j, l, a->series, NEIGHBOURS, &r);

    if (e)
        return e;
    f = job_array(j, r->n + 1, sizeof *f);
    for (size_t i = 0, end; i < r->n; i = end) {
        const struct benchmark *v = r->v;
        for (end = i + 1; end < r->n && !strcmp(v[end].code, v[i].code);)
            end++;
        if (!strcmp(v[i].code, l->area) || !published_is_listed(l->neighbours, v[i].code))
            continue;
        f[row->neighbours] = choose(l, &v[i], end - i, a->rate);
        row->neighbours += f[row->neighbours].rate.state == BENCHMARK_GIVEN;
    }
    if (!row->neighbours)
        return OK;
    qsort(f, row->neighbours, sizeof *f, by_rate);
    row->low = f[0];
    row->middle = f[(row->neighbours - 1) / 2];
    row->high = f[row->neighbours - 1];
    return OK;
}

/* ---- all of it ---------------------------------------------------------------------- */

static enum err
is_published(struct job *j, struct looking *l, bool *out)
{
    enum err e = OK;

    *out = false;
    for (int i = 0; i < PUBLISHED_ANSWERS && !e && !*out; i++)
        for (int of = BESIDE_AUTHORITY; of < BESIDES && !e && !*out; of++) {
            struct beside_figure f;
            e = read_place(j, l, &published_answers[i], (enum beside)of, &f);
            *out = !e && f.rate.state == BENCHMARK_GIVEN;
        }
    return e;
}

/* The last year of which anything of the authority, its region or England is published. */
static enum err
find_year(struct job *j, struct looking *l)
{
    bool found = false;
    enum err e = OK;

    for (int back = 0; back < YEARS_BACK && !e && !found; back++) {
        l->year = l->ask->last_year - back;
        memset(l->rows, 0, sizeof l->rows);
        e = is_published(j, l, &found);
    }
    if (!found)
        l->year = 0;
    return e;
}

static enum err
read_row(struct job *j, struct looking *l, size_t i, struct beside_row *row)
{
    enum err e = OK;

    *row = (struct beside_row){.measure = published_answers[i].measure};
    row->low.rate.text = row->middle.rate.text = row->high.rate.text = "";
    for (int of = 0; of < BESIDES && !e; of++)
        e = read_place(j, l, &published_answers[i], (enum beside)of, &row->of[of]);
    return e ? e : read_neighbours(j, l, &published_answers[i], row);
}

enum err
published_school(struct job *j, const struct school_asked *ask, struct published_school *out)
{
    struct looking l = {.ask = ask, .type = type_of(ask->phase)};
    struct settings set;
    enum err e = permit(j, ACT_SCHOOLS, (struct subject){.urn = ask->urn});

    *out = (struct published_school){0};
    if (e || (e = setting_list(j, &set)) || (e = benchmark_region(j, j->area, &l.region)))
        return e;
    snprintf(l.urn, sizeof l.urn, "%lld", (long long)ask->urn);
    benchmark_authority(j->area, l.area);
    l.neighbours = set.value[SETTING_NEIGHBOURS];
    if (l.neighbours && !*l.neighbours)
        l.neighbours = NULL;
    out->chosen = l.neighbours != NULL;
    out->region = l.region.code ? l.region.name : NULL;
    if ((e = find_year(j, &l)) || !l.year)
        return e;
    out->school_year = l.year;
    for (size_t i = 0; i < PUBLISHED_ANSWERS && !e; i++)
        e = read_row(j, &l, i, &out->row[out->n++]);
    return e;
}
