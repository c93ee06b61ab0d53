/* What pages show of loads: why rows were refused, what is missing, the original of each fact. */
#include "access/actor.h"
#include "intake/counted.h"
#include "intake/coverage.h"
#include "intake/original.h"
#include "people/school.h"
#include "support/loads.h"
#include <string.h>
#include <strings.h>

static void
council(struct job *j)
{
    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    j->area = 896;
}

/* ---- rules ---- */

static void
rules_count_every_finding_once(void **state)
{
    struct job *j = support_job(state);
    struct batch *b;
    size_t n;

    council(j);
    assert_ok(j, batch_list(j, &b, &n));
    for (size_t i = 0; i < n; i++) {
        struct batch_rule *r;
        int64_t sum = 0;
        size_t n_rules;
        assert_ok(j, batch_rules(j, b[i].id, &r, &n_rules));
        for (size_t k = 0; k < n_rules; k++) {
            sum += r[k].count;
            assert_true(r[k].count > 0 && r[k].line > 0 && r[k].message[0] && r[k].file[0]);
            if (k)
                assert_true(r[k - 1].refused >= r[k].refused);
        }
        assert_int_equal(sum, b[i].findings);
    }
}

/* ---- coverage ---- */

static const struct coverage_school *
school_named(const struct coverage *c, int64_t urn)
{
    for (size_t i = 0; i < c->n_schools; i++)
        if (c->school[i].urn == urn)
            return &c->school[i];
    fail_msg("school %lld is not there", (long long)urn);
    return NULL;
}

static void
coverage_counts_the_pupils_of_each_return(void **state)
{
    struct job *j = support_job(state);
    struct coverage c;
    const struct coverage_school *s;

    council(j);
    assert_ok(j, coverage_get(j, 9, 0, &c));
    assert_true(c.n_terms >= 2);
    assert_int_equal(c.term[c.n_terms - 1].school_year, 2024);
    assert_int_equal(c.term[c.n_terms - 1].term, TERM_SPRING);
    s = school_named(&c, 900001);
    assert_int_equal(s->cell[c.n_terms - 1].state, COVERAGE_PRESENT);
    assert_int_equal(s->cell[c.n_terms - 1].expected,
                     loads_count(j,
                                 "SELECT count(*) FROM census_pupil c JOIN batch b ON b.area_id "
                                 "= c.area_id AND b.batch_id = c.batch_id WHERE c.area_id = 896 "
                                 "AND b.state = 'published' AND c.urn = 900001 AND c.on_roll = 1 "
                                 "AND c.school_year = 2024 AND c.term = 2"));
}

static void
every_pupil_on_roll_is_in_a_return(void **state)
{
    struct job *j = support_job(state);

    council(j);
    assert_int_equal(
        loads_count(j, "SELECT sum(on_roll) FROM census_return WHERE area_id = 896"),
        loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896 AND on_roll = 1"));
    assert_int_equal(
        loads_count(j, "SELECT sum(no_longer) FROM census_return WHERE area_id = 896"),
        loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896 AND on_roll = 0"));
    assert_int_equal(
        loads_count(j, "SELECT sum(with_sessions) FROM census_return WHERE area_id = 896"),
        loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896 AND on_roll = 1 AND "
                       "(marks IS NOT NULL OR sessions_possible > 0)"));
}

/* ---- what is kept is what the published batches say ---- */

#define SQL_PUBLISHED                                                          \
    " FROM census_pupil c JOIN batch b ON b.area_id = c.area_id AND b.batch_id = c.batch_id " \
    "WHERE c.area_id = 896 AND b.state = 'published' AND c.on_roll = 1 "
static const char sql_on_roll[] =
    "SELECT count(*)" SQL_PUBLISHED "AND c.urn = $1 AND c.school_year = $2 AND c.term = $3";
static const char sql_with_attendance[] =
    "SELECT count(*)" SQL_PUBLISHED "AND c.urn = $1 AND c.school_year = $2 AND c.term = $3 "
    "AND (c.marks IS NOT NULL OR c.sessions_possible > 0)";
static const char sql_returns_counted[] =
    "SELECT count(*) FROM (SELECT DISTINCT r.urn, r.school_year, r.term FROM census_return r "
    "JOIN batch b ON b.area_id = r.area_id AND b.batch_id = r.batch_id "
    "WHERE r.area_id = 896 AND b.state = 'published') x";
static const char sql_schools_counted[] =
    "SELECT count(DISTINCT c.urn)" SQL_PUBLISHED "AND c.school_year * 10 + c.term = "
    "(SELECT MAX(school_year * 10 + term) FROM batch WHERE area_id = 896 AND kind = 'census' "
    "AND state = 'published')";

static int64_t
ask(struct job *j, const char *sql, struct args a)
{
    int64_t n = -1;

    assert_ok(j, db_int(j, sql, a, -1, &n));
    return n;
}

static int
cells_agree(struct job *j, const struct coverage *c, const struct coverage_school *s)
{
    int there = 0;

    for (size_t t = 0; t < c->n_terms; t++) {
        const struct coverage_cell *cell = &s->cell[t];
        struct args a = ARGS(INT(s->urn), INT(c->term[t].school_year), INT(c->term[t].term));
        bool told = cell->state == COVERAGE_PRESENT || cell->state == COVERAGE_THIN;
        assert_int_equal(cell->expected, ask(j, sql_on_roll, a));
        assert_int_equal(cell->told, ask(j, sql_with_attendance, a));
        assert_true(!told || (cell->told * 2 < cell->expected) == (cell->state == COVERAGE_THIN));
        there += told;
    }
    return there;
}

static void
counts_agree(struct job *j)
{
    struct coverage c;
    struct school *v;
    size_t n;
    int there = 0;

    assert_ok(j, coverage_get(j, COVERAGE_TERMS, 0, &c));
    assert_int_equal(c.n_schools, c.all_schools);
    for (size_t i = 0; i < c.n_schools; i++)
        there += cells_agree(j, &c, &c.school[i]);
    assert_int_equal(there, ask(j, sql_returns_counted, NO_ARGS));
    assert_ok(j, school_list(j, &v, &n));
    assert_int_equal(n, ask(j, sql_schools_counted, NO_ARGS));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(v[i].pupils, ask(j, sql_on_roll, ARGS(INT(v[i].urn),
                         INT(v[i].school_year), INT(v[i].term))));
}

static void
what_is_counted_once_equals_a_direct_count_also_after_withdrawing(void **state)
{
    struct job *j = support_job(state);
    struct batch *b;
    size_t n, censuses = 0;

    council(j);
    counts_agree(j);
    assert_ok(j, batch_list(j, &b, &n));
    for (size_t i = 0; i < n; i++) /* newest first: each time another census is the last */
        if (!strcmp(b[i].kind, "census") && b[i].state == BATCH_PUBLISHED) {
            assert_ok(j, batch_withdraw(j, b[i].id, "a test"));
            counts_agree(j);
            censuses++;
        }
    assert_true(censuses >= 2);
}

static void
counts_made_with_other_schools_or_by_another_version_are_made_again(void **state)
{
    struct job *j = support_job(state);
    struct coverage c;
    static const char *const stale[] = {
        "UPDATE counted SET program = 'another' WHERE area_id = 896",
        "UPDATE counted SET gias = -1 WHERE area_id = 896",
        "DELETE FROM counted WHERE area_id = 896"};

    council(j);
    for (size_t i = 0; i < sizeof stale / sizeof *stale; i++) {
        assert_ok(j, db_run(j, "DELETE FROM coverage WHERE area_id = 896", NO_ARGS, NULL));
        assert_ok(j, db_run(j, "DELETE FROM coverage_source WHERE area_id = 896", NO_ARGS, NULL));
        assert_ok(j, db_run(j, "DELETE FROM school_count WHERE area_id = 896", NO_ARGS, NULL));
        assert_ok(j, counted_catch_up(j)); /* they are not looked at: nothing says they changed */
        assert_ok(j, coverage_get(j, 9, 0, &c));
        assert_int_equal(c.n_schools, 0);
        assert_ok(j, db_run(j, stale[i], NO_ARGS, NULL));
        assert_ok(j, counted_catch_up(j));
        counts_agree(j);
    }
}

static void
only_the_first_schools_are_read_where_that_is_asked(void **state)
{
    struct job *j = support_job(state);
    struct coverage all, first;

    council(j);
    assert_ok(j, coverage_get(j, 9, 0, &all));
    assert_ok(j, coverage_get(j, 9, 1, &first));
    assert_true(all.n_schools > 1);
    assert_int_equal(first.n_schools, 1);
    assert_int_equal(first.all_schools, all.n_schools);
    assert_int_equal(first.school[0].urn, all.school[0].urn);
    assert_ok(j, coverage_get(j, 1, 0, &first));
    assert_int_equal(first.n_terms, 1);
    assert_int_equal(first.term[0].term, all.term[all.n_terms - 1].term);
}

static void
a_withdrawn_census_is_not_loaded_and_a_refused_one_is_told(void **state)
{
    struct job *j = support_job(state);
    struct coverage c;
    struct batch *b;
    size_t n;

    council(j);
    assert_ok(j, batch_list(j, &b, &n));
    for (size_t i = 0; i < n; i++)
        if (!strcmp(b[i].kind, "census") && b[i].school_year == 2024 && b[i].term == TERM_SPRING &&
            b[i].state == BATCH_PUBLISHED)
            assert_ok(j, batch_withdraw(j, b[i].id, "a test"));
    assert_ok(j, coverage_get(j, 9, 0, &c));
    assert_int_equal(c.term[c.n_terms - 1].term, TERM_AUTUMN);
    /* the summer census came and was refused: all its schools say so */
    assert_ok(j, db_run(j, "UPDATE batch SET state = 'refused', term = 3 WHERE area_id = 896 AND "
                           "state = 'withdrawn'", NO_ARGS, NULL));
    assert_ok(j, db_begin(j));
    assert_ok(j, counted_derive(j));
    assert_ok(j, db_commit(j));
    assert_ok(j, coverage_get(j, 9, 0, &c));
    assert_int_equal(c.term[c.n_terms - 1].term, TERM_SUMMER);
    for (size_t i = 0; i < c.n_schools; i++) {
        assert_int_equal(c.school[i].cell[c.n_terms - 1].state, COVERAGE_REFUSED);
        assert_int_equal(c.school[i].cell[c.n_terms - 2].state, COVERAGE_NOT_LOADED);
    }
}

static void
an_empty_database_has_no_coverage_and_no_source(void **state)
{
    struct job *j = support_job(state);
    const struct coverage_source *s;
    struct coverage c;

    support_db(j);
    support_area(j);
    assert_ok(j, coverage_get(j, 9, 0, &c));
    assert_int_equal(c.n_schools, 0);
    assert_ok(j, coverage_sources(j, &s));
    for (int k = 0; k < SOURCES; k++)
        assert_false(s[k].loaded);
}

static void
sources_tell_how_far_they_reach(void **state)
{
    struct job *j = support_job(state);
    const struct coverage_source *s;

    council(j);
    assert_ok(j, coverage_sources(j, &s));
    assert_true(s[SOURCE_CENSUS].loaded && s[SOURCE_CARE].loaded && s[SOURCE_PEOPLE].loaded &&
                s[SOURCE_SUSPENSIONS].loaded && s[SOURCE_SCHOOLS].loaded);
    assert_int_equal(s[SOURCE_CENSUS].school_year, 2024);
    assert_int_equal(s[SOURCE_CENSUS].term, TERM_SPRING);
    assert_true(s[SOURCE_CENSUS].schools >= 2);
    assert_int_equal(s[SOURCE_CARE].until, date_from_ymd(2025, 3, 31));
    assert_true(s[SOURCE_SUSPENSIONS].until > date_from_ymd(2024, 1, 1));
    assert_int_equal(s[SOURCE_OUTCOMES].until, date_from_ymd(2025, 4, 2));
    assert_int_equal(s[SOURCE_LEAVERS].until, date_from_ymd(2025, 2, 14));
    assert_int_equal(s[SOURCE_REGISTERS].until, date_from_ymd(2025, 4, 28));
}

/* ---- originals ---- */

struct places {
    struct original_place v[2000];
    size_t n;
};

static void
read_places(struct job *j, const char *sql, struct places *l)
{
    struct rows q;

    db_ask(j, &q, sql, NO_ARGS);
    while (db_next(&q) && l->n < 2000)
        l->v[l->n++] = (struct original_place){row_int(&q, 0), row_int(&q, 1), row_int(&q, 2)};
    assert_ok(j, db_done(&q));
}

static const char *
value_of(const struct original_record *r, const char *name)
{
    for (size_t i = 0; i < r->n; i++)
        if (!strcasecmp(r->v[i].name, name))
            return r->v[i].value;
    return NULL;
}

static void
every_fact_has_its_original(void **state)
{
    static const char *const tables[] = {
#define FACT(table, columns, types)                                            \
    "SELECT batch_id, file_id, line FROM " #table " WHERE area_id = 896",
#include "intake/facts.def"
#undef FACT
    };
    struct job *j = support_job(state);
    struct places *l = job_alloc(j, sizeof *l);

    council(j);
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        read_places(j, tables[t], l);
    assert_true(l->n > 40);
    for (size_t i = 0; i < l->n; i++) {
        struct scope s = job_scope_begin(j); /* a piece of a file each */
        struct original_record r;
        assert_ok(j, original_get(j, l->v[i], &r));
        assert_true(r.n > 0 && r.raw[0] && r.file[0] && r.layout[0]);
        for (size_t k = 0; k < r.n; k++) /* each value stands in the text */
            if (r.v[k].value[0] && !strpbrk(r.v[k].value, "&<\""))
                assert_non_null(strstr(r.raw, r.v[k].value));
        job_scope_end(j, s);
    }
}

static void
an_original_is_the_line_and_no_other(void **state)
{
    struct job *j = support_job(state);
    struct places *l = job_alloc(j, sizeof *l);
    size_t same = 0;

    council(j);
    read_places(j, "SELECT c.batch_id, c.file_id, c.line FROM census_pupil c JOIN identity i ON "
                   "i.area_id = c.area_id AND i.identity_id = c.identity_id WHERE c.area_id = 896 "
                   "AND i.surname = 'PATEL'", l);
    for (size_t i = 0; i < l->n; i++) {
        struct original_record r;
        const char *surname;
        assert_ok(j, original_get(j, l->v[i], &r));
        surname = value_of(&r, "surname");
        same += surname && !strcasecmp(surname, "PATEL");
        assert_null(strchr(r.raw, '\n'));
    }
    assert_true(l->n > 0);
    assert_int_equal(same, l->n);
}

static void
a_line_that_begins_no_record_is_not_there(void **state)
{
    struct job *j = support_job(state);
    struct places *l = job_alloc(j, sizeof *l);
    struct original_record r;
    struct original_place at;

    council(j);
    read_places(j, "SELECT batch_id, file_id, line FROM census_pupil WHERE area_id = 896", l);
    at = l->v[0];
    at.line = 100000;
    assert_err(j, original_get(j, at, &r), ERR_NOT_FOUND);
    at = l->v[0];
    at.file = 99;
    assert_err(j, original_get(j, at, &r), ERR_NOT_FOUND);
    at = l->v[0];
    at.batch = 999999;
    assert_err(j, original_get(j, at, &r), ERR_NOT_FOUND);
    at = l->v[0];
    at.line = 0;
    assert_err(j, original_get(j, at, &r), ERR_NOT_FOUND);
}

static void
originals_and_coverage_are_for_their_roles(void **state)
{
    static const struct actor lead = {.account = 2, .role = ROLE_INCLUSION_LEAD, .area = 896};
    static const struct actor senco = {
        .account = 3, .role = ROLE_SENCO, .area = 896, .urn = 900001};
    struct job *j = support_job(state);
    struct places *l = job_alloc(j, sizeof *l);
    struct original_record r;
    struct coverage c;

    council(j);
    read_places(j, "SELECT batch_id, file_id, line FROM census_pupil WHERE area_id = 896", l);
    j->who = &lead;
    assert_err(j, original_get(j, l->v[0], &r), ERR_DENIED);
    assert_ok(j, coverage_get(j, 9, 0, &c));
    j->who = &senco;
    assert_err(j, original_get(j, l->v[0], &r), ERR_DENIED);
    assert_err(j, coverage_get(j, 9, 0, &c), ERR_DENIED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(rules_count_every_finding_once),
        SUPPORT_TEST(coverage_counts_the_pupils_of_each_return),
        SUPPORT_TEST(every_pupil_on_roll_is_in_a_return),
        SUPPORT_TEST(a_withdrawn_census_is_not_loaded_and_a_refused_one_is_told),
        SUPPORT_TEST(what_is_counted_once_equals_a_direct_count_also_after_withdrawing),
        SUPPORT_TEST(counts_made_with_other_schools_or_by_another_version_are_made_again),
        SUPPORT_TEST(only_the_first_schools_are_read_where_that_is_asked),
        SUPPORT_TEST(an_empty_database_has_no_coverage_and_no_source),
        SUPPORT_TEST(sources_tell_how_far_they_reach),
        SUPPORT_TEST(every_fact_has_its_original),
        SUPPORT_TEST(an_original_is_the_line_and_no_other),
        SUPPORT_TEST(a_line_that_begins_no_record_is_not_there),
        SUPPORT_TEST(originals_and_coverage_are_for_their_roles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
