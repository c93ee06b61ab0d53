/* Finding a child, the list behind a figure, and the original of a fact. */
#include "support/html.h"
#include "support/support.h"
#include "web/children/children.html.h"
#include "web/children/original.html.h"

static const struct option schools[] = {{"", "All schools", true},
    {"100002", "Fernhill Academy", false}, {"100001", "Oakleaf Primary", false}};

static struct child *
crowd(struct job *j, size_t n)
{
    struct child *v = job_array(j, n, sizeof *v);

    for (size_t i = 0; i < n; i++)
        v[i] = (struct child){.person = 100 + (int64_t)i,
                              .name = job_format(j, "Kai Whitlock %zu", i),
                              .born = date_from_ymd(2012, 3, 14),
                              .urn = 100002,
                              .school = "Fernhill Academy",
                              .on_roll = i != 1,
                              .year_group = (int32_t)i % 5 + 7,
                              .upn = i == 2 ? NULL : "A123456789012"};
    if (n > 3)
        v[3] = (struct child){.person = 9, .name = "<b>Amira & co</b>", .born = DATE_NONE,
                              .year_group = -2};
    return v;
}

static void
show(struct children_page *p, struct html *o, const char *keep)
{
    html_begin(o);
    view_children(o, p);
    html_sound(o);
    html_keep(o, keep);
}

static void
nothing_is_listed_before_something_is_asked(void **state)
{
    struct job *j = support_job(state);
    struct children_found f = {
        .words = "", .group_year = CHILD_ANY_YEAR, .page = 1, .schools = schools, .n_schools = 3};
    struct children_page p;
    struct html o;

    children_found_make(j, &f, html_view("Children", "/children"), &p);
    show(&p, &o, "children");
    assert_true(html_has(&o, "Find a child"));
    assert_false(html_has(&o, "<table"));
    assert_null(p.none);
    html_done(&o);
}

static void
children_found_are_listed_with_what_is_not_known_said(void **state)
{
    struct job *j = support_job(state);
    struct children_found f = {.words = "kai \"w\"",
                               .group_year = CHILD_ANY_YEAR,
                               .page = 1,
                               .v = crowd(j, 4),
                               .n = 4,
                               .total = 4,
                               .schools = schools,
                               .n_schools = 3,
                               .asked = true};
    struct children_page p;
    struct html o;

    children_found_make(j, &f, html_view("Children", "/children"), &p);
    show(&p, &o, "children-found");
    assert_true(html_has(&o, "href=\"/children/100\""));
    assert_true(html_has(&o, "value=\"kai &quot;w&quot;\""));
    assert_true(html_has(&o, "&lt;b&gt;Amira &amp; co&lt;/b&gt;"));
    assert_true(html_has(&o, ">4 pupils</h2>"));
    assert_true(html_has(&o, "Has left"));
    assert_int_equal(html_count(&o, "abs abs--nodata"), 2);
    html_done(&o);
}

static void
long_lists_are_cut_into_pages_that_keep_the_search(void **state)
{
    struct job *j = support_job(state);
    struct children_found f = {.words = "o'neil",
                               .group_year = CHILD_ANY_YEAR,
                               .urn = 100002,
                               .page = 2,
                               .v = crowd(j, 20),
                               .n = 20,
                               .total = 56,
                               .asked = true};
    struct children_page p;
    struct html o;

    children_found_make(j, &f, html_view("Children", "/children"), &p);
    show(&p, &o, "children-many");
    assert_string_equal(p.count, "Showing 21 to 40 of 56 pupils");
    assert_string_equal(p.pages.next, "/children?q=o%27neil&school=100002&page=3");
    assert_string_equal(p.pages.next_text, "Next 16 pupils");
    assert_string_equal(p.pages.previous, "/children?q=o%27neil&school=100002");
    f.page = 3;
    f.n = 16;
    children_found_make(j, &f, html_view("Children", "/children"), &p);
    assert_null(p.pages.next);
    html_done(&o);
}

static void
too_many_found_is_said(void **state)
{
    struct job *j = support_job(state);
    struct children_found f = {.words = "a",
                               .group_year = CHILD_ANY_YEAR,
                               .page = 1,
                               .v = crowd(j, 20),
                               .n = 20,
                               .total = 101,
                               .asked = true};
    struct children_page p;

    children_found_make(j, &f, html_view("Children", "/children"), &p);
    assert_non_null(strstr(p.lede, "More than 100"));
    assert_string_equal(p.count, "Showing 1 to 20 of 100 pupils");
}

static void
nobody_found_says_what_to_try(void **state)
{
    struct job *j = support_job(state);
    struct children_found f = {.words = "zzz",
                               .group_year = CHILD_ANY_YEAR,
                               .page = 1,
                               .asked = true,
                               .school_view = true};
    struct children_page p;
    struct html o;

    children_found_make(j, &f, html_view("Children", "/children"), &p);
    show(&p, &o, "children-none");
    assert_true(html_has(&o, "My pupils"));
    assert_true(html_has(&o, "No pupil of your school has a name that begins so."));
    html_done(&o);
}

static void
the_list_behind_a_figure_says_what_counts(void **state)
{
    struct job *j = support_job(state);
    static const struct snapshot s = {.as_of = 20331, .first_year = 2018, .last_year = 2024};
    static const struct figure_child v[] = {
        {7, "Kai Whitlock", "Fernhill Academy", 100002, 8, 3, 7, 0, 190, 40, false},
        {8, "Amira Rahimi", "Oakleaf Primary", 100001, 6, 2, 4, 0, 190, 20, false}};
    struct children_listed f = {.measure = M_SUSP2, .year = 2024, .dimension = D_SEX, .member = "F",
        .group = "Girls", .page = 1, .v = v, .n = 2, .total = 2, .snapshot = &s};
    static const struct actor analyst = {.account = 1, .role = ROLE_ANALYST, .area = 1};
    struct children_page p;
    struct html o;

    j->who = &analyst;
    children_listed_make(j, &f, html_view("Children", "/children"), &p);
    show(&p, &o, "children-listed");
    assert_string_equal(p.heading, "Suspended twice or more: 2 pupils");
    assert_string_equal(p.caption, "School year 2024/25 · Girls");
    assert_true(html_has(&o, measure_rows[M_SUSP2].definition));
    assert_true(html_has(&o, "3½"));
    assert_true(html_has(&o, "Remove filter: "));
    assert_string_equal(p.csv, "/children.csv?measure=susp2&year=2024&by=sex&group=F");
    assert_string_equal(p.table.cells[5].text, "40 of 190");
    assert_string_equal(p.table.cells[5].note, "21.1%");
    html_done(&o);
}

static void
what_a_pupil_missed_needs_twenty_possible_sessions(void **state)
{
    struct job *j = support_job(state);
    static const struct missed missed[] = {{19, 190}, {19, 19}, {0, 0}, {0, 20}};
    struct children_found f = {.words = "kai", .group_year = CHILD_ANY_YEAR, .page = 1,
        .v = crowd(j, 4), .n = 4, .total = 4, .asked = true, .missed = missed,
        .missed_year = 2024};
    struct children_page p;
    struct html o;

    children_found_make(j, &f, html_view("Children", "/children"), &p);
    show(&p, &o, "children-missed");
    assert_int_equal(p.table.n_columns, 6);
    assert_true(html_has(&o, "Missed in 2024/25"));
    assert_string_equal(p.table.cells[4].text, "19 of 190");
    assert_string_equal(p.table.cells[4].note, "10.0%");
    assert_int_equal(p.table.cells[10].absent, SUPPRESSED);
    assert_int_equal(p.table.cells[16].absent, NO_DATA);
    assert_string_equal(p.table.cells[22].text, "0 of 20");
    html_done(&o);
}

static void
an_original_stands_beside_its_fact(void **state)
{
    static const struct named where[] = {{"File", "census-spring.csv", NULL, NULL, PRESENT},
        {"Line", "1,204", NULL, NULL, PRESENT}};
    static const struct original_value v[] = {{"UPN", "A123456789012"},
        {"Shoe size", NULL}};
    struct original_page p = {.view = html_view("Original", "/children"), .child = "Kai Whitlock",
        .child_path = "/children/7", .heading = "Suspended, 2 days", .where = where, .n_where = 2,
        .values = v, .n_values = 2, .raw = "A123456789012,\"<x>\",,"};
    struct html o;

    (void)state;
    html_begin(&o);
    view_original(&o, &p);
    html_sound(&o);
    html_keep(&o, "original");
    assert_true(html_has(&o, ">empty<"));
    assert_true(html_has(&o, "A123456789012,&quot;&lt;x&gt;&quot;,,"));
    html_done(&o);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(nothing_is_listed_before_something_is_asked),
        SUPPORT_TEST(children_found_are_listed_with_what_is_not_known_said),
        SUPPORT_TEST(long_lists_are_cut_into_pages_that_keep_the_search),
        SUPPORT_TEST(too_many_found_is_said),
        SUPPORT_TEST(nobody_found_says_what_to_try),
        SUPPORT_TEST(the_list_behind_a_figure_says_what_counts),
        SUPPORT_TEST(what_a_pupil_missed_needs_twenty_possible_sessions),
        SUPPORT_TEST(an_original_stands_beside_its_fact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
