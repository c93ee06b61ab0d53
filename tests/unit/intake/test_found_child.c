/* Children are shown the same from what is kept of them as from the facts, whatever happens. */
#include "access/actor.h"
#include "intake/batch.h"
#include "intake/retention_in.h"
#include "people/child.h"
#include "people/found_child.h"
#include "people/school_child.h"
#include "support/loads.h"
#include "synth/synth.h"
#include <string.h>

enum { TENTH = 10 };

/* For the whole of the area. */
static void
as_analyst(struct job *j)
{
    struct actor *a = job_alloc(j, sizeof *a);

    *a = (struct actor){.account = 1, .login = "a", .role = ROLE_ANALYST, .area = j->area};
    j->who = a;
}

static void
run(struct job *j, const char *sql)
{
    assert_ok(j, db_run(j, sql, NO_ARGS, NULL));
}

static void
make(struct job *j)
{
    assert_ok(j, school_child_changed(j)); /* as who publishes or withdraws says */
    assert_ok(j, school_child_make(j));
}

static void
same_text(const char *a, const char *b)
{
    assert_string_equal(a ? a : "none", b ? b : "none");
}

static void
same_child(const struct child *a, const struct child *b)
{
    same_text(a->name, b->name);
    same_text(a->forename, b->forename);
    same_text(a->surname, b->surname);
    same_text(a->upn, b->upn);
    same_text(a->former_upn, b->former_upn);
    same_text(a->sex, b->sex);
    same_text(a->school, b->school);
    same_text(a->sen, b->sen);
    same_text(a->ethnicity, b->ethnicity);
    assert_int_equal(a->born, b->born);
    assert_int_equal(a->urn, b->urn);
    assert_int_equal(a->on_roll, b->on_roll);
    assert_int_equal(a->year_group, b->year_group);
    assert_int_equal(a->school_year, b->school_year);
    assert_int_equal(a->term, b->term);
}

static struct child *
everybody(struct job *j, size_t *n)
{
    size_t most = (size_t)loads_count(j, "SELECT COUNT(DISTINCT person_id) FROM identity");
    int64_t *person = job_array(j, most + 1, sizeof *person);
    struct child *v;
    struct rows q;

    *n = 0;
    db_ask(j, &q, "SELECT DISTINCT person_id FROM identity WHERE area_id = $1 "
                  "AND person_id IS NOT NULL ORDER BY person_id", ARGS(INT(j->area)));
    while (db_next(&q))
        person[(*n)++] = row_int(&q, 0);
    assert_ok(j, db_done(&q));
    as_analyst(j);
    assert_ok(j, child_list(j, person, *n, &v, n));
    j->who = NULL;
    return v;
}

/* Gives how many children there are. */
static size_t
all_are_shown_the_same(struct job *j)
{
    struct scope mem = job_scope_begin(j);
    struct child *kept, *told;
    size_t n, n_told;

    kept = everybody(j, &n);
    assert_ok(j, db_begin(j));
    run(j, "DELETE FROM found_child");
    told = everybody(j, &n_told);
    db_rollback(j);
    assert_int_equal(n, n_told);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(kept[i].person, told[i].person);
        same_child(&kept[i], &told[i]);
    }
    job_scope_end(j, mem);
    return n;
}

#define IN_A_CENSUS                                                                            \
    "SELECT i.person_id FROM identity i JOIN census_pupil c ON c.area_id = i.area_id "         \
    "AND c.identity_id = i.identity_id JOIN batch b ON b.area_id = c.area_id "                 \
    "AND b.batch_id = c.batch_id WHERE b.state = 'published' AND i.person_id IS NOT NULL"

/* And no row of anybody else. */
static void
each_child_of_a_census_has_a_row(struct job *j)
{
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM (" IN_A_CENSUS
                                    " EXCEPT SELECT person_id FROM found_child) AS missing"), 0);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM (SELECT person_id FROM found_child "
                                    "EXCEPT " IN_A_CENSUS ") AS others"), 0);
    assert_int_equal(loads_count(j, "SELECT newest FROM found_child_made"), 0);
    assert_int_equal(loads_count(j, "SELECT missing FROM found_child_made"), 0);
}

static void
load_council(struct job *j)
{
    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    j->area = 896;
    make(j);
    each_child_of_a_census_has_a_row(j);
}

static void
the_council_shows_the_same_from_what_is_kept(void **state)
{
    struct job *j = support_job(state);

    load_council(j);
    assert_true(all_are_shown_the_same(j) > 5);
}

/* The published batch with the newest census, by its id. */
static int64_t
last_census(struct job *j)
{
    return loads_count(j, "SELECT batch_id FROM batch WHERE kind = 'census' "
                          "AND state = 'published' ORDER BY school_year DESC, term DESC LIMIT 1");
}

static void
a_withdrawn_census_shows_nothing_from_that_moment(void **state)
{
    struct job *j = support_job(state);

    load_council(j);
    while (last_census(j) > 0) {
        assert_ok(j, batch_withdraw(j, last_census(j), "wrong"));
        all_are_shown_the_same(j); /* at once */
        assert_ok(j, school_child_make(j));
        each_child_of_a_census_has_a_row(j);
        all_are_shown_the_same(j);
    }
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM found_child"), 0);
}

static int64_t
rows_that_hold(struct job *j)
{
    return loads_count(j, "SELECT COUNT(*) FROM found_child f JOIN found_child_made m "
                          "ON m.area_id = f.area_id WHERE f.taken > m.newest");
}

/* Older ones first, as they come, then one in between: rows of newer ones hold all the time. */
static void
a_census_that_came_since_overtakes_older_rows_alone(void **state)
{
    static const char *const in_order[] = {"files/census/2022-autumn", "files/census/2025-summer",
                                           "files/census/2024-summer", "files/census/2025-autumn"};
    struct job *j = support_job(state);
    struct synth_plan p = {"small", 7, support_path(j, "files"), true, "none", 0};
    struct synth_done made;
    int64_t all = 0;

    j->limit = 512 * (size_t)JOB_MB;
    assert_ok(j, synth_write(j, &p, &made));
    support_db(j);
    for (int i = 0; i < 4; i++) {
        j->area = 0;
        loads_run(j, support_path(j, in_order[i]));
        j->area = 1;
        assert_true(all_are_shown_the_same(j) > 100); /* before anything is made */
        if (i == 2) /* the newest is the one before it */
            assert_true(rows_that_hold(j) > 0 && rows_that_hold(j) < all);
        else
            assert_int_equal(rows_that_hold(j), 0);
        assert_ok(j, school_child_make(j));
        each_child_of_a_census_has_a_row(j);
        all_are_shown_the_same(j);
        all = rows_that_hold(j);
        assert_true(all > 100);
    }
}

/* Linkage changes its mind: the rows of both go at once. */
static void
a_child_found_to_be_another_loses_both_rows(void **state)
{
    struct job *j = support_job(state);
    int64_t one, other, rows;

    load_council(j);
    one = loads_count(j, "SELECT MIN(person_id) FROM found_child");
    other = loads_count(j, "SELECT MAX(person_id) FROM found_child");
    rows = loads_count(j, "SELECT COUNT(*) FROM found_child");
    assert_ok(j, db_run(j, "UPDATE identity SET person_id = $3 WHERE area_id = $1 "
                           "AND person_id = $2", ARGS(INT(j->area), INT(one), INT(other)), NULL));
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM found_child"), rows - 2);
    all_are_shown_the_same(j);
    make(j);
    assert_int_equal(loads_count(j, "SELECT COUNT(*) FROM found_child"), rows - 1);
    each_child_of_a_census_has_a_row(j);
    all_are_shown_the_same(j);
}

static void
making_that_was_cut_off_is_taken_up_again(void **state)
{
    struct job *j = support_job(state);
    int fault = 1;
    enum err e;

    load_council(j);
    run(j, "DELETE FROM found_child");
    run(j, "UPDATE found_child_made SET missing = 1");
    do { /* at every call of the store, until there are no more of them */
        db_fault = fault++;
        e = found_child_make(j);
        db_fault = 0;
        db_rollback(j);
        err_clear(j);
        all_are_shown_the_same(j);
    } while (e);
    assert_true(fault > 10);
    each_child_of_a_census_has_a_row(j);
    all_are_shown_the_same(j);
}

static void
a_child_that_is_removed_leaves_no_row(void **state)
{
    struct job *j = support_job(state);
    int64_t person;

    load_council(j);
    person = loads_count(j, "SELECT MIN(person_id) FROM found_child");
    assert_ok(j, db_begin(j));
    assert_ok(j, retention_drop_child(j, person));
    assert_ok(j, db_commit(j));
    assert_int_equal(loads_count(j, job_format(j, "SELECT COUNT(*) FROM found_child "
                                                  "WHERE person_id = %lld", (long long)person)),
                     0);
    make(j);
    each_child_of_a_census_has_a_row(j);
}

/* ---- found by both names ---- */

static const char sql_named[] =
    "SELECT COUNT(DISTINCT i.person_id) FROM identity i JOIN batch b ON b.area_id = i.area_id "
    "AND b.batch_id = i.batch_id WHERE i.area_id = $1 AND b.state = 'published' "
    "AND i.person_id IS NOT NULL AND ((i.surname_key LIKE $2 AND i.forename_key LIKE $3) "
    "OR (i.surname_key LIKE $3 AND i.forename_key LIKE $2) "
    "OR i.surname_key LIKE $4 OR i.forename_key LIKE $4)";

/* True when there are few enough to be counted. */
static bool
finds_all_of(struct job *j, const char *a, const char *b)
{
    struct child_search s = {.words = job_format(j, "%s %s", a, b), .limit = CHILD_SEARCH_MOST};
    size_t n, total;
    struct child *v;
    int64_t want;

    assert_ok(j, db_int(j, sql_named,
                        ARGS(INT(j->area), TEXT(job_format(j, "%s%%", a)),
                             TEXT(job_format(j, "%s%%", b)), TEXT(job_format(j, "%s%s%%", a, b))),
                        0, &want));
    as_analyst(j);
    assert_ok(j, child_search(j, &s, &v, &n, &total));
    j->who = NULL;
    if (want <= CHILD_SEARCH_MOST)
        assert_int_equal(total, want);
    else
        assert_true(total > CHILD_SEARCH_MOST / 2);
    return want <= CHILD_SEARCH_MOST;
}

static const char sql_names[] =
    "SELECT surname_key, forename_key FROM identity WHERE area_id = $1 AND identity_id % $2 = 0 "
    "AND surname_key IS NOT NULL AND forename_key IS NOT NULL ORDER BY identity_id";

static const char sql_add[] =
    "INSERT INTO identity (area_id, identity_id, person_id, digest, source, surname, forename, "
    "batch_id, surname_key, forename_key) SELECT $1, MAX(i.identity_id) + 1, $2, $3, 'people', "
    "$4, 'Ada', MIN(i.batch_id), $4, 'ADA' FROM identity i WHERE i.area_id = $1";

static void
add_ada(struct job *j, int64_t person, const char *surname)
{
    static int n;

    assert_ok(j, db_run(j, sql_add,
                        ARGS(INT(j->area), INT(person), TEXT(job_format(j, "added %d", n++)),
                             TEXT(surname)), NULL));
}

/* Sixty surnames that begin with the same letters, and one that is told many times. */
static void
add_many_names(struct job *j)
{
    for (int i = 0; i < 60; i++)
        add_ada(j, 1000000 + i, job_format(j, "QQ%c%c", 'A' + i / 26, 'A' + i % 26));
    for (int i = 0; i < 900; i++)
        add_ada(j, 2000000, "QXAB");
    add_ada(j, 2000001, "QXAB");
    add_ada(j, 2000002, "QXAC");
}

/* Whether few whole names begin so, or many. */
static void
both_names_find_whoever_has_names_that_begin_so(void **state)
{
    struct job *j = support_job(state);
    struct synth_plan p = {"small", 7, support_path(j, "files"), true, "none", 0};
    struct synth_done made;
    struct rows q;
    int few = 0;

    j->limit = 512 * (size_t)JOB_MB;
    assert_ok(j, synth_write(j, &p, &made));
    support_db(j);
    loads_run(j, support_path(j, "files/census/2025-autumn"));
    j->area = 1;
    db_ask(j, &q, sql_names, ARGS(INT(j->area), INT(made.children / TENTH)));
    while (db_next(&q)) {
        const char *s = row_text(&q, 0), *f = row_text(&q, 1);
        for (int i = 1; i < 4; i++)
            for (int k = 1; k < 4; k++)
                few += finds_all_of(j, job_format(j, "%.*s", i, f), job_format(j, "%.*s", k, s));
        few += finds_all_of(j, s, f);
    }
    assert_ok(j, db_done(&q));
    assert_true(few > 20);
    add_many_names(j);
    assert_true(finds_all_of(j, "A", "QQ") && finds_all_of(j, "QQ", "AD"));
    assert_true(finds_all_of(j, "AD", "QX") && finds_all_of(j, "QX", ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_council_shows_the_same_from_what_is_kept),
        SUPPORT_TEST(a_withdrawn_census_shows_nothing_from_that_moment),
        SUPPORT_TEST(a_census_that_came_since_overtakes_older_rows_alone),
        SUPPORT_TEST(a_child_found_to_be_another_loses_both_rows),
        SUPPORT_TEST(making_that_was_cut_off_is_taken_up_again),
        SUPPORT_TEST(a_child_that_is_removed_leaves_no_row),
        SUPPORT_TEST(both_names_find_whoever_has_names_that_begin_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
