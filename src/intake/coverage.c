#include "intake/coverage.h"
#include "access/permit.h"
#include "people/area.h"

static const char *const kind_name[] = {[SOURCE_CENSUS] = "census",
    [SOURCE_SUSPENSIONS] = "suspensions", [SOURCE_CARE] = "care", [SOURCE_PEOPLE] = "people",
    [SOURCE_SCHOOLS] = "schools", [SOURCE_OUTCOMES] = "outcomes", [SOURCE_LEAVERS] = "leavers",
    [SOURCE_REGISTERS] = "registers", [SOURCE_LOOKED_AFTER] = "looked-after",
    [SOURCE_PLANS] = "plans"};
static const char *const state_name[] = {[COVERAGE_PRESENT] = "present", [COVERAGE_THIN] = "thin",
    [COVERAGE_MISSING] = "missing", [COVERAGE_REFUSED] = "refused",
    [COVERAGE_NOT_LOADED] = "not loaded", [COVERAGE_NOT_OPEN] = "not open"};

const char *
coverage_kind_name(enum coverage_kind k)
{
    return kind_name[k];
}

const char *
coverage_state_name(enum coverage_state s)
{
    return state_name[s];
}

static enum coverage_state
state_find(const char *name)
{
    for (int s = 0; s < COVERAGE_STATES; s++)
        if (!strcmp(state_name[s], name))
            return (enum coverage_state)s;
    return COVERAGE_NOT_LOADED;
}

/* ---- by school and term ---- */

static struct coverage_term
term_of(int32_t started)
{
    return (struct coverage_term){date_school_year(started), date_term(started)};
}

/* The first day of the term that lies so many terms before another. */
static int32_t
terms_before(int32_t started, size_t n)
{
    for (; n; n--) {
        int32_t day = started - 1; /* the last day of the term before */
        int32_t year = date_to_ymd(day).year;
        enum term t = date_term(day);
        started = t == TERM_AUTUMN ? date_year_start(date_school_year(day))
                  : t == TERM_SPRING ? date_from_ymd(year, 1, 1)
                                     : date_easter(year) + 1;
    }
    return started;
}

static const char sql_last_period[] =
    "SELECT last_period FROM coverage_source WHERE area_id = $1 AND source = 'census'";
static const char sql_how_many[] =
    "SELECT COUNT(*), SUM(CASE WHEN gaps > 0 THEN 1 ELSE 0 END) FROM coverage_school "
    "WHERE area_id = $1 AND source = 'census' AND last_told >= $2";

static enum err
count_schools(struct job *j, int64_t turn, int32_t first, struct coverage *out)
{
    struct rows q;

    db_ask_kept(j, &q, &(struct db_kept){sql_how_many, "ii", turn},
                ARGS(INT(j->area), INT(first)));
    if (db_next(&q)) {
        out->all_schools = row_int(&q, 0);
        out->with_gaps = row_int(&q, 1);
    }
    return db_done(&q);
}

/* Schools without any return in these terms (closed long ago) are left out. */
static const char sql_cells[] =
    "SELECT s.urn, s.name, s.gaps, c.started, c.state, c.told, c.expected "
    "FROM (SELECT place, urn, name, gaps FROM coverage_school WHERE area_id = $1 "
    "AND source = 'census' AND last_told >= $2 ORDER BY place LIMIT $3) s "
    "CROSS JOIN coverage c WHERE c.area_id = $1 AND c.source = 'census' AND c.urn = s.urn "
    "AND c.period = 'term' AND c.started >= $2 ORDER BY s.place, c.started";

struct reading {
    int64_t turn;
    struct coverage_term *term;
    struct coverage_school *school;
    size_t n, n_terms;
    struct coverage_cell *cell; /* of the school being read */
    size_t n_cells;
};

static void
take_cell(struct job *j, struct rows *q, struct reading *r)
{
    int64_t urn = row_int(q, 0);
    size_t len;

    if (!r->n || r->school[r->n - 1].urn != urn) {
        r->cell = job_array(j, COVERAGE_TERMS, sizeof *r->cell);
        r->n_cells = 0;
        r->school[r->n++] = (struct coverage_school){
            .urn = urn, .name = row_text(q, 1), .gaps = (int)row_int(q, 2), .cell = r->cell};
    }
    if (r->n_cells == COVERAGE_TERMS)
        return;
    if (r->n == 1)
        r->term[r->n_terms++] = term_of((int32_t)row_int(q, 3));
    r->cell[r->n_cells++] = (struct coverage_cell){state_find(row_peek(q, 4, &len)),
                                                   row_int(q, 5), row_int(q, 6)};
}

static enum err
read_cells(struct job *j, int32_t first, struct reading *r, size_t most)
{
    struct rows q;

    r->term = job_array(j, COVERAGE_TERMS, sizeof *r->term);
    r->school = job_array(j, most, sizeof *r->school);
    db_ask_kept(j, &q, &(struct db_kept){sql_cells, "itiitii", r->turn},
                ARGS(INT(j->area), INT(first), INT(most)));
    while (db_next(&q))
        take_cell(j, &q, r);
    return db_done(&q);
}

enum err
coverage_get(struct job *j, size_t terms, size_t schools, struct coverage *out)
{
    struct reading r = {0};
    int64_t last = DATE_NONE;
    int32_t first;
    enum err e = permit(j, ACT_DATA, (struct subject){0});

    *out = (struct coverage){0};
    if (!e)
        e = area_turn(j, &r.turn);
    if (!e)
        e = db_int_kept(j, &(struct db_kept){sql_last_period, "i", r.turn}, ARGS(INT(j->area)),
                        DATE_NONE, &last);
    if (e || last == DATE_NONE)
        return e;
    first = terms_before((int32_t)last, (terms < COVERAGE_TERMS ? terms : COVERAGE_TERMS) - 1);
    e = count_schools(j, r.turn, first, out);
    if (!schools || (int64_t)schools > out->all_schools)
        schools = (size_t)out->all_schools;
    if (!e)
        e = read_cells(j, first, &r, schools);
    out->term = r.term;
    out->n_terms = r.n_terms;
    out->school = r.school;
    out->n_schools = r.n;
    return e;
}

/* ---- by source ---- */

static const char sql_sources[] =
    "SELECT s.source, s.batch_id, b.rows_refused, b.title, s.until, b.school_year, b.term, "
    "s.schools, s.expected FROM coverage_source s "
    "JOIN batch b ON b.area_id = s.area_id AND b.batch_id = s.batch_id WHERE s.area_id = $1";

static void
source_from_row(struct rows *q, struct coverage_source *s)
{
    *s = (struct coverage_source){
        .kind = s->kind, .loaded = true, .batch = row_int(q, 1), .refused = row_int(q, 2),
        .title = row_text(q, 3), .until = (int32_t)row_int_or(q, 4, DATE_NONE),
        .school_year = (int32_t)row_int(q, 5), .term = (enum term)row_int(q, 6),
        .schools = row_int(q, 7), .expected = row_int(q, 8)};
}

enum err
coverage_sources(struct job *j, const struct coverage_source **out)
{
    struct coverage_source *s = job_array(j, SOURCES, sizeof *s);
    struct rows q;
    size_t len;
    enum err e = permit(j, ACT_DATA, (struct subject){0});

    *out = s;
    for (int k = 0; k < SOURCES; k++)
        s[k] = (struct coverage_source){.kind = (enum coverage_kind)k, .until = DATE_NONE};
    if (e)
        return e;
    db_ask(j, &q, sql_sources, ARGS(INT(j->area)));
    while (db_next(&q))
        for (int k = 0; k < SOURCES; k++)
            if (!strcmp(kind_name[k], row_peek(&q, 0, &len)))
                source_from_row(&q, &s[k]);
    return db_done(&q);
}
