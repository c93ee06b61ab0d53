/* What becomes of a batch: refused, withdrawn, listed, swept. */
#include "support/loads.h"
#include "intake/coverage.h"
#include "intake/shared.h"
#include "people/school.h"
#include "access/setting.h"
#include "base/thread.h"
#include "support/children.h"

#define SPRING LOADS_COUNCIL "/census/2025-spring"
#define AUTUMN LOADS_COUNCIL "/census/2024-autumn"

/* All facts that stand, as every analysis reads them. */
static int64_t
standing(struct job *j, int64_t known_at)
{
    int64_t n;

    assert_ok(j, db_int(j, "SELECT count(*) FROM census_pupil c JOIN batch b ON b.area_id = "
                           "c.area_id AND b.batch_id = c.batch_id WHERE c.area_id = 896 "
                           "AND b.published <= $1 AND (b.withdrawn IS NULL OR b.withdrawn > $1)",
                        ARGS(INT(known_at)), -1, &n));
    return n;
}

static int64_t
facts_of(struct job *j, int64_t batch_id)
{
    static const char *const sql[] = {
#define FACT(table, columns, types)                                            \
    "SELECT count(*) FROM " #table " WHERE area_id = 896 AND batch_id = $1",
#include "intake/facts.def"
#undef FACT
        "SELECT count(*) FROM file_chunk WHERE area_id = 896 AND batch_id = $1",
        "SELECT count(*) FROM identity WHERE area_id = 896 AND batch_id = $1",
    };
    int64_t sum = 0;

    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++) {
        int64_t n;
        assert_ok(j, db_int(j, sql[i], ARGS(INT(batch_id)), -1, &n));
        sum += n;
    }
    return sum;
}

/* ---- refused --------------------------------------------------------------------- */

/* A copy of the spring census with many pupils of which `bad` have no return. */
static const char *
spring_with(struct job *j, int good, int bad)
{
    const char *folder = loads_copy(j, SPRING, "spring");
    struct lines more = {.j = j};

    for (int i = 0; i < good + bad; i++)
        lines_add(&more, "x%d,%s,SCH7,1,X1,,,Pupil,Number%c%c,,,,2012-Jan-01 00:00:00,F,,C,9,"
                         "False,N,N,,,WBRI,ENG,N,N,N,\n",
                  i, i < good ? "zz1" : "nowhere", 'a' + i / 26, 'a' + i % 26);
    loads_append(j, job_format(j, "%s/pupilonroll.csv", folder), more.s);
    return folder;
}

static void
a_batch_with_too_much_wrong_is_refused_whole(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;
    const char *before;

    support_db(j);
    loads_expect(j, AUTUMN, LOAD_PUBLISHED);
    before = loads_dump(j);
    r = loads_expect(j, spring_with(j, 100, 25), LOAD_REFUSED);
    assert_non_null(strstr(r.batch[0].message, "26 of 133 records"));
    assert_int_equal(facts_of(j, r.batch[0].id), 0);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE area_id = 896 AND "
                                    "rule = 'parent-missing' AND refused = 1 AND batch_id IN "
                                    "(SELECT batch_id FROM batch WHERE state = 'refused')"),
                     26 /* pupils */);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id = 896 AND state = "
                                    "'refused' AND rows_loaded = 0 AND rows_refused = rows_read"),
                     1);
    assert_int_equal(standing(j, INT64_MAX), 8);
    /* nothing of it is left: the next load is as if it had never been */
    assert_non_null(strstr(before, "Amy"));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "surname = 'Pupil'"), 0);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM person p WHERE p.area_id = 896 AND NOT "
                                    "EXISTS (SELECT 1 FROM identity i WHERE i.area_id = 896 AND "
                                    "i.person_id = p.person_id)"), 0);
}

static void
a_few_wrong_records_do_not_refuse_a_batch(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    r = loads_expect(j, spring_with(j, 0, 18), LOAD_PUBLISHED); /* 19 of 26, under twenty */
    assert_int_equal(r.batch[0].refused, 20);
}

static void
the_share_is_a_setting(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    assert_ok(j, setting_change(j, SETTING_REFUSED_SHARE, "30"));
    loads_expect(j, spring_with(j, 100, 25), LOAD_PUBLISHED);
}

static void
a_table_of_which_nothing_can_be_used_refuses_the_batch(void **state)
{
    struct job *j = support_job(state);
    const char *folder;
    struct load_result r;

    support_db(j);
    folder = loads_copy(j, SPRING, "spring");
    loads_edit(j, job_format(j, "%s/senneeds.csv", folder), ",SEMH", ",WHAT");
    loads_edit(j, job_format(j, "%s/senneeds.csv", folder), ",MLD", ",EVER");
    loads_edit(j, job_format(j, "%s/senneeds.csv", folder), ",ASD", ",X");
    r = loads_expect(j, folder, LOAD_REFUSED);
    assert_non_null(strstr(r.batch[0].message, "3 of 3"));
}

static void
a_file_that_breaks_off_refuses_its_batch_alone(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;
    const char *folder;

    support_db(j);
    folder = loads_copy(j, LOADS_COUNCIL "/census", "census");
    loads_append(j, job_format(j, "%s/2025-spring/senneeds.csv", folder), "9,k1,SCH7,1,\"X");
    loads_edit(j, job_format(j, "%s/xml/8961100_SC1_896LL25_001.XML", folder), "</Pupils>", "");
    r = loads_run(j, folder);
    assert_int_equal(r.published, 1);
    assert_int_equal(r.refused, 2);
    assert_int_equal(loads_batch(&r, "School census, autumn 2024")->outcome, LOAD_PUBLISHED);
    assert_non_null(strstr(loads_batch(&r, "School census, spring 2025")->message, "senneeds.csv"));
    for (size_t i = 0; i < r.n_batches; i++)
        if (r.batch[i].outcome == LOAD_REFUSED)
            assert_int_equal(facts_of(j, r.batch[i].id), 0);
    /* mended, it loads; the refused one stays on record */
    loads_copy(j, LOADS_COUNCIL "/census", "census");
    r = loads_run(j, folder);
    assert_int_equal(r.published, 2);
    assert_int_equal(r.known, 1);
    assert_int_equal(standing(j, INT64_MAX), 16);
}

static void
who_was_met_in_a_refused_batch_is_not_known_later(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;
    const char *folder;

    support_db(j);
    /* a refused batch first, its children in the next batch of the same load */
    folder = loads_copy(j, LOADS_COUNCIL "/census", "census");
    loads_append(j, job_format(j, "%s/2024-autumn/fsmperiodsonroll.csv", folder), "9,\"");
    r = loads_run(j, folder);
    assert_int_equal(r.refused, 1);
    assert_int_equal(r.published, 2);
    assert_int_equal(
        loads_count(j, "SELECT count(*) FROM census_pupil c WHERE c.area_id = 896 AND NOT EXISTS "
                       "(SELECT 1 FROM identity i JOIN person p ON p.area_id = i.area_id AND "
                       "p.person_id = i.person_id WHERE i.area_id = 896 AND "
                       "i.identity_id = c.identity_id)"),
        0);
    assert_int_equal(standing(j, INT64_MAX), 8);
}

static void
many_findings_of_a_kind_are_counted_not_kept(void **state)
{
    struct job *j = support_job(state);
    const char *folder;
    struct lines more = {.j = j};

    support_db(j);
    folder = loads_copy(j, SPRING, "spring");
    for (int i = 0; i < 1234; i++)
        lines_add(&more, "%d,k1,SCH7,1,X1,not a postcode,\n", 100 + i);
    loads_append(j, job_format(j, "%s/addresses.csv", folder), more.s);
    loads_expect(j, folder, LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE area_id = 896 AND "
                                    "rule = 'postcode-bad'"), 1000);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM finding WHERE area_id = 896 AND "
                                    "rule = 'more-of-this' AND value = 'postcode-bad' AND "
                                    "message LIKE '234 more%'"), 1);
}

/* ---- withdrawn ------------------------------------------------------------------- */

static void
a_withdrawn_batch_is_out_of_the_facts_but_not_of_the_past(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;
    struct batch b;

    support_db(j);
    loads_expect(j, AUTUMN, LOAD_PUBLISHED);
    r = loads_expect(j, SPRING, LOAD_PUBLISHED);
    assert_int_equal(standing(j, INT64_MAX), 15);
    j->now += INT64_C(3600) * 1000000;
    assert_ok(j, batch_withdraw(j, r.batch[0].id, "it was last year's"));
    assert_int_equal(standing(j, INT64_MAX), 8);
    assert_ok(j, batch_get(j, r.batch[0].id, &b));
    assert_int_equal(b.state, BATCH_WITHDRAWN);
    assert_string_equal(b.withdrawn_why, "it was last year's");
    assert_string_equal(b.withdrawn_by, "command line");
    assert_true(b.withdrawn > b.published);
    assert_int_equal(standing(j, b.withdrawn - 1), 15); /* as known before */
    assert_err(j, batch_withdraw(j, r.batch[0].id, "again"), ERR_CONFLICT);
    /* the same files may come again, as a new batch */
    r = loads_expect(j, SPRING, LOAD_PUBLISHED);
    assert_int_equal(standing(j, INT64_MAX), 15);
}

static void
a_batch_is_withdrawn_for_a_reason_by_who_may(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;
    struct actor lead = {.account = 5, .login = "lee", .role = ROLE_INCLUSION_LEAD, .area = 896};

    support_db(j);
    r = loads_expect(j, SPRING, LOAD_PUBLISHED);
    assert_err(j, batch_withdraw(j, r.batch[0].id, NULL), ERR_INPUT);
    assert_err(j, batch_withdraw(j, r.batch[0].id, "  "), ERR_INPUT);
    assert_err(j, batch_withdraw(j, 999999, "why"), ERR_NOT_FOUND);
    j->who = &lead;
    assert_err(j, batch_withdraw(j, r.batch[0].id, "why"), ERR_DENIED);
    j->who = NULL;
    assert_int_equal(standing(j, INT64_MAX), 7);
}

static void
schools_are_replaced_not_withdrawn(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    r = loads_expect(j, LOADS_COUNCIL "/gias", LOAD_PUBLISHED);
    assert_err(j, batch_withdraw(j, r.batch[0].id, "wrong"), ERR_INPUT);
    assert_says(j, "Load the right file");
}

/* ---- shown ----------------------------------------------------------------------- */

static void
batches_files_and_findings_are_listed(void **state)
{
    struct job *j = support_job(state);
    struct batch *b, one;
    struct batch_file *f;
    struct batch_finding *x, *rest;
    size_t n, n_files, n_found, n_rest;

    support_db(j);
    loads_expect(j, LOADS_COUNCIL "/census", LOAD_PUBLISHED);
    assert_ok(j, batch_list(j, &b, &n));
    assert_int_equal(n, 3);
    assert_string_equal(b[2].title, "School census, autumn 2024");
    assert_int_equal(b[2].school_year, 2024);
    assert_int_equal(b[2].term, TERM_AUTUMN);
    assert_int_equal(b[2].findings, 9); /* with the school of no URN: GIAS is not loaded */
    assert_ok(j, batch_files(j, b[2].id, &f, &n_files));
    assert_int_equal(n_files, 16);
    assert_string_equal(f[2].name, "addressesonroll.csv");
    assert_ok(j, batch_findings(j, (struct batch_page){b[2].id, 0, 3}, &x, &n_found));
    assert_int_equal(n_found, 3);
    assert_ok(j, batch_findings(j, (struct batch_page){b[2].id, x[2].id, 99}, &rest, &n_rest));
    assert_int_equal(n_rest, 6);
    assert_string_equal(x[0].rule, "school-unknown");
    assert_string_equal(x[0].file, "schoolcensus.csv");
    assert_int_equal(x[0].line, 3);
    assert_err(j, batch_get(j, 12345678, &one), ERR_NOT_FOUND);
    j->area = 916;
    assert_err(j, batch_get(j, b[2].id, &one), ERR_NOT_FOUND); /* another authority's */
}

/* ---- swept ----------------------------------------------------------------------- */

/* What a load that was killed leaves: an unpublished batch with facts. */
static int64_t
dead_batch(struct job *j)
{
    struct load_result r = loads_expect(j, SPRING, LOAD_PUBLISHED);

    assert_ok(j, db_run(j, "UPDATE batch SET state = 'loading', published = NULL "
                           "WHERE area_id = 896 AND batch_id = $1",
                        ARGS(INT(r.batch[0].id)), NULL));
    return r.batch[0].id;
}

static void
what_a_killed_load_left_is_swept_at_the_start(void **state)
{
    struct job *j = support_job(state);
    int64_t id, n;

    support_db(j);
    loads_expect(j, AUTUMN, LOAD_PUBLISHED);
    id = dead_batch(j);
    assert_true(facts_of(j, id) > 0);
    assert_ok(j, batch_sweep_all(j, &n));
    assert_int_equal(n, 1);
    assert_int_equal(facts_of(j, id), 0);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id = 896"), 1);
    assert_int_equal(standing(j, INT64_MAX), 8);
    assert_ok(j, batch_sweep_all(j, &n));
    assert_int_equal(n, 0);
}

static void
a_load_under_way_is_not_swept(void **state)
{
    struct job *j = support_job(state), other;
    struct db *db;
    int64_t id, n;

    support_db(j);
    id = dead_batch(j);
    job_init_child(&other, j, 64 * JOB_MB);
    assert_ok(&other, db_open(&other, support_url(j), DB_WRITE, &db));
    other.db = db;
    other.area = 896;
    assert_ok(&other, batch_lock(&other));
    assert_ok(j, batch_sweep_all(j, &n));
    assert_int_equal(n, 0);
    assert_true(facts_of(j, id) > 0);
    job_end(&other);
    assert_ok(j, batch_sweep_all(j, &n));
    assert_int_equal(n, 1);
}

static void
the_next_load_sweeps_too(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;
    int64_t id;

    support_db(j);
    id = dead_batch(j);
    r = loads_expect(j, AUTUMN, LOAD_PUBLISHED);
    assert_int_equal(r.batch[0].id, id); /* its number too is free again */
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896"), 8);
    loads_expect(j, SPRING, LOAD_PUBLISHED);
    assert_int_equal(standing(j, INT64_MAX), 15);
}

/* ---- numbers --------------------------------------------------------------------- */

/* One notification, of a day of its own. */
static const char *
notification(struct job *j, int n)
{
    return loads_file(j, job_format(j, "notified-%d.csv", n),
                      job_format(j, "UPN,SchoolURN,Category,StartDate\n"
                                    "Z896400419017,900001,SUSP,2025-03-%02d\n", n));
}

static enum err
load_for_area_1(struct job *j, const char *path, struct load_result *r)
{
    struct load_options o = {.area = 1, .loaded_by = "command line"};

    return load(j, &path, 1, &o, r);
}

static int64_t
number_of(struct job *j, int n, enum load_outcome want)
{
    struct load_result r;

    assert_ok(j, load_for_area_1(j, notification(j, n), &r));
    assert_int_equal(r.batch[0].outcome, want);
    return r.batch[0].id;
}

static void
batches_are_numbered_one_two_three(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    support_area(j);
    assert_int_equal(number_of(j, 1, LOAD_PUBLISHED), 1);
    assert_int_equal(number_of(j, 1, LOAD_KNOWN), 1);
    assert_int_equal(number_of(j, 2, LOAD_PUBLISHED), 2); /* what is known took none */
    assert_ok(j, load_for_area_1(j, loads_file(j, "empty.csv", "UPN,SchoolURN,Category,"
                                                               "StartDate\n"), &r));
    assert_int_equal(r.batch[0].outcome, LOAD_REFUSED);
    assert_int_equal(r.batch[0].id, 3); /* it is listed, with what was wrong */
    assert_int_equal(number_of(j, 3, LOAD_PUBLISHED), 4);
    assert_ok(j, batch_withdraw(j, 4, "wrong month"));
    assert_int_equal(number_of(j, 4, LOAD_PUBLISHED), 5);
}

static void
a_killed_load_leaves_no_gap_and_an_old_database_goes_on_counting(void **state)
{
    struct job *j = support_job(state);
    const char *begun =
        "INSERT INTO batch (area_id, batch_id, kind, title, digest, state, started, loaded_by, "
        "rows_read, rows_loaded, rows_refused) "
        "VALUES (1, $1, 'own', 'Begun', 'none', $2, 1, 'test', 0, 0, 0)";

    support_db(j);
    support_area(j);
    assert_ok(j, db_run(j, begun, ARGS(INT(1), TEXT("loading")), NULL));
    assert_int_equal(number_of(j, 1, LOAD_PUBLISHED), 1);
    assert_ok(j, db_run(j, begun, ARGS(INT(50012), TEXT("refused")), NULL));
    assert_int_equal(number_of(j, 2, LOAD_PUBLISHED), 50013);
}

enum { EACH = 6 };

static enum err
load_some(struct job *j, void *arg, size_t block)
{
    const char **path = arg;
    struct db *db;
    enum err e = db_open(j, path[2 * EACH], DB_WRITE, &db);

    if (e)
        return e;
    j->db = db;
    for (size_t i = 0; !e && i < EACH; i++) {
        do {
            struct scope s = job_scope_begin(j);
            struct load_result r;
            err_clear(j);
            e = load_for_area_1(j, path[block * EACH + i], &r);
            job_scope_end(j, s);
        } while (e == ERR_BUSY); /* the other one loads */
    }
    return e;
}

static void
two_who_load_at_once_get_numbers_without_gaps(void **state)
{
    struct job *j = support_job(state);
    const char *path[2 * EACH + 1];

    support_db(j);
    support_area(j);
    for (int i = 0; i < 2 * EACH; i++)
        path[i] = notification(j, i + 1);
    path[2 * EACH] = support_url(j);
    assert_ok(j, thread_each(j, 2, 2, 64 * JOB_MB, load_some, path));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id = 1 AND "
                                    "state = 'published'"), 2 * EACH);
    assert_int_equal(loads_count(j, "SELECT max(batch_id) FROM batch WHERE area_id = 1"),
                     2 * EACH);
}

/* ---- by readers that keep answers ------------------------------------------------- */

/* "withdrawn loading published" of the batches, newest first; schools and terms with them. */
static const char *
as_read(struct job *j, struct db_pool *pool, size_t *schools, size_t *terms)
{
    const char *words = "";
    struct coverage c;
    struct school *school;
    struct batch *b;
    struct job page;
    size_t n;

    job_init_child(&page, j, 4 * JOB_MB);
    page.area = 896;
    assert_ok(&page, db_pool_take(&page, pool));
    assert_ok(&page, batch_list(&page, &b, &n));
    for (size_t i = 0; i < n; i++)
        words = job_format(j, "%s%s%s", words, i ? " " : "", batch_state_name(b[i].state));
    assert_ok(&page, coverage_get(&page, 9, 0, &c));
    assert_ok(&page, school_list(&page, &school, schools));
    *terms = c.n_terms;
    job_end(&page);
    return words;
}

static void
readers_that_keep_answers_see_each_batch_come_and_go(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;
    struct db_pool *pool;
    size_t schools, terms;

    support_db(j);
    loads_expect(j, AUTUMN, LOAD_PUBLISHED);
    assert_ok(j, db_pool_open(j, support_url(j), 1, &pool));
    assert_string_equal(as_read(j, pool, &schools, &terms), "published");
    assert_int_equal(schools, 2);
    assert_int_equal(terms, 1);
    r = loads_expect(j, SPRING, LOAD_PUBLISHED);
    assert_string_equal(as_read(j, pool, &schools, &terms), "published published");
    assert_int_equal(terms, 2);
    assert_ok(j, db_run(j, "INSERT INTO batch (area_id, batch_id, kind, title, digest, state, "
                           "started, loaded_by, rows_read, rows_loaded, rows_refused) VALUES "
                           "(896, $1, 'census', '', 'x', 'loading', 1, 'x', 0, 0, 0)",
                        ARGS(INT(r.batch[0].id + 1)), NULL));
    assert_string_equal(as_read(j, pool, &schools, &terms), "loading published published");
    j->area = 896;
    assert_ok(j, batch_withdraw(j, r.batch[0].id, "it was last year's"));
    assert_string_equal(as_read(j, pool, &schools, &terms), "loading withdrawn published");
    assert_int_equal(terms, 1);
    assert_ok(j, db_run(j, "DELETE FROM batch WHERE area_id = 896 AND state = 'loading'", NO_ARGS,
                        NULL));
    assert_string_equal(as_read(j, pool, &schools, &terms), "withdrawn published");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_batch_with_too_much_wrong_is_refused_whole),
        SUPPORT_TEST(a_few_wrong_records_do_not_refuse_a_batch),
        SUPPORT_TEST(the_share_is_a_setting),
        SUPPORT_TEST(a_table_of_which_nothing_can_be_used_refuses_the_batch),
        SUPPORT_TEST(a_file_that_breaks_off_refuses_its_batch_alone),
        SUPPORT_TEST(who_was_met_in_a_refused_batch_is_not_known_later),
        SUPPORT_TEST(many_findings_of_a_kind_are_counted_not_kept),
        SUPPORT_TEST(a_withdrawn_batch_is_out_of_the_facts_but_not_of_the_past),
        SUPPORT_TEST(a_batch_is_withdrawn_for_a_reason_by_who_may),
        SUPPORT_TEST(schools_are_replaced_not_withdrawn),
        SUPPORT_TEST(batches_files_and_findings_are_listed),
        SUPPORT_TEST(what_a_killed_load_left_is_swept_at_the_start),
        SUPPORT_TEST(a_load_under_way_is_not_swept),
        SUPPORT_TEST(the_next_load_sweeps_too),
        SUPPORT_TEST(readers_that_keep_answers_see_each_batch_come_and_go),
        SUPPORT_TEST(batches_are_numbered_one_two_three),
        SUPPORT_TEST(a_killed_load_leaves_no_gap_and_an_old_database_goes_on_counting),
        SUPPORT_TEST(two_who_load_at_once_get_numbers_without_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
