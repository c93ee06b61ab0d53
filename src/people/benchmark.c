#include "people/benchmark.h"
#include "base/text.h"

const struct benchmark_measure benchmark_measures[] = {
#define BENCHMARK(series, measure, unit, words) {#series, #measure, BENCHMARK_##unit, words},
#include "people/benchmark.def"
#undef BENCHMARK
};
const size_t n_benchmark_measures = sizeof benchmark_measures / sizeof *benchmark_measures;

const struct benchmark_measure *
benchmark_measure_find(const char *name)
{
    for (size_t i = 0; i < n_benchmark_measures; i++)
        if (!strcmp(benchmark_measures[i].name, name))
            return &benchmark_measures[i];
    return NULL;
}

const char *
benchmark_authority(int64_t area_id, char buf[BENCHMARK_CODE])
{
    snprintf(buf, BENCHMARK_CODE, "%03lld", (long long)area_id);
    return buf;
}

/* ---- rows ------------------------------------------------------------------------ */

static const char sql_list[] =
    "SELECT series, level, code, time_period, time_identifier, phase, school_year, name, parent, "
    "gss, figures FROM benchmark WHERE series = $1 AND level = $2 AND ($3 = '' OR code = $3) "
    "AND ($4 = '' OR parent = $4) AND ($5 = '' OR time_identifier = $5) "
    "AND ($6 = '' OR phase = $6) AND ($7 = 0 OR school_year = $7) "
    "ORDER BY code, time_period, time_identifier, phase";

static struct benchmark
benchmark_from_row(struct rows *q)
{
    return (struct benchmark){
        .series = row_text(q, 0), .level = row_text(q, 1), .code = row_text(q, 2),
        .time_period = row_text(q, 3), .time_identifier = row_text(q, 4),
        .phase = row_text(q, 5), .school_year = (int32_t)row_int(q, 6),
        .name = row_text(q, 7), .parent = row_text(q, 8), .gss = row_text(q, 9),
        .figures = row_text(q, 10)};
}

static const char sql_edition[] =
    "SELECT edition FROM edition WHERE name = 'benchmarks' AND $1 = 0";

static struct arg
any(const char *text)
{
    return TEXT(text ? text : "");
}

enum err
benchmark_list(struct job *j, const struct benchmark_query *q, struct benchmark **out, size_t *n)
{
    const struct arg v[] = {any(q->series), any(q->level), any(q->code), any(q->parent),
                            any(q->time_identifier), any(q->phase), INT(q->school_year)};
    struct args a = {v, sizeof v / sizeof *v};
    size_t most = 64;
    int64_t edition;
    struct rows r;
    enum err e = db_int_once(j, sql_edition, 0, &edition);

    *out = job_array(j, most, sizeof **out);
    *n = 0;
    if (e)
        return e;
    if (q->code) /* else it is of all places, and long */
        db_ask_kept(j, &r, &(struct db_kept){sql_list, "ttttttitttt", edition}, a);
    else
        db_ask(j, &r, sql_list, a);
    while (db_next(&r)) {
        if (*n == most) {
            *out = job_grow(j, *out, most * sizeof **out, 2 * most * sizeof **out);
            most *= 2;
        }
        (*out)[(*n)++] = benchmark_from_row(&r);
    }
    return db_done(&r);
}

enum err
benchmark_find(struct job *j, const struct benchmark_query *q, struct benchmark *out)
{
    struct benchmark *all;
    size_t n;
    enum err e = benchmark_list(j, q, &all, &n);

    *out = (struct benchmark){0};
    if (!e && n)
        *out = all[0];
    return e;
}

static const char sql_region[] =
    "SELECT parent, (SELECT max(r.name) FROM benchmark r WHERE r.level = 'region' AND "
    "r.code = a.parent) FROM benchmark a WHERE a.level = 'authority' AND a.code = $1 AND "
    "a.parent <> '' ORDER BY a.time_period DESC LIMIT 1";

enum err
benchmark_region(struct job *j, int64_t area_id, struct benchmark_place *out)
{
    char code[BENCHMARK_CODE];
    struct rows q;
    int64_t edition;
    enum err e = db_int_once(j, sql_edition, 0, &edition);

    *out = (struct benchmark_place){0};
    if (e)
        return e;
    db_ask_kept(j, &q, &(struct db_kept){sql_region, "tt", edition},
                ARGS(TEXT(benchmark_authority(area_id, code))));
    if (db_next(&q))
        *out = (struct benchmark_place){row_text(&q, 0), row_text(&q, 1)};
    return db_done(&q);
}

/* ---- figures --------------------------------------------------------------------- */

const char *
benchmark_mark(struct span text)
{
    static const struct {
        const char *mark, *words;
    } marks[] = {{"c", "suppressed"},         {"low", "rounds to nought"},
                 {"z", "does not apply"},     {"x", "not available"},
                 {":", "not available"},      {".", "does not apply"},
                 {"~", "rounds to nought"},   {"u", "of low reliability"},
                 {"k", "see the publication"}};

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_is_nocase(text, marks[i].mark))
            return marks[i].words;
    return "";
}

enum { DECIMALS = 4, MOST_DIGITS = 14 };

bool
benchmark_number(struct span text, int64_t *ten_thousandths)
{
    bool minus = text.n && text.s[0] == '-';
    size_t i = minus, whole = 0, after = 0;
    bool point = false;
    int64_t v = 0;

    for (; i < text.n; i++) {
        char c = text.s[i];
        if (c == ',' && !point && whole)
            continue;
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || (!point && ++whole > MOST_DIGITS))
            return false;
        if (!point || after++ < DECIMALS)
            v = v * 10 + (c - '0');
    }
    for (; after < DECIMALS; after++)
        v *= 10;
    *ten_thousandths = minus ? -v : v;
    return whole > 0;
}

struct benchmark_figure
benchmark_figure(const struct benchmark *b, const char *measure)
{
    struct benchmark_figure f = {.text = ""};
    size_t n = strlen(measure);

    for (const char *p = b->figures; p && *p; p += strspn(p, " ")) {
        size_t name = strcspn(p, " "), value;
        const char *v = p + name + (p[name] == ' ');
        value = strcspn(v, " ");
        p = v + value;
        if (name != n || strncmp(v - n - 1, measure, n) != 0)
            continue;
        f.text = v;
        f.n = value;
        f.state = benchmark_number((struct span){v, value}, &f.ten_thousandths)
                      ? BENCHMARK_GIVEN
                      : BENCHMARK_MARKED;
        return f;
    }
    return f;
}
