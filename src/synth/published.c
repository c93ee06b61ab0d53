#include "synth/places.h"
#include "synth/tally.h"

/* DfE's figures about Ashmere, its schools, ten other authorities, regions and England, as
 * explore education statistics publishes them.  Of Ashmere they differ a little from what its
 * files hold: schools told of some suspensions after DfE had counted (one in 97). */

enum { LATE_ONE_IN = 97, FIRST_PUBLISHED = 2018, LAST_PUBLISHED = 2023, HUNDREDTHS = 10000 };

static const char five[] = "time_period,time_identifier,geographic_level,country_code,country_name,"
                           "region_code,region_name,old_la_code,new_la_code,la_name";

struct england {
    int year, headcount;
    int64_t excluded, suspended;
    int absence, persistent, severe;
};
static const struct england england[] = {
#define ENGLAND(...) {__VA_ARGS__},
#define NEIGHBOUR(...)
#include "synth/published.def"
#undef ENGLAND
#undef NEIGHBOUR
};
static const struct neighbour {
    int number;
    const char *name, *region;
    int size, level;
} neighbours[] = {
#define ENGLAND(...)
#define NEIGHBOUR(...) {__VA_ARGS__},
#include "synth/published.def"
#undef ENGLAND
#undef NEIGHBOUR
};
enum { NEIGHBOURS = sizeof neighbours / sizeof *neighbours };

static const char *
region_name(const char *code)
{
    return !strcmp(code, "E12000901") ? "Northern Marches" : "Southern Marches";
}

/* 1234 -> "12.34" */
static void
put_hundredths(FILE *f, int64_t n)
{
    fprintf(f, ",%lld.%02lld", (long long)(n / 100), (long long)(n % 100));
}

static int64_t
rate(int64_t n, int64_t of)
{
    return of ? (n * HUNDREDTHS * 2 + of) / (2 * of) : 0;
}

/* ---- places ---------------------------------------------------------------------- */

enum level { NATION, REGION, AUTHORITY, SCHOOL };
struct at {
    enum level level;
    const char *region;
    int number;        /* 1: Ashmere itself */
    const char *name;
};

static void
put_place(FILE *f, int year, const struct at *p)
{
    static const char *const levels[] = {"National", "Regional", "Local authority", "School"};

    fprintf(f, "%d%02d,Academic year,%s,E92000001,England", year, (year + 1) % 100,
            levels[p->level]);
    if (p->level == NATION)
        fputs(",,,,,", f);
    else if (p->level == REGION)
        fprintf(f, ",%s,%s,,,", p->region, region_name(p->region));
    else
        fprintf(f, ",%s,%s,%03d,E100009%02d,%s", p->region, region_name(p->region), p->number,
                p->number, p->name);
}

/* ---- suspensions ----------------------------------------------------------------- */

struct counts {
    int64_t headcount, excluded, suspended, enrolments, possible, absent, persistent, severe;
};

static void
put_suspensions(FILE *f, const struct counts *c)
{
    fprintf(f, ",%lld,%lld", (long long)c->headcount, (long long)c->excluded);
    put_hundredths(f, rate(c->excluded, c->headcount));
    fprintf(f, ",%lld", (long long)c->suspended);
    put_hundredths(f, rate(c->suspended, c->headcount));
    fputc('\n', f);
}

static void
put_absence(FILE *f, const struct counts *c)
{
    fprintf(f, ",%lld,%lld,%lld", (long long)c->enrolments, (long long)c->possible,
            (long long)c->absent);
    put_hundredths(f, rate(c->absent, c->possible));
    fprintf(f, ",%lld", (long long)c->persistent);
    put_hundredths(f, rate(c->persistent, c->enrolments));
    fprintf(f, ",%lld", (long long)c->severe);
    put_hundredths(f, rate(c->severe, c->enrolments));
    fputc('\n', f);
}

/* What an authority like England, of so many pupils, and of that level has. */
static struct counts
like_england(const struct england *e, int64_t pupils, int level)
{
    enum { SESSIONS = 370 };
    int64_t all = (int64_t)e->headcount * 1000;
    struct counts c = {.headcount = pupils, .enrolments = pupils * 95 / 100};

    c.excluded = e->excluded * pupils * level / (all * 100);
    c.suspended = e->suspended * pupils * level / (all * 100);
    c.possible = c.enrolments * SESSIONS;
    c.absent = c.possible * e->absence * level / (HUNDREDTHS * 100);
    c.persistent = c.enrolments * e->persistent * level / (HUNDREDTHS * 100);
    c.severe = c.enrolments * e->severe * level / (HUNDREDTHS * 100);
    return c;
}

/* Ashmere's own, as DfE counted it before the last suspensions came in. */
static struct counts
of_ashmere(const struct tally *t, int year, int group)
{
    const int64_t *n = t->n[year - YEAR_FIRST][group];

    return (struct counts){n[HEADCOUNT], n[EXCLUSIONS],
                           n[SUSPENSIONS] - n[SUSPENSIONS] / LATE_ONE_IN, n[ENROLMENTS],
                           n[POSSIBLE], n[ABSENT], n[PERSISTENT], n[SEVERE]};
}

typedef void put_fn(FILE *f, const struct counts *c);

static void
put_total(FILE *f, int year, const struct at *p, const struct counts *c, put_fn *put)
{
    put_place(f, year, p);
    fputs(",Total", f);
    put(f, c);
}

static void
put_own(FILE *f, const struct tally *t, int year, put_fn *put)
{
    static const char *const phases[] = {"State-funded primary", "State-funded secondary",
                                         "State-funded special"};
    const struct at own = {AUTHORITY, "E12000901", 1, "Ashmere"};
    struct counts c = of_ashmere(t, year, GROUP_ALL);

    put_total(f, year, &own, &c, put);
    for (int k = 0; k < 3; k++) {
        c = of_ashmere(t, year, GROUP_PHASE + k);
        put_place(f, year, &own);
        fprintf(f, ",%s", phases[k]);
        put(f, &c);
    }
}

static void
put_year(FILE *f, const struct tally *t, const struct england *e, put_fn *put)
{
    static const char *const regions[] = {"E12000901", "E12000902"};
    int64_t pupils = t->n[e->year - YEAR_FIRST][GROUP_ALL][HEADCOUNT];
    struct counts c = like_england(e, (int64_t)e->headcount * 1000, 100);

    put_total(f, e->year, &(struct at){.level = NATION}, &c, put);
    for (int k = 0; k < 2; k++) {
        c = like_england(e, pupils * 55, k ? 98 : 104);
        put_total(f, e->year, &(struct at){REGION, regions[k], 0, ""}, &c, put);
    }
    put_own(f, t, e->year, put);
    for (int k = 0; k < NEIGHBOURS; k++) {
        const struct neighbour *n = &neighbours[k];
        c = like_england(e, pupils * n->size / 10, n->level);
        put_total(f, e->year, &(struct at){AUTHORITY, n->region, n->number, n->name}, &c, put);
    }
}

static enum err
write_series(const struct folder *in, const struct tally *t, const char *path,
             const char *columns, put_fn *put)
{
    FILE *f;
    enum err e = table_file(in, path, &f);

    if (e)
        return e;
    fprintf(f, "%s,education_phase,%s\n", five, columns);
    for (size_t i = 0; i < sizeof england / sizeof *england; i++)
        put_year(f, t, &england[i], put);
    return table_flush(in, f, path);
}

/* ---- schools --------------------------------------------------------------------- */

static void
put_school(FILE *f, const struct world *w, const struct tally *t, int school, int year)
{
    static const char *const phases[] = {"State-funded primary", "State-funded secondary",
                                         "State-funded special", "State-funded AP school"};
    const struct school *s = &w->school[school];
    const int64_t *n = &t->school[2 * ((int64_t)school * YEARS + year - YEAR_FIRST)];
    int64_t suspended = n[0], headcount = n[1];

    if (!headcount)
        return;
    put_place(f, year, &(struct at){SCHOOL, "E12000901", 1, "Ashmere"});
    fprintf(f, ",%d,001%04d,\"%s\",%s,%lld,%lld", world_urn(s, date_from_ymd(year + 1, 1, 20)),
            s->estab, s->name, phases[s->phase], (long long)headcount, (long long)suspended);
    put_hundredths(f, rate(suspended, headcount));
    fputc('\n', f);
}

static enum err
write_schools(const struct folder *in, const struct world *w, const struct tally *t)
{
    static const char path[] = "benchmarks/exc_school.csv";
    FILE *f;
    enum err e = table_file(in, path, &f);

    if (e)
        return e;
    fprintf(f, "%s,school_urn,school_laestab,school_name,education_phase,headcount,suspension,"
               "susp_rate\n", five);
    for (int year = FIRST_PUBLISHED; year <= LAST_PUBLISHED; year++)
        for (int s = 0; s < w->n_schools; s++)
            put_school(f, w, t, s, year);
    return table_flush(in, f, path);
}

enum err
places_published(const struct folder *in, const struct world *w, const struct tally *t)
{
    enum err e = write_series(in, t, "benchmarks/exc_nat_region_la.csv",
                              "headcount,perm_excl,perm_excl_rate,suspension,susp_rate",
                              put_suspensions);

    if (!e)
        e = write_series(in, t, "benchmarks/absence_nat_region_la.csv",
                         "enrolments,sess_possible,sess_overall,sess_overall_percent,"
                         "enrolments_pa_10_exact,enrolments_pa_10_exact_percent,"
                         "enrolments_pa_50_exact,enrolments_pa_50_exact_percent",
                         put_absence);
    return e ? e : write_schools(in, w, t);
}
