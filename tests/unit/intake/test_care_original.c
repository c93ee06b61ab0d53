/* Every fact of social care has its original: the line of the file that told it, whichever kind
 * of file that is. */
#include "intake/original.h"
#include "support/loads.h"

static void
load_it(struct job *j, const char *name)
{
    const char *paths[] = {support_path(j, name)};
    struct load_options o = {.area = 896, .loaded_by = "test"};
    struct load_result r;

    assert_ok(j, load(j, paths, 1, &o, &r));
    assert_int_equal(r.refused, 0);
    assert_true(r.published > 0);
}

static void
copy_all(struct job *j, const char *prefix, const char *folder)
{
    size_t n;
    char **names = dump_folder(j, "tests/golden/returns/accept", "-0.csv", &n);

    for (size_t i = 0; i < n; i++)
        if (!strncmp(names[i], prefix, strlen(prefix)))
            loads_copy(j, job_format(j, "tests/golden/returns/accept/%s", names[i]),
                       job_format(j, "%s/%s", folder, names[i]));
}

struct told {
    struct original_place at;
    const char *kind, *source;
    int32_t started;
};

static struct told *
all_facts(struct job *j, size_t *n)
{
    struct told *v = job_array(j, 200, sizeof *v);
    struct rows q;

    *n = 0;
    db_ask(j, &q, "SELECT batch_id, file_id, line, kind, source_kind, started FROM care_episode "
                  "WHERE area_id = 896 ORDER BY batch_id, file_id, line, part", NO_ARGS);
    while (db_next(&q) && *n < 200)
        v[(*n)++] = (struct told){{row_int(&q, 0), row_int(&q, 1), row_int(&q, 2)},
                                  row_text(&q, 3), row_text(&q, 4), (int32_t)row_int(&q, 5)};
    assert_ok(j, db_done(&q));
    return v;
}

/* One of the values is the day on which it began. */
static bool
tells_day(const struct original_record *r, int32_t day)
{
    for (size_t i = 0; i < r->n; i++) {
        int32_t date;
        if (date_parse(r->v[i].value, strlen(r->v[i].value), &date) && date == day)
            return true;
    }
    return false;
}

static void
every_fact_of_every_source_has_its_line(void **state)
{
    struct job *j = support_job(state);
    struct told *v;
    size_t n, scores = 0;

    j->limit = 256 * (size_t)JOB_MB; /* five loads */
    support_db(j);
    copy_all(j, "ssd-", "ssd");
    copy_all(j, "annex-a-", "annex");
    copy_all(j, "ssda903-", "903");
    loads_copy(j, "tests/golden/returns/accept/care-api.0-0.json", "api/payload.json");
    loads_copy(j, "tests/golden/returns/accept/ssda903.2024-0.xml", "xml/ssda903.xml");
    load_it(j, "ssd");
    load_it(j, "annex");
    load_it(j, "903");
    load_it(j, "api");
    load_it(j, "xml");
    v = all_facts(j, &n);
    assert_true(n > 40);
    for (size_t i = 0; i < n; i++) {
        struct original_record r;
        assert_ok(j, original_get(j, v[i].at, &r));
        if (!strcmp(v[i].kind, "sdq") && !strcmp(v[i].source, "ssda903"))
            scores++; /* of the year: its file tells no day */
        else if (!tells_day(&r, v[i].started))
            fail_msg("%s of %s, line %lld: %s", v[i].kind, v[i].source, (long long)v[i].at.line,
                     r.raw);
    }
    assert_int_equal(scores, 2);
}

/* Of the columns that are not needed nothing is kept; lines and quotes stay right. */
static void
columns_that_are_not_needed_leave_no_text(void **state)
{
    struct job *j = support_job(state);
    struct original_record r;
    struct told *v;
    size_t n;

    support_db(j);
    loads_file(j, "ssd/plans.csv",
               "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_notes,"
               "cppl_cp_plan_end_date,cppl_cp_plan_initial_category\n"
               "CP1,\"1 \"\"x\"\"\",2024-01-01,\"two\nlines, \"\"quoted\"\"\",2024-02-01,NEG\n\n"
               "CP2,2,2024-03-01,,,EMO\n");
    load_it(j, "ssd");
    v = all_facts(j, &n);
    assert_int_equal(n, 2);
    assert_int_equal(v[0].at.line, 2);
    assert_int_equal(v[1].at.line, 5);
    assert_ok(j, original_get(j, v[0].at, &r));
    assert_int_equal(r.n, 3);
    assert_string_equal(r.v[0].name, "cppl_person_id");
    assert_string_equal(r.v[0].value, "1 \"x\"");
    assert_string_equal(r.raw, "\"1 \"\"x\"\"\",\"2024-01-01\",\"2024-02-01\"");
    assert_ok(j, original_get(j, v[1].at, &r));
    assert_string_equal(r.v[1].value, "2024-03-01");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(every_fact_of_every_source_has_its_line),
        SUPPORT_TEST(columns_that_are_not_needed_leave_no_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
