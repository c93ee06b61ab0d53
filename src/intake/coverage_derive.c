#include "intake/coverage.h"

/* ---- by school and term ---- */

/* A term as a number that can be counted on: three a year. */
static int32_t
term_number(int32_t school_year, int term)
{
    return 3 * school_year + term - 1;
}

/* Its first day, by DfE's terms (date_term). */
static int32_t
term_started(int32_t number)
{
    int32_t year = number / 3, term = number % 3 + 1;

    if (term == TERM_AUTUMN)
        return date_year_start(year);
    return term == TERM_SPRING ? date_from_ymd(year + 1, 1, 1) : date_easter(year + 1) + 1;
}

/* The third Thursday or thereabouts: whether a school was open when it was taken. */
static int32_t
census_day(int32_t number)
{
    int32_t year = number / 3, term = number % 3 + 1;

    return date_from_ymd(year + (term != TERM_AUTUMN),
                         term == TERM_AUTUMN ? 10 : term == TERM_SPRING ? 1 : 5, 15);
}

struct school {
    int64_t urn;
    const char *name;
    int gaps;
    int32_t last; /* term number of its last return of these terms */
    struct coverage_cell cell[COVERAGE_TERMS];
};
struct grid {
    int32_t first, last; /* term numbers; first > last: no census came */
    size_t n_terms;
    enum coverage_state term[COVERAGE_TERMS]; /* PRESENT: published; REFUSED; NOT_LOADED */
    struct school *school;
    size_t n, room;
};

/* Census terms of which a batch came: published, or only refused.  Last first. */
static const char sql_terms[] =
    "SELECT school_year, term, MAX(CASE WHEN state = 'published' THEN 1 ELSE 0 END) FROM batch "
    "WHERE area_id = $1 AND kind = 'census' AND state IN ('published', 'refused') "
    "AND school_year > 0 AND term > 0 GROUP BY school_year, term "
    "ORDER BY school_year DESC, term DESC";

static enum err
read_terms(struct job *j, struct grid *g)
{
    enum coverage_state by_age[COVERAGE_TERMS] = {0};
    struct rows q;

    for (int i = 0; i < COVERAGE_TERMS; i++)
        by_age[i] = COVERAGE_NOT_LOADED;
    g->first = 0;
    g->last = -1;
    db_ask(j, &q, sql_terms, ARGS(INT(j->area)));
    while (db_next(&q)) {
        int32_t number = term_number((int32_t)row_int(&q, 0), (int)row_int(&q, 1));
        g->last = g->last < 0 ? number : g->last;
        if (g->last - number >= COVERAGE_TERMS)
            continue;
        g->first = number;
        by_age[g->last - number] = row_int(&q, 2) ? COVERAGE_PRESENT : COVERAGE_REFUSED;
    }
    g->n_terms = (size_t)(g->last - g->first + 1);
    for (size_t i = 0; i < g->n_terms; i++)
        g->term[i] = by_age[g->n_terms - 1 - i];
    return db_done(&q);
}

/* Every return of these terms, school by school; the last published of a term stands. */
static const char sql_returns[] =
    "SELECT r.urn, e.name, e.opened, e.closed, r.school_year, r.term, r.on_roll, r.with_sessions "
    "FROM batch b "
    "CROSS JOIN census_return r LEFT JOIN establishment e ON e.urn = r.urn "
    "WHERE b.area_id = $1 AND b.state = 'published' AND b.kind = 'census' "
    "AND b.school_year * 3 + b.term - 1 >= $2 AND r.area_id = b.area_id "
    "AND r.batch_id = b.batch_id ORDER BY r.urn, b.published";

/* What a cell is before any return is seen. */
static enum coverage_state
blank_state(const struct grid *g, size_t term, int32_t opened, int32_t closed)
{
    int32_t day = census_day(g->first + (int32_t)term);

    if ((opened != DATE_NONE && day < opened) || (closed != DATE_NONE && day >= closed))
        return COVERAGE_NOT_OPEN;
    return g->term[term] == COVERAGE_PRESENT ? COVERAGE_MISSING : g->term[term];
}

static struct school *
new_school(struct job *j, struct grid *g, struct rows *q)
{
    const char *name = row_text(q, 1);
    struct school *s;

    if (g->n == g->room) {
        size_t room = g->room ? 2 * g->room : 64;
        g->school = job_grow(j, g->school, g->n * sizeof *g->school, room * sizeof *g->school);
        g->room = room;
    }
    s = &g->school[g->n++];
    *s = (struct school){.urn = row_int(q, 0), .last = -1,
        .name = name ? name : job_format(j, "School %lld", (long long)row_int(q, 0))};
    for (size_t i = 0; i < g->n_terms; i++)
        s->cell[i].state = blank_state(g, i, (int32_t)row_int_or(q, 2, DATE_NONE),
                                       (int32_t)row_int_or(q, 3, DATE_NONE));
    return s;
}

static struct coverage_cell
cell_from_row(const struct rows *q)
{
    struct coverage_cell c = {COVERAGE_PRESENT, row_int(q, 7), row_int(q, 6)};

    if (c.told * 2 < c.expected)
        c.state = COVERAGE_THIN;
    return c;
}

static enum err
read_returns(struct job *j, struct grid *g)
{
    struct rows q;
    struct school *s = NULL;

    db_ask(j, &q, sql_returns, ARGS(INT(j->area), INT(g->first)));
    while (db_next(&q)) {
        int32_t number = term_number((int32_t)row_int(&q, 4), (int)row_int(&q, 5));
        if (!s || row_int(&q, 0) != s->urn)
            s = new_school(j, g, &q);
        if (number < g->first || number > g->last)
            continue;
        s->cell[number - g->first] = cell_from_row(&q);
        s->last = number > s->last ? number : s->last;
    }
    return db_done(&q);
}

static int
gaps_first(const void *a, const void *b)
{
    const struct school *x = a, *y = b;
    int c = y->gaps - x->gaps;

    if (!c)
        c = strcmp(x->name, y->name);
    return c ? c : (x->urn > y->urn) - (x->urn < y->urn);
}

static void
sort_schools(struct grid *g)
{
    for (size_t i = 0; i < g->n; i++)
        for (size_t t = g->n_terms > 3 ? g->n_terms - 3 : 0; t < g->n_terms; t++) {
            enum coverage_state s = g->school[i].cell[t].state;
            g->school[i].gaps += s == COVERAGE_MISSING || s == COVERAGE_REFUSED;
        }
    if (g->n)
        qsort(g->school, g->n, sizeof *g->school, gaps_first);
}

static enum err
write_schools(struct job *j, const struct grid *g)
{
    const char *source = coverage_kind_name(SOURCE_CENSUS);
    struct bulk *b;
    int64_t n;
    enum err e = db_bulk_begin(j, "coverage_school",
                               "area_id, source, place, urn, name, gaps, last_told", "itiitii", &b);

    for (size_t i = 0; !e && i < g->n; i++) {
        const struct school *s = &g->school[i];
        const struct arg v[] = {INT(j->area), TEXT(source), INT(i + 1), INT(s->urn), TEXT(s->name),
                                INT(s->gaps), INT(term_started(s->last))};
        if (s->last >= 0)
            e = db_bulk_row(b, v);
    }
    return e ? e : db_bulk_end(b, &n);
}

static enum err
write_cells(struct job *j, const struct grid *g)
{
    const char *source = coverage_kind_name(SOURCE_CENSUS);
    struct bulk *b;
    int64_t n;
    enum err e = db_bulk_begin(j, "coverage",
                               "area_id, source, urn, period, started, state, told, expected",
                               "itititii", &b);

    for (size_t i = 0; !e && i < g->n * g->n_terms; i++) {
        const struct school *s = &g->school[i / g->n_terms];
        size_t t = i % g->n_terms;
        const struct coverage_cell *c = &s->cell[t];
        const struct arg v[] = {
            INT(j->area), TEXT(source), INT(s->urn), TEXT("term"),
            INT(term_started(g->first + (int32_t)t)), TEXT(coverage_state_name(c->state)),
            INT(c->told), INT(c->expected)};
        if (s->last >= 0)
            e = db_bulk_row(b, v);
    }
    return e ? e : db_bulk_end(b, &n);
}

static const char sql_clear_schools[] = "DELETE FROM coverage_school WHERE area_id = $1";
static const char sql_clear_cells[] = "DELETE FROM coverage WHERE area_id = $1";

static enum err
derive_schools(struct job *j, struct grid *g)
{
    enum err e = db_run(j, sql_clear_schools, ARGS(INT(j->area)), NULL);

    if (!e)
        e = db_run(j, sql_clear_cells, ARGS(INT(j->area)), NULL);
    if (!e)
        e = read_terms(j, g);
    if (e || !g->n_terms)
        return e;
    if ((e = read_returns(j, g)))
        return e;
    sort_schools(g);
    if ((e = write_schools(j, g)))
        return e;
    return write_cells(j, g);
}

/* ---- by source ---- */

static const char sql_last_batch[] =
    "SELECT batch_id, school_year, term FROM batch "
    "WHERE area_id = $1 AND (kind = $2 OR ($2 = 'cin' AND kind IN ('ssd', 'care-api', "
    "'annex-a'))) AND state = 'published' "
    "ORDER BY COALESCE(school_year, 0) DESC, COALESCE(term, 0) DESC, published DESC LIMIT 1";

static enum err
last_batch(struct job *j, const char *kind, struct coverage_source *s)
{
    struct rows q;

    db_ask(j, &q, sql_last_batch, ARGS(INT(j->area), TEXT(kind)));
    if (db_next(&q)) {
        s->loaded = true;
        s->batch = row_int(&q, 0);
        s->school_year = (int32_t)row_int(&q, 1);
        s->term = (enum term)row_int(&q, 2);
    }
    return db_done(&q);
}

static const char sql_returns_of_term[] =
    "SELECT COUNT(DISTINCT r.urn) FROM batch b CROSS JOIN census_return r "
    "WHERE b.area_id = $1 AND b.kind = 'census' AND b.state = 'published' "
    "AND b.school_year * 3 + b.term - 1 = $2 AND r.area_id = b.area_id "
    "AND r.batch_id = b.batch_id";

static enum err
census_schools(struct job *j, struct coverage_source *s)
{
    int32_t number = term_number(s->school_year, (int)s->term);
    enum err e = db_int(j, sql_returns_of_term, ARGS(INT(j->area), INT(number)), 0, &s->schools);

    return e ? e : db_int(j, sql_returns_of_term, ARGS(INT(j->area), INT(number - 1)), 0,
                          &s->expected);
}

static const char sql_last_notice[] =
    "SELECT MAX((SELECT MAX(n.started) FROM suspension n "
    "WHERE n.area_id = b.area_id AND n.batch_id = b.batch_id)) "
    "FROM batch b WHERE b.area_id = $1 AND b.kind = 'suspensions' AND b.state = 'published'";
static const char sql_last_outcome[] =
    "SELECT MAX((SELECT MAX(n.decided) FROM exclusion_outcome n "
    "WHERE n.area_id = b.area_id AND n.batch_id = b.batch_id)) "
    "FROM batch b WHERE b.area_id = $1 AND b.kind = 'outcomes' AND b.state = 'published'";
static const char sql_last_leaver[] =
    "SELECT MAX((SELECT MAX(n.left_on) FROM leaver n "
    "WHERE n.area_id = b.area_id AND n.batch_id = b.batch_id)) "
    "FROM batch b WHERE b.area_id = $1 AND b.kind = 'leavers' AND b.state = 'published'";
static const char sql_last_entry[] =
    "SELECT MAX((SELECT MAX(n.started) FROM register_entry n "
    "WHERE n.area_id = b.area_id AND n.batch_id = b.batch_id)) "
    "FROM batch b WHERE b.area_id = $1 AND b.kind = 'registers' AND b.state = 'published'";
static const char sql_last_plan[] =
    "SELECT MAX((SELECT n.told_to - 1 FROM ehc_fact n "
    "WHERE n.area_id = b.area_id AND n.batch_id = b.batch_id LIMIT 1)) "
    "FROM batch b WHERE b.area_id = $1 AND b.kind = 'sen2' AND b.state = 'published'";
/* How far files of these kinds tell; any row of a file says so. */
static const char sql_last_care[] =
    "SELECT MAX((SELECT c.told_to FROM care_episode c "
    "WHERE c.area_id = b.area_id AND c.batch_id = b.batch_id LIMIT 1)) FROM batch b "
    "WHERE b.area_id = $1 AND (b.kind = $2 OR ($2 = 'cin' AND b.kind IN "
    "('ssd', 'care-api', 'annex-a'))) AND b.state = 'published'";

static enum err
read_source(struct job *j, struct coverage_source *s)
{
    static const char *const kind[] = {[SOURCE_CENSUS] = "census",
        [SOURCE_SUSPENSIONS] = "suspensions", [SOURCE_CARE] = "cin", [SOURCE_PEOPLE] = "people",
        [SOURCE_SCHOOLS] = "gias", [SOURCE_OUTCOMES] = "outcomes", [SOURCE_LEAVERS] = "leavers",
        [SOURCE_REGISTERS] = "registers", [SOURCE_LOOKED_AFTER] = "ssda903",
        [SOURCE_PLANS] = "sen2"};
    static const char *const last[SOURCES] = {[SOURCE_SUSPENSIONS] = sql_last_notice,
        [SOURCE_OUTCOMES] = sql_last_outcome, [SOURCE_LEAVERS] = sql_last_leaver,
        [SOURCE_REGISTERS] = sql_last_entry, [SOURCE_PLANS] = sql_last_plan};
    int64_t value = 0;
    enum err e = last_batch(j, kind[s->kind], s);

    s->until = DATE_NONE;
    if (e || !s->loaded)
        return e;
    if (s->kind == SOURCE_CENSUS)
        return census_schools(j, s);
    if (last[s->kind]) {
        e = db_int(j, last[s->kind], ARGS(INT(j->area)), DATE_NONE, &value);
        s->until = (int32_t)value;
    } else if (s->kind == SOURCE_CARE || s->kind == SOURCE_LOOKED_AFTER) {
        e = db_int(j, sql_last_care, ARGS(INT(j->area), TEXT(kind[s->kind])), DATE_NONE, &value);
        s->until = value == DATE_NONE ? DATE_NONE : (int32_t)value - 1;
    }
    return e;
}

static const char sql_clear_sources[] = "DELETE FROM coverage_source WHERE area_id = $1";
static const char sql_add_source[] =
    "INSERT INTO coverage_source (area_id, source, batch_id, until, schools, expected, "
    "last_period) VALUES ($1, $2, $3, $4, $5, $6, $7)";

static enum err
write_source(struct job *j, const struct coverage_source *s, const struct grid *g)
{
    bool periods = s->kind == SOURCE_CENSUS && g->n_terms;

    return db_run(j, sql_add_source,
                  ARGS(INT(j->area), TEXT(coverage_kind_name(s->kind)), INT(s->batch),
                       s->until == DATE_NONE ? NUL : INT(s->until), INT(s->schools),
                       INT(s->expected), periods ? INT(term_started(g->last)) : NUL), NULL);
}

static enum err
derive_sources(struct job *j, const struct grid *g)
{
    enum err e = db_run(j, sql_clear_sources, ARGS(INT(j->area)), NULL);

    for (int k = 0; !e && k < SOURCES; k++) {
        struct coverage_source s = {.kind = (enum coverage_kind)k};
        e = read_source(j, &s);
        if (!e && s.loaded)
            e = write_source(j, &s, g);
    }
    return e;
}

enum err
coverage_derive(struct job *j)
{
    struct scope s = job_scope_begin(j);
    struct grid g = {0};
    enum err e = derive_schools(j, &g);

    if (!e)
        e = derive_sources(j, &g);
    job_scope_end(j, s);
    return e;
}
