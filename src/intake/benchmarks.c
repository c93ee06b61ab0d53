#include "people/area.h"
#include "people/benchmark.h"
#include "intake/family.h"
#include "intake/shared.h"
#include "returns/fields.h"
#include <ctype.h>

/* DfE's published figures: of each file the rows that are totals over all groups of pupils,
 * and of those the figures of people/benchmark.def. */

static const struct db_table benchmark_table = {
    "benchmark_row",
    "edition, series, level, code, time_period, time_identifier, phase, school_year, name, "
    "parent, gss, figures",
    "ittttttitttt"};
enum { FIGURES = 2000, KEY = 400 };

struct benchmarks {
    struct loading *l;
    struct map_salt salt;
    struct map *seen;
    struct area *area; /* whose schools are kept */
    size_t n_areas;
};
/* A row on its way. */
struct published {
    const char *level, *code, *name, *parent, *gss;
    char phase[64];
    char figures[FIGURES];
    const char *series;
    size_t n;
};

enum err
benchmarks_begin(struct job *j, struct loading *l, void **state)
{
    struct benchmarks *x = job_alloc(j, sizeof *x);
    enum err e = shared_begin(j, l, "benchmarks");

    *state = x;
    x->l = l;
    x->salt = map_salt_new();
    if (e || (e = area_list(j, &x->area, &x->n_areas)))
        return e;
    return map_open(j, 0, &x->seen);
}

/* ---- is it a total? -------------------------------------------------------------- */

static bool
is_total(const struct value *v)
{
    static const char *const totals[] = {"Total",      "All",          "All pupils",
                                         "Full year",  "All schools",  "Year to date",
                                         "All reasons", "Six half terms", "z"};

    for (size_t i = 0; v->given && i < sizeof totals / sizeof *totals; i++)
        if (span_is_nocase(VALUE_SPAN(*v), totals[i]))
            return true;
    return !v->given;
}

static bool
is_of_all(const struct value *v)
{
    for (int f = EES_TOPIC; f <= EES_FRAME; f++)
        if (!is_total(&v[f]))
            return false;
    return true;
}

/* ---- where ----------------------------------------------------------------------- */

static bool
has_area(const struct benchmarks *x, const struct value *la, int64_t own)
{
    int64_t number;

    if (!la->given || !text_to_int(la->s, la->n, &number))
        return false;
    for (size_t i = 0; i < x->n_areas; i++)
        if (x->area[i].area_id == number)
            return true;
    return number == own;
}

/* Three digits also where a spreadsheet has dropped the noughts. */
static const char *
authority_code(struct job *j, const struct value *la)
{
    int64_t number;

    if (!la->given)
        return "";
    return text_to_int(la->s, la->n, &number) ? job_format(j, "%03lld", (long long)number) : la->s;
}

static bool
find_place(struct job *j, const struct value *v, struct published *p)
{
    const struct value *level = &v[EES_LEVEL];

    *p = (struct published){.name = "", .parent = "", .gss = "", .code = ""};
    if (span_is_nocase(VALUE_SPAN(*level), "National")) {
        p->level = "nation";
        p->code = v[EES_COUNTRY].s;
        p->name = v[EES_COUNTRY_NAME].s;
    } else if (span_is_nocase(VALUE_SPAN(*level), "Regional")) {
        p->level = "region";
        p->code = v[EES_REGION].s;
        p->name = v[EES_REGION_NAME].s;
    } else if (span_is_nocase(VALUE_SPAN(*level), "Local authority")) {
        p->level = "authority";
        p->code = authority_code(j, &v[EES_LA]);
        p->name = v[EES_LA_NAME].s;
        p->parent = v[EES_REGION].s;
        p->gss = v[EES_LA_GSS].s;
    } else if (span_is_nocase(VALUE_SPAN(*level), "School")) {
        p->level = "school";
        p->code = v[EES_SCHOOL].given ? job_format(j, "%lld", (long long)v[EES_SCHOOL].i) : "";
        p->name = v[EES_SCHOOL_NAME].s;
        p->parent = authority_code(j, &v[EES_LA]);
    }
    return p->level != NULL;
}

/* "State-funded primary" and "Primary" are one; special schools that are not state-funded and
 * independent schools keep the names they are published under. */
static void
name_phase(const struct value *v, struct published *p)
{
    static const struct {
        const char *published, *phase;
    } phases[] = {{"primary", "primary"},
                  {"secondary", "secondary"},
                  {"special", "special"},
                  {"pupil referral unit", "ap"},
                  {"pupil referral units", "ap"},
                  {"ap school", "ap"},
                  {"alternative provision", "ap"},
                  {"all schools", "total"},
                  {"total", "total"}};
    static const char funded[] = "state-funded ";
    struct span s = value_span(v);

    snprintf(p->phase, sizeof p->phase, "%s", v->given ? v->s : "total");
    if (s.n > sizeof funded - 1 && !strncasecmp(s.s, funded, sizeof funded - 1)) {
        s.s += sizeof funded - 1;
        s.n -= sizeof funded - 1;
    }
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
        if (span_is_nocase(s, phases[i].published))
            snprintf(p->phase, sizeof p->phase, "%s", phases[i].phase);
}

/* ---- what ------------------------------------------------------------------------ */

/* Figures that are found in one series alone tell which it is. */
static bool
tells_series(int field)
{
    return field != EES_HEADCOUNT && field != EES_ENROLMENTS && field != EES_POSSIBLE &&
           field != EES_YTD_POSSIBLE;
}

static const struct benchmark_measure *
measure_of(int field)
{
    return &benchmark_measures[field - EES_HEADCOUNT];
}
_Static_assert(n_ees - EES_HEADCOUNT == sizeof (char[]){
#define BENCHMARK(...) 0,
#include "people/benchmark.def"
#undef BENCHMARK
               }, "the figures of ees.def are those of benchmark.def");

static const char *
series_of(const struct value *v)
{
    for (int f = EES_HEADCOUNT; f < n_ees; f++)
        if (v[f].given && tells_series(f))
            return measure_of(f)->series;
    return NULL;
}

static void
add_figure(struct published *p, const char *name, const char *from, size_t n)
{
    size_t room = sizeof p->figures - p->n;
    int wrote = snprintf(p->figures + p->n, room, "%s%s ", p->n ? " " : "", name);

    if (wrote < 0 || (size_t)wrote + n >= room)
        return;
    p->n += (size_t)wrote;
    for (size_t i = 0; i < n; i++)
        if (from[i] != ',')
            p->figures[p->n++] = (char)tolower((unsigned char)from[i]);
    p->figures[p->n] = '\0';
}

static enum err
take_figures(struct job *j, struct benchmarks *x, const struct record *r, struct published *p)
{
    struct place at = loading_place(x->l, r, 0);
    enum err e = OK;

    for (int f = EES_HEADCOUNT; f < n_ees && !e; f++) {
        const struct benchmark_measure *m = measure_of(f);
        struct span text = value_span(&r->v[f]);
        int64_t number;
        if (!text.n || strcmp(m->series, p->series) != 0)
            continue;
        if (benchmark_number(text, &number) || *benchmark_mark(text))
            add_figure(p, m->name, text.s, text.n);
        else
            e = loading_find(j, x->l, &at, FOUND_FIGURE_TEXT,
                             job_format(j, "%s is \"%.40s\"", m->name, text.s));
    }
    return e;
}

/* The school year that a period lies in; 0: it does not tell. */
static int32_t
year_of(const struct value *period, const struct value *identifier)
{
    int64_t number, week;
    struct span id = value_span(identifier);

    if (!text_to_int(period->s, period->n, &number))
        return 0;
    if (period->n == 6)
        return (int32_t)(number / 100);
    if (id.n > 5 && !strncasecmp(id.s, "Week ", 5) && text_to_int(id.s + 5, id.n - 5, &week))
        return (int32_t)(week >= 31 ? number : number - 1); /* August begins in week 31 */
    return 0;
}

/* ---- a record -------------------------------------------------------------------- */

static enum err
is_new(struct job *j, struct benchmarks *x, const struct record *r, const struct published *p,
       bool *new)
{
    struct place at = loading_place(x->l, r, 0);
    char key[KEY];
    uint64_t k;

    snprintf(key, sizeof key, "%s %s, %.40s %.40s, %s, %s", p->level, p->code, r->v[EES_PERIOD].s,
             r->v[EES_IDENTIFIER].s, p->phase, p->series);
    k = map_key(&x->salt, key, strlen(key));
    *new = !map_find(x->seen, k);
    return *new ? map_put(j, x->seen, k, 1) : loading_find(j, x->l, &at, FOUND_TWICE, key);
}

static enum err
write_row(struct job *j, struct benchmarks *x, const struct record *r, const struct published *p)
{
    const struct value *v = r->v;

    return loading_row(j, x->l, &benchmark_table,
                       ARGS(INT(x->l->edition), TEXT(p->series), TEXT(p->level), TEXT(p->code),
                            value_text(&v[EES_PERIOD]), value_text(&v[EES_IDENTIFIER]),
                            TEXT(p->phase), INT(year_of(&v[EES_PERIOD], &v[EES_IDENTIFIER])),
                            TEXT(p->name), TEXT(p->parent), TEXT(p->gss), TEXT(p->figures)));
}

/* Why a row is not needed; NULL: it is. */
static const char *
not_needed(struct job *j, const struct benchmarks *x, const struct value *v, struct published *p)
{
    if (!find_place(j, v, p))
        return "rows of other places (constituencies, districts, trusts)";
    if (!strcmp(p->level, "school") && !has_area(x, &v[EES_LA], j->area))
        return "rows of schools of other authorities";
    if (!is_of_all(v))
        return "rows of one group or reason, which the total holds too";
    p->series = series_of(v);
    return p->series ? NULL : "rows without a figure that is used here";
}

enum err
benchmarks_record(struct job *j, void *arg, const struct record *r)
{
    struct benchmarks *x = arg;
    struct place at = loading_place(x->l, r, 0);
    struct published p;
    const char *why = not_needed(j, x, r->v, &p);
    bool new;
    enum err e;

    if (why) {
        loading_aside(x->l, why);
        return OK;
    }
    if (!*p.code)
        return loading_find(j, x->l, &at, FOUND_PLACE_MISSING, NULL);
    name_phase(&r->v[EES_PHASE], &p);
    if ((e = is_new(j, x, r, &p, &new)) || !new || (e = take_figures(j, x, r, &p)))
        return e;
    return write_row(j, x, r, &p);
}

enum err
benchmarks_end(struct job *j, void *state)
{
    (void)j, (void)state;
    return OK;
}
