#include "risk/published.h"
#include "access/permit.h"
#include "access/setting.h"
#include "risk/published_rows.h"
#include "store/query.h"

const struct published_answer published_answers[PUBLISHED_ANSWERS] = {
    {M_DFE_SUSP, "suspensions", "suspension", "susp_rate", "headcount"},
    {M_DFE_ONE_PLUS, "suspensions", "one_plus_susp", "one_plus_susp_rate", "headcount"},
    {M_DFE_PEX, "suspensions", "perm_excl", "perm_excl_rate", "headcount"},
    {M_DFE_ABSENCE, "absence", "sess_overall", "sess_overall_percent", "sess_possible"},
    {M_DFE_PA, "absence", "enrolments_pa_10_exact", "enrolments_pa_10_exact_percent",
     "enrolments"},
    {M_DFE_SA, "absence", "enrolments_pa_50_exact", "enrolments_pa_50_exact_percent",
     "enrolments"},
};

/* ---- what is known of differences -------------------------------------------------- */

static const char sql_notes[] =
    "SELECT c.item, c.value FROM snapshot_year s JOIN statistic c ON c.area_id = s.area_id "
    "AND c.snapshot_id = s.rows_of AND c.school_year = s.school_year "
    "WHERE s.area_id = $1 AND s.snapshot_id = $2 AND c.name = $3 AND s.school_year = $4";

struct notes_of_year {
    int64_t not_confirmed, withdrawn, not_upheld, returns_missing;
};

static enum err
read_notes(struct job *j, int64_t snapshot, int32_t year, struct notes_of_year *out)
{
    struct rows q;

    *out = (struct notes_of_year){0};
    db_ask_kept(j, &q, &(struct db_kept){sql_notes, "ti", 0},
                ARGS(INT(j->area), INT(snapshot), TEXT(PUBLISHED_NOTES), INT(year)));
    while (db_next(&q)) {
        size_t n;
        const char *item = row_peek(&q, 0, &n);
        struct span name = {item, n};
        if (span_is(name, "not-confirmed"))
            out->not_confirmed = row_int(&q, 1);
        else if (span_is(name, "withdrawn"))
            out->withdrawn = row_int(&q, 1);
        else if (span_is(name, "not-upheld"))
            out->not_upheld = row_int(&q, 1);
        else if (span_is(name, "returns-missing"))
            out->returns_missing = row_int(&q, 1);
    }
    return db_done(&q);
}

static void
because(struct published *p, const char *why)
{
    if (p->n_why < PUBLISHED_WHY)
        p->why[p->n_why++] = why;
}

static const char *
counted(struct job *j, int64_t n, const char *one, const char *many)
{
    char number[TEXT_NUMBER];

    return job_format(j, "%s %s", text_count(n, number), n == 1 ? one : many);
}

static void
explain_base(struct job *j, struct published *p, const struct benchmark_figure *base)
{
    int64_t theirs = base->ten_thousandths / 10000, more = p->ours.denominator - theirs;
    char number[TEXT_NUMBER];

    if (base->state != BENCHMARK_GIVEN || !more)
        return;
    because(p, job_format(j, "our denominator is %s by %s",
                          more < 0 ? "smaller" : "larger",
                          text_count(more < 0 ? -more : more, number)));
}

static void
explain(struct job *j, struct published *p, const struct notes_of_year *n,
        const struct benchmark_figure *base)
{
    bool exclusions = p->measure == M_DFE_PEX;
    bool suspensions = p->measure == M_DFE_SUSP || p->measure == M_DFE_ONE_PLUS;

    if (n->returns_missing)
        because(p, counted(j, n->returns_missing, "school's return of the year is not loaded here",
                           "schools' returns of the year are not loaded here"));
    explain_base(j, p, base);
    if (suspensions && n->not_confirmed)
        because(p, counted(j, n->not_confirmed,
                           "suspension stands in one return only and is counted here",
                           "suspensions stand in one return only and are counted here"));
    if ((suspensions || exclusions) && n->withdrawn)
        because(p, counted(j, n->withdrawn,
                           "record was withdrawn by the school's later return and is left out here",
                           "records were withdrawn by schools' later returns and are left out "
                           "here"));
    if (exclusions && n->not_upheld)
        because(p, counted(j, n->not_upheld,
                           "permanent exclusion was not upheld and is left out here",
                           "permanent exclusions were not upheld and are left out here"));
    if (!p->n_why)
        because(p, "nothing loaded here explains it: DfE's figures are fixed on a day, ours go "
                   "on with returns that schools sent again");
}

/* ---- one measure -------------------------------------------------------------------- */

/* The published row of a place (level and code, NULL any) for a whole year. */
struct place {
    const char *level, *code;
    int32_t year;
};
static enum err
find_row(struct job *j, const char *series, struct place at, struct benchmark *out)
{
    struct benchmark_query q = {.series = series, .level = at.level, .code = at.code,
                                .phase = PUBLISHED_TOTAL, .time_identifier = PUBLISHED_YEAR,
                                .school_year = at.year};

    return benchmark_find(j, &q, out);
}

static struct benchmark_figure
figure_of(const struct benchmark *b, const char *measure)
{
    return b->series ? benchmark_figure(b, measure)
                     : (struct benchmark_figure){.state = BENCHMARK_NONE, .text = ""};
}

/* Rates are published to two places, absence to one: less apart than that is the same. */
static void
compare(struct published *p)
{
    int64_t apart = p->measure == M_DFE_SUSP || p->measure == M_DFE_ONE_PLUS ||
                    p->measure == M_DFE_PEX ? 100 : 1000;

    p->compared = !p->ours.no_data && p->ours.denominator > 0 &&
                  p->rate.state == BENCHMARK_GIVEN;
    if (!p->compared)
        return;
    p->difference = p->ours.numerator * 1000000 / p->ours.denominator - p->rate.ten_thousandths;
    p->same = (p->difference < 0 ? -p->difference : p->difference) < apart;
}

struct places_asked {
    char area[BENCHMARK_CODE];
    struct benchmark_place region;
    int32_t year;
};

static enum err
read_published(struct job *j, const struct places_asked *a, size_t i,
               const struct notes_of_year *notes, struct published *p)
{
    const char *series = published_answers[i].series;
    struct benchmark area, region = {0}, england;
    struct benchmark_figure base;
    enum err e = figure_get(j, published_answers[i].measure, a->year, &p->ours);

    p->measure = published_answers[i].measure;
    if (e == ERR_NOT_FOUND) {
        err_clear(j);
        p->ours = (struct figure){.measure = p->measure, .no_data = true};
        e = OK;
    }
    if (!e)
        e = find_row(j, series, (struct place){"authority", a->area, a->year}, &area);
    if (!e)
        e = find_row(j, series, (struct place){"nation", NULL, a->year}, &england);
    if (!e && a->region.code)
        e = find_row(j, series, (struct place){"region", a->region.code, a->year}, &region);
    if (e)
        return e;
    p->count = figure_of(&area, published_answers[i].count);
    p->rate = figure_of(&area, published_answers[i].rate);
    p->region = figure_of(&region, published_answers[i].rate);
    p->england = figure_of(&england, published_answers[i].rate);
    base = figure_of(&area, published_answers[i].base);
    compare(p);
    if (p->compared && !p->same)
        explain(j, p, notes, &base);
    return OK;
}

enum err
published_get(struct job *j, int32_t school_year, struct published_page *out)
{
    struct places_asked a = {.year = school_year};
    struct snapshot s;
    struct notes_of_year notes;
    enum err e = permit(j, ACT_FIGURES, (struct subject){0});

    *out = (struct published_page){.row = job_array(j, PUBLISHED_ANSWERS, sizeof *out->row),
                                   .school_year = school_year};
    if (e || (e = snapshot_current(j, &s)) || (e = read_notes(j, s.id, school_year, &notes)) ||
        (e = benchmark_region(j, j->area, &a.region)))
        return e;
    benchmark_authority(j->area, a.area);
    out->region = a.region.code ? a.region.name : NULL;
    for (size_t i = 0; i < PUBLISHED_ANSWERS && !e; i++)
        e = read_published(j, &a, i, &notes, &out->row[out->n++]);
    return e;
}

/* ---- other authorities -------------------------------------------------------------- */

bool
published_is_listed(const char *list, const char *code)
{
    size_t n = strlen(code);

    while (list && *list) {
        size_t step = strcspn(list, ", ");
        if (step == n && !memcmp(list, code, n))
            return true;
        list += step;
        list += strspn(list, ", ");
    }
    return false;
}

static int
by_rate(const void *a, const void *b)
{
    const struct neighbour *x = a, *y = b;
    int64_t rx = x->suspensions.state == BENCHMARK_GIVEN ? x->suspensions.ten_thousandths : -1;
    int64_t ry = y->suspensions.state == BENCHMARK_GIVEN ? y->suspensions.ten_thousandths : -1;

    if (rx != ry)
        return rx < ry ? 1 : -1;
    return strcmp(x->code, y->code);
}

static enum err
add_absence(struct job *j, int32_t year, struct neighbour *n)
{
    struct benchmark b;
    enum err e = find_row(j, "absence", (struct place){"authority", n->code, year}, &b);

    if (!e)
        n->absence = figure_of(&b, "sess_overall_percent");
    return e;
}

enum err
published_neighbours(struct job *j, int32_t school_year, struct neighbour **out, size_t *n)
{
    struct benchmark_query q = {.series = "suspensions", .level = "authority",
                                .phase = PUBLISHED_TOTAL, .time_identifier = PUBLISHED_YEAR,
                                .school_year = school_year};
    char own[BENCHMARK_CODE];
    struct benchmark *all;
    struct settings set;
    const char *list;
    size_t found;
    enum err e = permit(j, ACT_FIGURES, (struct subject){0});

    *n = 0;
    if (e || (e = setting_list(j, &set)) || (e = benchmark_list(j, &q, &all, &found)))
        return e;
    list = set.value[SETTING_NEIGHBOURS];
    benchmark_authority(j->area, own);
    *out = job_array(j, found + 1, sizeof **out);
    for (size_t i = 0; i < found && !e; i++) {
        struct neighbour *x = &(*out)[*n];
        bool ours = !strcmp(all[i].code, own);
        if (!ours && list && *list && !published_is_listed(list, all[i].code))
            continue;
        *x = (struct neighbour){.code = all[i].code, .name = all[i].name, .ours = ours,
                                .suspensions = figure_of(&all[i], "susp_rate"),
                                .exclusions = figure_of(&all[i], "perm_excl_rate")};
        e = add_absence(j, school_year, x);
        ++*n;
    }
    qsort(*out, *n, sizeof **out, by_rate);
    return e;
}
