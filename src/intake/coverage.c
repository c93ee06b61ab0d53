#include "intake/coverage.h"
#include "access/permit.h"

/* ---- by school and term ---- */

/* A term as a number that can be counted on: three a year. */
static int32_t
term_number(int32_t school_year, int term)
{
    return 3 * school_year + term - 1;
}

static struct coverage_term
term_of(int32_t number)
{
    return (struct coverage_term){number / 3, (enum term)(number % 3 + 1)};
}

/* Census terms of which a batch came: published, or only refused. */
static const char sql_terms[] =
    "SELECT school_year, term, MAX(CASE WHEN state = 'published' THEN 1 ELSE 0 END) FROM batch "
    "WHERE area_id = $1 AND kind = 'census' AND state IN ('published', 'refused') "
    "AND school_year > 0 AND term > 0 GROUP BY school_year, term";

struct grid {
    int32_t first, last;      /* term numbers */
    size_t n_terms;
    enum coverage_state *term; /* FILE: published; REFUSED; NOT_LOADED */
    struct coverage_school *school;
    size_t n, room;
};

static enum err
read_terms(struct job *j, size_t terms, struct grid *g)
{
    struct rows q;
    int32_t number[512], loaded[512];
    size_t n = 0;

    g->last = INT32_MIN;
    g->first = INT32_MAX;
    db_ask(j, &q, sql_terms, ARGS(INT(j->area)));
    while (db_next(&q) && n < 512) {
        number[n] = term_number((int32_t)row_int(&q, 0), (int)row_int(&q, 1));
        loaded[n] = (int32_t)row_int(&q, 2);
        g->last = number[n] > g->last ? number[n] : g->last;
        g->first = number[n] < g->first ? number[n] : g->first;
        n++;
    }
    if (n && g->last - g->first + 1 > (int32_t)terms)
        g->first = g->last - (int32_t)terms + 1;
    g->n_terms = n ? (size_t)(g->last - g->first + 1) : 0;
    g->term = job_array(j, g->n_terms, sizeof *g->term);
    for (size_t i = 0; i < g->n_terms; i++)
        g->term[i] = COVERAGE_NOT_LOADED;
    for (size_t i = 0; i < n; i++)
        if (number[i] >= g->first)
            g->term[number[i] - g->first] = loaded[i] ? COVERAGE_FILE : COVERAGE_REFUSED;
    return db_done(&q);
}

/* Every return of the area, school by school; the last published of a term stands. */
static const char sql_returns[] =
    "SELECT r.urn, e.name, e.opened, e.closed, r.school_year, r.term, r.on_roll, r.with_sessions "
    "FROM census_return r "
    "JOIN batch b ON b.area_id = r.area_id AND b.batch_id = r.batch_id "
    "LEFT JOIN establishment e ON e.urn = r.urn "
    "WHERE r.area_id = $1 AND b.state = 'published' AND b.kind = 'census' "
    "AND b.school_year * 3 + b.term - 1 >= $2 ORDER BY r.urn, b.published";

/* What a cell is before any return is seen. */
static enum coverage_state
blank_state(const struct grid *g, size_t term, int32_t opened, int32_t closed)
{
    struct coverage_term t = term_of(g->first + (int32_t)term);
    int32_t day = date_from_ymd(t.school_year + (t.term != TERM_AUTUMN),
                                t.term == TERM_AUTUMN ? 10 : t.term == TERM_SPRING ? 1 : 5, 15);

    if ((opened != DATE_NONE && day < opened) || (closed != DATE_NONE && day >= closed))
        return COVERAGE_NOT_OPEN;
    return g->term[term] == COVERAGE_FILE ? COVERAGE_NO_FILE : g->term[term];
}

static struct coverage_cell *
new_school(struct job *j, struct grid *g, struct rows *q)
{
    struct coverage_cell *cell = job_array(j, g->n_terms, sizeof *cell);
    int32_t opened = (int32_t)row_int_or(q, 2, DATE_NONE);
    int32_t closed = (int32_t)row_int_or(q, 3, DATE_NONE);
    const char *name = row_text(q, 1);

    if (g->n == g->room) {
        size_t room = g->room ? 2 * g->room : 64;
        g->school = job_grow(j, g->school, g->n * sizeof *g->school, room * sizeof *g->school);
        g->room = room;
    }
    for (size_t i = 0; i < g->n_terms; i++)
        cell[i].state = blank_state(g, i, opened, closed);
    g->school[g->n++] = (struct coverage_school){.urn = row_int(q, 0), .cell = cell,
        .name = name ? name : job_format(j, "School %lld", (long long)row_int(q, 0))};
    return cell;
}

static enum err
read_returns(struct job *j, struct grid *g)
{
    struct rows q;
    struct coverage_cell *cell = NULL;
    int64_t urn = 0;

    db_ask(j, &q, sql_returns, ARGS(INT(j->area), INT(g->first)));
    while (db_next(&q)) {
        int32_t number = term_number((int32_t)row_int(&q, 4), (int)row_int(&q, 5));
        if (!cell || row_int(&q, 0) != urn)
            cell = new_school(j, g, &q);
        urn = row_int(&q, 0);
        if (number >= g->first && number <= g->last)
            cell[number - g->first] = (struct coverage_cell){COVERAGE_FILE, row_int(&q, 6),
                                                             row_int(&q, 7)};
    }
    return db_done(&q);
}

static int
gaps_first(const void *a, const void *b)
{
    const struct coverage_school *x = a, *y = b;
    int c = y->gaps - x->gaps;

    if (!c)
        c = strcmp(x->name, y->name);
    return c ? c : (x->urn > y->urn) - (x->urn < y->urn);
}

static bool
in_the_grid(const struct coverage_school *s, size_t n_terms)
{
    for (size_t i = 0; i < n_terms; i++)
        if (s->cell[i].state == COVERAGE_FILE)
            return true;
    return false;
}

/* Schools without any return in these terms (closed long ago) are left out. */
static void
sort_schools(struct grid *g)
{
    size_t kept = 0;

    for (size_t i = 0; i < g->n; i++) {
        struct coverage_school *s = &g->school[i];
        if (!in_the_grid(s, g->n_terms))
            continue;
        for (size_t t = g->n_terms > 3 ? g->n_terms - 3 : 0; t < g->n_terms; t++)
            s->gaps += s->cell[t].state == COVERAGE_NO_FILE || s->cell[t].state == COVERAGE_REFUSED;
        g->school[kept++] = *s;
    }
    g->n = kept;
    if (g->n)
        qsort(g->school, g->n, sizeof *g->school, gaps_first);
}

enum err
coverage_get(struct job *j, size_t terms, struct coverage *out)
{
    struct grid g = {0};
    struct coverage_term *t;
    enum err e = permit(j, ACT_DATA, (struct subject){.what = "coverage"});

    *out = (struct coverage){0};
    if (!e)
        e = read_terms(j, terms, &g);
    if (!e && g.n_terms)
        e = read_returns(j, &g);
    if (e || !g.n_terms)
        return e;
    sort_schools(&g);
    t = job_array(j, g.n_terms, sizeof *t);
    for (size_t i = 0; i < g.n_terms; i++)
        t[i] = term_of(g.first + (int32_t)i);
    *out = (struct coverage){t, g.n_terms, g.school, g.n};
    return OK;
}

/* ---- by source ---- */

static const char sql_last_batch[] =
    "SELECT batch_id, title, rows_refused, school_year, term FROM batch "
    "WHERE (area_id = $1 OR area_id = 0) AND kind = $2 AND state = 'published' "
    "ORDER BY COALESCE(school_year, 0) DESC, COALESCE(term, 0) DESC, published DESC LIMIT 1";

static enum err
last_batch(struct job *j, const char *kind, struct coverage_source *s)
{
    struct rows q;

    db_ask(j, &q, sql_last_batch, ARGS(INT(j->area), TEXT(kind)));
    if (db_next(&q)) {
        s->loaded = true;
        s->batch = row_int(&q, 0);
        s->title = row_text(&q, 1);
        s->refused = row_int(&q, 2);
        s->school_year = (int32_t)row_int(&q, 3);
        s->term = (enum term)row_int(&q, 4);
    }
    return db_done(&q);
}

static const char sql_returns_of_term[] =
    "SELECT COUNT(DISTINCT r.urn) FROM batch b "
    "JOIN census_return r ON r.area_id = b.area_id AND r.batch_id = b.batch_id "
    "WHERE b.area_id = $1 AND b.kind = 'census' AND b.state = 'published' "
    "AND b.school_year * 3 + b.term - 1 = $2";

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
/* A return ends on 31 March of its year; one of its rows tells which year that is. */
static const char sql_last_care[] =
    "SELECT MAX((SELECT c.return_year FROM care_episode c "
    "WHERE c.area_id = b.area_id AND c.batch_id = b.batch_id LIMIT 1)) "
    "FROM batch b WHERE b.area_id = $1 AND b.kind = 'cin' AND b.state = 'published'";

static enum err
read_source(struct job *j, struct coverage_source *s)
{
    static const char *const kind[] = {[SOURCE_CENSUS] = "census",
        [SOURCE_SUSPENSIONS] = "suspensions", [SOURCE_CARE] = "cin", [SOURCE_PEOPLE] = "people",
        [SOURCE_SCHOOLS] = "gias", [SOURCE_OUTCOMES] = "outcomes", [SOURCE_LEAVERS] = "leavers",
        [SOURCE_REGISTERS] = "registers"};
    static const char *const last[SOURCES] = {[SOURCE_SUSPENSIONS] = sql_last_notice,
        [SOURCE_OUTCOMES] = sql_last_outcome, [SOURCE_LEAVERS] = sql_last_leaver,
        [SOURCE_REGISTERS] = sql_last_entry};
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
    } else if (s->kind == SOURCE_CARE) {
        e = db_int(j, sql_last_care, ARGS(INT(j->area)), 0, &value);
        if (value > 1900 && value < 9999)
            s->until = date_from_ymd((int32_t)value, 3, 31);
    }
    return e;
}

enum err
coverage_sources(struct job *j, const struct coverage_source **out)
{
    struct coverage_source *s = job_array(j, SOURCES, sizeof *s);
    enum err e = permit(j, ACT_DATA, (struct subject){.what = "sources"});

    *out = s;
    for (int k = 0; !e && k < SOURCES; k++) {
        s[k].kind = (enum coverage_kind)k;
        e = read_source(j, &s[k]);
    }
    return e;
}
