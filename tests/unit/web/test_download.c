/* Tables taken away from the pages: what arrives, as what, and for whom. */
#include "access/setting.h"
#include "base/csv.h"
#include "base/text.h"
#include "risk/snapshot.h"
#include "support/served.h"
#include "support/small_timeline.h"

/* Twenty-four children: three boys suspended, six girls absent too often. */
static void
twenty_four_children(struct job *j)
{
    struct small *s = small_new(j);
    struct figures_from from = {.as_of = DATE_NONE};
    struct figures_made made;

    for (int i = 0; i < 24; i++) {
        struct timeline_event e = {.started = 19000 + i, .sessions = 2};
        small_child(s, i % 2 ? 'M' : 'F');
        if (i % 2 && i < 6)
            small_event(s, &e);
        small_absence(s, 2021, 300, i % 2 == 0 && i < 12 ? 60 : 0);
    }
    j->area = 1;
    from.t = small_done(s);
    assert_ok(j, figures_make(j, &from, &made));
}

static void
start(struct served *s, struct job *j)
{
    served_start(s, j, NULL);
    twenty_four_children(j);
    served_sign_in(s, "analyst");
}

static void
the_csv_is_an_attachment_that_programs_can_read(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    a = client_get(&s.client, "/download/who-is-at-risk.csv");
    assert_int_equal(a.status, 200);
    assert_string_equal(client_header(&s.client, &a, "Content-Type"), "text/csv; charset=utf-8");
    assert_string_equal(client_header(&s.client, &a, "X-Content-Type-Options"), "nosniff");
    assert_string_equal(client_header(&s.client, &a, "Cache-Control"), "no-store");
    assert_non_null(strstr(client_header(&s.client, &a, "Content-Disposition"),
                           "attachment; filename=\"who-is-at-risk.csv\""));
    assert_non_null(strstr(a.body, "measure,school_year,"));
    assert_non_null(strstr(a.body, "Trial: not for live use"));
    served_stop(&s);
}

static void
the_workbook_is_one(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    start(&s, j);
    a = client_get(&s.client, "/download/who-is-at-risk.xlsx?measure=susp&year=2021");
    assert_int_equal(a.status, 200);
    assert_string_equal(client_header(&s.client, &a, "Content-Type"),
                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assert_string_equal(client_header(&s.client, &a, "X-Content-Type-Options"), "nosniff");
    assert_non_null(strstr(client_header(&s.client, &a, "Content-Disposition"),
                           "attachment; filename=\"who-is-at-risk.xlsx\""));
    assert_memory_equal(a.body, "PK\3\4", 4);
    served_stop(&s);
}

/* The text of a column, by its name in the header. */
static const char *
cell(struct job *j, const struct csv_row *names, const struct csv_row *row, const char *name)
{
    assert_int_equal(row->n, names->n);
    for (size_t i = 0; i < names->n; i++)
        if (names->field[i].n == strlen(name) && !memcmp(names->field[i].s, name, strlen(name)))
            return job_copy_n(j, row->field[i].s, row->field[i].n);
    fail_msg("no column %s", name);
    return NULL;
}

static void
small_counts_never_leave_and_the_groups_asked_for_do(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;
    struct csv *c;
    struct csv_row names, row;
    int rows = 0, hidden = 0, shown = 0;
    bool more;

    start(&s, j);
    a = client_get(&s.client, "/download/who-is-at-risk.csv?year=2021&by=sex");
    assert_int_equal(a.status, 200);
    c = csv_open_text(j, a.body, a.n_body, (struct csv_limits){0});
    assert_ok(j, csv_next(c, &names, &more));
    names.field = memcpy(job_array(j, names.n, sizeof *names.field), names.field,
                         names.n * sizeof *names.field);
    for (; csv_next(c, &row, &more) == OK && more; rows++) {
        const char *count = cell(j, &names, &row, "count");
        const char *by = cell(j, &names, &row, "dimension");
        assert_string_equal(cell(j, &names, &row, "school_year"), "2021/22");
        assert_true(!strcmp(by, "Sex") || !strcmp(by, "All pupils"));
        assert_true(strlen(count) != 1 || strchr("056789c", count[0]));
        hidden += !strcmp(count, "c");
        shown += !strcmp(cell(j, &names, &row, "measure"), "pa") && !strcmp(count, "6");
    }
    assert_int_equal(j->err.kind, OK);
    assert_true(rows > 3 * MEASURES / 2);
    assert_true(hidden > 0); /* three boys suspended */
    assert_true(shown > 0);  /* six girls persistently absent */
    served_stop(&s);
}

static void
a_table_that_is_not_there_is_not_found(void **state)
{
    static const char *const paths[] = {
        "/download/who-is-at-risk.csv?measure=nonsense", "/download/who-is-at-risk.csv?by=height",
        "/download/who-is-at-risk.csv?year=1950", "/download/who-is-at-risk.xlsx?year=x",
        "/download/who-is-at-risk.ods"};
    struct job *j = support_job(state);
    struct served s;

    start(&s, j);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct answer_seen a = client_get(&s.client, paths[i]);
        assert_int_equal(a.status, 404);
        assert_null(client_header(&s.client, &a, "Content-Disposition"));
    }
    served_stop(&s);
}

static void
only_those_who_may_export_get_it_and_it_is_written_down(void **state)
{
    static const char sql_exports[] =
        "SELECT COUNT(*) FROM audit WHERE area_id = 1 AND act = 'export'";
    static const char *const others[] = {"senco", "administrator"};
    struct job *j = support_job(state);
    struct served s;
    int64_t before;

    start(&s, j);
    before = served_count(&s, sql_exports);
    assert_int_equal(client_get(&s.client, "/download/who-is-at-risk.csv").status, 200);
    assert_true(served_count(&s, sql_exports) > before);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        served_sign_in(&s, others[i]);
        assert_int_equal(client_get(&s.client, "/download/who-is-at-risk.csv").status, 404);
    }
    served_stop(&s);
}

static void
before_the_first_load_a_page_says_so(void **state)
{
    struct job *j = support_job(state);
    struct served s;
    struct answer_seen a;

    served_start(&s, j, NULL);
    served_sign_in(&s, "analyst");
    a = client_get(&s.client, "/download/who-is-at-risk.csv");
    assert_int_equal(a.status, 200);
    assert_null(client_header(&s.client, &a, "Content-Disposition"));
    assert_non_null(strstr(a.body, "No figures yet"));
    served_stop(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_csv_is_an_attachment_that_programs_can_read),
        SUPPORT_TEST(the_workbook_is_one),
        SUPPORT_TEST(small_counts_never_leave_and_the_groups_asked_for_do),
        SUPPORT_TEST(a_table_that_is_not_there_is_not_found),
        SUPPORT_TEST(only_those_who_may_export_get_it_and_it_is_written_down),
        SUPPORT_TEST(before_the_first_load_a_page_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
