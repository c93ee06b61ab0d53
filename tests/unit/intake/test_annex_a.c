/* Annex A: the lists as sheets of a workbook, and as CSV. */
#include "support/loads.h"
#include <xlsxwriter.h>

enum { LISTS = 9 };

static int64_t
rows(struct job *j, const char *condition)
{
    int64_t n;

    assert_ok(j, db_int(j, job_format(j, "SELECT count(*) FROM care_episode WHERE area_id = 896 "
                                         "AND source_kind = 'annex-a' AND %s", condition),
                        NO_ARGS, -1, &n));
    return n;
}

static struct load_result
load_in(struct job *j, const char *name, enum load_outcome want)
{
    const char *paths[] = {support_path(j, name)};
    struct load_options o = {.area = 896, .loaded_by = "test"};
    struct load_result r;

    assert_ok(j, load(j, paths, 1, &o, &r));
    for (size_t i = 0; i < r.n_batches; i++)
        if (r.batch[i].outcome != want)
            fail_msg("%s: %s", r.batch[i].title, r.batch[i].message);
    return r;
}

/* An accepted CSV of tests/golden/returns as a sheet, under two rows of title. */
static void
add_sheet(struct job *j, lxw_workbook *w, int list)
{
    struct span text = dump_load(
        j, job_format(j, "tests/golden/returns/accept/annex-a-list_%d.0-0%s.csv", list,
                      list == 1 ? ".skipped" : ""));
    lxw_worksheet *s = workbook_add_worksheet(w, job_format(j, "List_%d", list));
    struct csv *csv = csv_open_text(j, text.s, text.n, (struct csv_limits){0});
    lxw_row_t at = 2;
    struct csv_row row;
    bool more;

    worksheet_write_string(s, 0, 0, "Inspection of children's services", NULL);
    for (; !csv_next(csv, &row, &more) && more; at++)
        for (size_t i = 0; i < row.n; i++)
            worksheet_write_string(s, at, (lxw_col_t)i,
                                   job_copy_n(j, row.field[i].s, row.field[i].n), NULL);
}

static void
write_book(struct job *j, const char *name)
{
    lxw_workbook *w;

    loads_file(j, name, "");
    w = workbook_new(support_path(j, name));
    assert_non_null(w);
    for (int list = 1; list < LISTS; list++)
        add_sheet(j, w, list);
    assert_int_equal(workbook_close(w), LXW_NO_ERROR);
}

static void
check_rows(struct job *j, const struct load_result *r)
{
    assert_int_equal(r->n_batches, 1);
    assert_string_equal(r->batch[0].title, "Annex A, to 3 February 2025");
    assert_int_equal(r->batch[0].read, r->batch[0].loaded + r->batch[0].refused);
    assert_int_equal(rows(j, "kind = 'help'"), 2);
    assert_int_equal(rows(j, "kind = 'help' AND ended IS NULL AND told_to = 20123"), 1);
    assert_int_equal(rows(j, "kind = 'referral' AND no_further_action = 1"), 1);
    assert_int_equal(rows(j, "kind = 'referral' AND ended IS NULL"), 1); /* list 6 */
    assert_int_equal(rows(j, "kind IN ('assessment', 'enquiry', 'protection')"), 4);
    assert_int_equal(rows(j, "kind = 'care'"), 1); /* V4 is a short break */
    assert_int_equal(rows(j, "kind = 'placement' AND placement = 'K2'"), 1);
}

static void
a_workbook_is_one_batch_of_its_lists(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    write_book(j, "annex/annex-a.xlsx");
    r = load_in(j, "annex", LOAD_PUBLISHED);
    check_rows(j, &r);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM batch_file WHERE area_id = 896 AND "
                                    "layout = 'annex-a-list_1' AND note LIKE "
                                    "'%records recognised but not used: 1%'"), 1);
    load_in(j, "annex", LOAD_KNOWN);
}

static void
lists_as_csv_tell_the_same(void **state)
{
    struct job *j = support_job(state);
    struct load_result r;

    support_db(j);
    for (int list = 2; list < LISTS; list++)
        loads_copy(j, job_format(j, "tests/golden/returns/accept/annex-a-list_%d.0-0.csv", list),
                   job_format(j, "annex/List_%d.csv", list));
    r = load_in(j, "annex", LOAD_PUBLISHED);
    check_rows(j, &r);
}

/* No name, no UPN: a child whom nothing else in the database tells of is counted. */
static void
children_are_told_by_the_id_alone(void **state)
{
    struct job *j = support_job(state);

    support_db(j);
    loads_file(j, "people.csv", "LocalId,UPN,Surname,Forename,DOB\n"
                                "10421,Z896400419017,Example,Ada,2011-05-09\n");
    load_in(j, "people.csv", LOAD_PUBLISHED);
    write_book(j, "annex/annex-a.xlsx");
    load_in(j, "annex", LOAD_PUBLISHED);
    assert_true(rows(j, "identity_id IN (SELECT identity_id FROM identity WHERE "
                        "local_id = '10421' AND person_id IS NOT NULL)") >= 6);
    assert_int_equal(loads_count(j, "SELECT count(*) FROM identity WHERE area_id = 896 AND "
                                    "local_id = '10421' AND person_id IS NULL"), 0);
    assert_true(loads_count(j, "SELECT count(*) FROM finding WHERE area_id = 896 AND "
                               "rule = 'not-linkable'") >= 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_workbook_is_one_batch_of_its_lists),
        SUPPORT_TEST(lists_as_csv_tell_the_same),
        SUPPORT_TEST(children_are_told_by_the_id_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
