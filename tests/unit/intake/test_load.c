/* Whole loads of the small council in tests/golden/intake/council. */
#include "support/loads.h"

static void
a_council_loads_as_written(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    r = loads_expect(j, LOADS_COUNCIL, LOAD_PUBLISHED);
    assert_int_equal(r.n_batches, 14);
    assert_int_equal(j->area, 896);
    dump_golden(j, "tests/golden/intake/council.txt", loads_dump(j));
}

static void
loading_twice_changes_nothing(void **state)
{
    struct job *j = support_job(state);
    const char *before;

    support_db(j);
    loads_expect(j, LOADS_COUNCIL, LOAD_PUBLISHED);
    before = loads_dump(j);
    loads_expect(j, LOADS_COUNCIL, LOAD_KNOWN);
    assert_string_equal(before, loads_dump(j));
    /* nor does a copy under other names, nor one of its folders */
    loads_copy(j, LOADS_COUNCIL "/census/2025-spring", "again");
    loads_expect(j, support_path(j, "again"), LOAD_KNOWN);
    assert_string_equal(before, loads_dump(j));
}

static void
what_is_read_is_loaded_or_refused(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch_file WHERE area_id = 896 AND "
                                    "rows_read <> rows_loaded + rows_refused"), 0);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id = 896 AND "
                                    "rows_read <> rows_loaded + rows_refused"), 0);
    /* each refused record has its finding */
    assert_int_equal(
        loads_count(j, "SELECT count(*) FROM batch_file f WHERE f.area_id = 896 AND "
                       "f.rows_refused <> (SELECT count(DISTINCT d.line) FROM finding d "
                       "WHERE d.area_id = 896 AND d.batch_id = f.batch_id AND "
                       "d.file_id = f.file_id AND d.refused = 1)"),
        0);
    /* and each loaded one its row, where the table has rows of its own */
    assert_int_equal(
        loads_count(j, "SELECT count(*) FROM batch_file f WHERE f.area_id = 896 AND "
                       "f.layout LIKE 'census-pupil%' AND f.rows_loaded <> "
                       "(SELECT count(*) FROM census_pupil c WHERE c.area_id = 896 AND "
                       "c.batch_id = f.batch_id AND c.file_id = f.file_id)"),
        0);
}

/* The same children, one file at a time and in another order. */
static void
files_one_by_one_give_the_same_facts(void **state)
{
    struct job *j = support_job(state);
    static const char *const part[] = {"/gias", "/people.csv", "/census", "/cin",
                                       "/suspensions.csv"};

    support_db(j);
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        loads_expect(j, job_format(j, LOADS_COUNCIL "%s", part[i]), LOAD_PUBLISHED);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM census_pupil WHERE area_id = 896"), 16);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM suspension WHERE area_id = 896"), 9);
    assert_int_equal(loads_count(j, "SELECT count(DISTINCT person_id) FROM identity "
                                    "WHERE area_id = 896"), 10);
}

static void
a_suspension_that_comes_three_times_is_kept_three_times(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    /* 2 July 2024 (19906): on roll and off roll in autumn, once more in spring */
    assert_int_equal(
        loads_count(j, "SELECT count(*) FROM suspension s JOIN identity i ON i.area_id = "
                       "s.area_id AND i.identity_id = s.identity_id WHERE s.area_id = 896 AND "
                       "s.started = 19906 AND s.category = 'SUSP' AND i.surname = 'Shaw'"),
        3);
    assert_int_equal(loads_count(j, "SELECT count(DISTINCT batch_id * 1000 + file_id) "
                                    "FROM suspension WHERE area_id = 896 AND started = 19906"), 3);
}

/* ---- which files ----------------------------------------------------------------- */

static void
what_is_not_understood_is_left_with_a_reason(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    loads_copy(j, LOADS_COUNCIL "/gias", "in");
    loads_file(j, "in/notes.txt", "Dear all,\nplease find attached.\n");
    loads_file(j, "in/empty.csv", "");
    loads_file(j, "in/.hidden.csv", "a,b\n1,2\n");
    r = loads_run(j, support_path(j, "in"));
    assert_int_equal(r.published, 1);
    assert_int_equal(r.n_left, 2);
    assert_non_null(strstr(r.left[0].path, "empty.csv"));
    assert_non_null(strstr(r.left[0].why, "empty"));
    assert_false(r.left[0].named);
}

static void
nothing_understood_is_an_error_that_names_a_file(void **state)
{
    struct job *j = support_job(state);
    struct load_options o = {.loaded_by = "command line"};
    struct load_result r;
    const char *path = loads_file(j, "in/notes.csv", "who,what\nme,this\n");

    support_db(j);
    assert_err(j, load(j, &path, 1, &o, &r), ERR_INPUT);
    assert_says(j, "notes.csv");
    path = support_path(j, "nowhere");
    assert_err(j, load(j, &path, 1, &o, &r), ERR_INPUT);
    assert_says(j, "nowhere");
}

static void
tables_of_two_exports_in_one_folder_are_told_by_their_names(void **state)
{
    struct job *j = support_job(state);
    static const char *const table[] = {"schoolcensus", "pupilonroll", "senneeds"};
    struct load_result r;

    support_db(j);
    for (size_t i = 0; i < 3; i++)
        loads_copy(j, job_format(j, LOADS_COUNCIL "/census/2025-spring/%s.csv", table[i]),
                   job_format(j, "in/Blade-Export_23-01-2025_%s.csv", table[i]));
    for (size_t i = 0; i < 2; i++)
        loads_copy(j, job_format(j, LOADS_COUNCIL "/census/2024-autumn/%s.csv", table[i]),
                   job_format(j, "in/aut24 %s.csv", table[i]));
    loads_copy(j, LOADS_COUNCIL "/census/2024-autumn/addressesonroll.csv",
               "in/addresses of all.csv");
    r = loads_run(j, support_path(j, "in"));
    assert_int_equal(r.n_batches, 2);
    assert_string_equal(r.batch[0].title, "School census, autumn 2024");
    assert_int_equal(r.batch[0].files, 2);
    assert_string_equal(r.batch[1].title, "School census, spring 2025");
    assert_int_equal(r.batch[1].files, 3);
    assert_int_equal(r.n_left, 1); /* nobody can tell which export it is of */
    assert_non_null(strstr(r.left[0].path, "addresses of all.csv"));
    assert_non_null(strstr(r.left[0].why, "schoolcensus"));
}

static void
the_order_of_a_load_is_not_that_of_names(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    loads_copy(j, LOADS_COUNCIL "/census/2025-spring", "in/a");
    loads_copy(j, LOADS_COUNCIL "/census/2024-autumn", "in/b");
    loads_copy(j, LOADS_COUNCIL "/gias", "in/z");
    r = loads_run(j, support_path(j, "in"));
    assert_int_equal(r.n_batches, 3);
    assert_string_equal(r.batch[0].kind, "gias");
    assert_string_equal(r.batch[1].title, "School census, autumn 2024");
    assert_string_equal(r.batch[2].title, "School census, spring 2025");
}

/* ---- whose ----------------------------------------------------------------------- */

static enum err
load_for(struct job *j, const char *path, int64_t area, struct load_result *r)
{
    struct load_options o = {.loaded_by = "command line", .area = area};

    return load(j, &path, 1, &o, r);
}

static void
the_authority_is_told_by_census_then_gias_then_option_then_database(void **state)
{
    struct job *j = support_job(state);
    const char *list = LOADS_COUNCIL "/people.csv";
    struct load_result r;

    support_db(j);
    assert_err(j, load_for(j, list, 0, &r), ERR_USAGE);
    assert_says(j, "--area");
    assert_ok(j, load_for(j, LOADS_COUNCIL "/gias", 0, &r));
    assert_int_equal(r.batch[0].area, 896);
    assert_ok(j, load_for(j, list, 0, &r)); /* the only one there is */
    assert_int_equal(r.batch[0].area, 896);
    assert_int_equal(r.published, 1);
    assert_ok(j, load_for(j, list, 916, &r));
    assert_int_equal(r.batch[0].area, 916);
    assert_int_equal(r.published, 1); /* another authority: not the same batch */
    assert_err(j, load_for(j, LOADS_COUNCIL "/term-dates.csv", 0, &r), ERR_USAGE);
}

static void
a_census_of_another_authority_than_asked_is_refused(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    assert_ok(j, load_for(j, LOADS_COUNCIL "/census/2025-spring", 916, &r));
    assert_int_equal(r.refused, 1);
    assert_int_equal(r.batch[0].id, 0);
    assert_non_null(strstr(r.batch[0].message, "916"));
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id > 0"), 0);
}

static void
the_name_of_the_authority_comes_from_gias(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_run(j, LOADS_COUNCIL "/census/2025-spring");
    assert_int_equal(loads_count(j, "SELECT count(*) FROM area WHERE name = 'Authority 896'"), 1);
    loads_run(j, LOADS_COUNCIL "/gias");
    assert_int_equal(loads_count(j, "SELECT count(*) FROM area WHERE "
                                    "name = 'Cheshire West and Chester'"), 1);
}

/* ---- around a load --------------------------------------------------------------- */

struct told {
    int64_t done, total, calls;
    bool back;
};

static void
tell(void *arg, int64_t done, int64_t total)
{
    struct told *t = arg;

    t->back = t->back || done < t->done || done > total;
    t->done = done;
    t->total = total;
    t->calls++;
}

static enum err
note_area(struct job *j, void *arg)
{
    int64_t *seen = arg;

    seen[0]++;
    seen[1] = j->area;
    return OK;
}

static void
progress_goes_up_to_the_end_and_figures_follow_once(void **state)
{
    struct job *j = support_job(state);
    struct told told = {0};
    int64_t seen[2] = {0};
    struct after_step step = {"test", note_area, seen};
    struct after after = {&step, 1};
    struct load_options o = {.loaded_by = "jo", .tell = tell, .arg = &told, .after = &after};
    struct load_result r;
    const char *path = LOADS_COUNCIL;

    support_db(j);
    assert_ok(j, load(j, &path, 1, &o, &r));
    assert_false(told.back);
    assert_true(told.total > 10000);
    assert_int_equal(told.done, told.total);
    assert_int_equal(seen[0], 1);
    assert_int_equal(seen[1], 896);
    assert_ok(j, load(j, &path, 1, &o, &r)); /* nothing new: nothing to follow */
    assert_int_equal(seen[0], 1);
    assert_int_equal(told.done, told.total);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch WHERE area_id = 896 AND "
                                    "loaded_by = 'jo'"), 14);
}

static void
two_loads_of_one_authority_do_not_run_at_once(void **state)
{
    struct job *j = support_job(state), other;
    struct load_result r;
    struct db *db;

    support_db(j);
    job_init_child(&other, j, 64 * JOB_MB);
    assert_ok(&other, db_open(&other, support_url(j), DB_WRITE, &db));
    other.db = db;
    other.area = 896;
    assert_ok(&other, batch_lock(&other));
    assert_err(j, load_for(j, LOADS_COUNCIL "/census/2025-spring", 0, &r), ERR_BUSY);
    assert_says(j, "896");
    assert_ok(j, load_for(j, LOADS_COUNCIL "/people.csv", 916, &r)); /* another may */
    job_end(&other);
    assert_ok(j, load_for(j, LOADS_COUNCIL "/census/2025-spring", 0, &r));
    assert_int_equal(r.published, 1);
}

static void
each_batch_is_known_from_a_time_of_its_own(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    assert_int_equal(loads_count(j, "SELECT count(DISTINCT published) FROM batch "
                                    "WHERE area_id = 896"), 14);
    assert_true(loads_count(j, "SELECT min(published) FROM batch WHERE area_id = 896") >=
                SUPPORT_NOW);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch a JOIN batch b ON b.area_id = "
                                    "a.area_id AND b.batch_id > a.batch_id "
                                    "AND b.published <= a.published WHERE a.area_id = 896"), 0);
}

static int64_t
made_on(struct job *j, const char *title)
{
    struct batch *b;
    size_t n;

    assert_ok(j, batch_list(j, &b, &n));
    for (size_t i = 0; i < n; i++)
        if (!strncmp(b[i].title, title, strlen(title)))
            return b[i].made_on;
    fail_msg("no batch %s", title);
    return 0;
}

static void
a_batch_says_when_its_files_were_made(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_run(j, LOADS_COUNCIL);
    assert_int_equal(made_on(j, "School census, autumn 2024"), date_from_ymd(2024, 10, 11));
    assert_int_equal(made_on(j, "Children in need census"), date_from_ymd(2025, 5, 20));
    assert_int_equal(made_on(j, "Suspension notifications"), date_from_ymd(2025, 5, 6));
    assert_int_equal(made_on(j, "Term dates"), DATE_NONE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_council_loads_as_written),
        SUPPORT_TEST(loading_twice_changes_nothing),
        SUPPORT_TEST(what_is_read_is_loaded_or_refused),
        SUPPORT_TEST(files_one_by_one_give_the_same_facts),
        SUPPORT_TEST(a_suspension_that_comes_three_times_is_kept_three_times),
        SUPPORT_TEST(what_is_not_understood_is_left_with_a_reason),
        SUPPORT_TEST(nothing_understood_is_an_error_that_names_a_file),
        SUPPORT_TEST(tables_of_two_exports_in_one_folder_are_told_by_their_names),
        SUPPORT_TEST(the_order_of_a_load_is_not_that_of_names),
        SUPPORT_TEST(the_authority_is_told_by_census_then_gias_then_option_then_database),
        SUPPORT_TEST(a_census_of_another_authority_than_asked_is_refused),
        SUPPORT_TEST(the_name_of_the_authority_comes_from_gias),
        SUPPORT_TEST(progress_goes_up_to_the_end_and_figures_follow_once),
        SUPPORT_TEST(two_loads_of_one_authority_do_not_run_at_once),
        SUPPORT_TEST(a_batch_says_when_its_files_were_made),
        SUPPORT_TEST(each_batch_is_known_from_a_time_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
