/* Near the edge, and the pages of schools, from invented figures. */
#include "support/html.h"
#include "support/support.h"
#include "web/risk/cliff.html.h"
#include "web/schools/schools.html.h"

static const struct actor analyst = {.account = 1, .role = ROLE_ANALYST, .area = 1};
static const struct actor senco = {.account = 2, .role = ROLE_SENCO, .area = 1, .urn = 100002};
static const struct snapshot snapshot = {.id = 1, .as_of = 20331, .first_year = 2018,
                                         .last_year = 2025};

static const struct cliff known = {.school_year = 2024, .pupils = 49382,
    .at_least = {0, 0, 5903, 2084, 571}, .leave_one_out_low = 1412, .leave_one_out_high = 1903,
    .not_loaded = "CAMHS, youth justice",
    .missing = EDGE_BIT(EDGE_HELP) | EDGE_BIT(EDGE_CAMHS) | EDGE_BIT(EDGE_YOUTH_JUSTICE),
    .later_cliff = {127, 2001, 0.05, 0.07},
    .later_neither = {700, 43000, 0.015, 0.017}, .ratio = 3.9, .low = 3.5, .high = 4.4,
    .plans = 2100, .plans2 = 640};
static const struct figure all_years[] = {{M_CLIFF, 2023, D_ALL, "all", 1900, 49100, false, {0}},
                                          {M_CLIFF, 2024, D_ALL, "all", 2084, 49382, false, {0}}};
static const struct cliff_place at[] = {{"Fernhill Academy", "100002", {60, 900, false}},
    {"Oakleaf Primary", "100001", {0, 210, false}}, {"The Bridge AP", "100003", {3, 14, false}}};

static void
near_the_edge_shows_three_lines_and_what_was_not_looked_at(void **state)
{
    struct job *j = support_job(state);
    struct cliff_facts f = {snapshot, 2024, 2024, &known, {all_years, 2}, at, 3, NULL, 0, NULL, 0};
    struct cliff_page p;
    struct html o;

    j->who = &analyst;
    cliff_page_make(j, &f, html_view("Near the edge", "/cliff-edge"), &p);
    html_begin(&o);
    view_cliff(&o, &p);
    html_sound(&o);
    html_keep(&o, "cliff");
    assert_string_equal(p.heading, "2,084 pupils are near the edge and nobody’s duty");
    assert_true(html_has(&o, "4.2%"));
    assert_true(html_has(&o, "Up from 3.9% in 2023/24"));
    assert_true(html_has(&o, "3.9 times as many as of pupils with neither"));
    assert_true(html_has(&o, "because no file is loaded: CAMHS, youth justice"));
    assert_true(html_has(&o, "between 1,412 and 1,903"));
    /* a need and two thresholds lack a source; one of them has another */
    assert_int_equal(html_count(&o, "abs abs--nodata"), 3);
    assert_true(html_has(&o, "not loaded: early help"));
    assert_true(html_has(&o, "2,100 pupils have an education, health and care plan and are never "
                             "counted as near the edge. 640 of them have two or more"));
    html_done(&o);
}

static void
schools_near_the_edge_are_in_order_of_name_and_small_ones_have_no_share(void **state)
{
    struct job *j = support_job(state);
    struct cliff_facts f = {snapshot, 2024, 2024, &known, {all_years, 2}, at, 3, NULL, 0, NULL, 0};
    struct cliff_page p;

    j->who = &analyst;
    cliff_page_make(j, &f, html_view("Near the edge", "/cliff-edge"), &p);
    assert_string_equal(p.schools.cells[0].text, "Fernhill Academy");
    assert_string_equal(p.schools.cells[0].href,
                        "/children?measure=cliff&year=2024&by=school&group=100002");
    assert_string_equal(p.schools.cells[3].text, "6.7%");
    assert_null(p.schools.cells[4].href);
    assert_int_equal(p.schools.cells[11].absent, SUPPRESSED);
}

static void
needs_years_and_districts_stand_in_tables(void **state)
{
    static const struct cliff_place districts[] = {{"Eastvale", "Eastvale", {50, 1000, false}}};
    struct job *j = support_job(state);
    struct cliff two[2] = {known, known};
    struct cliff_facts f = {snapshot, 2024, 2024, &two[1], {all_years, 2}, at, 3, districts, 1,
                            two, 2};
    struct cliff_page p;
    struct html o;

    two[0].school_year = 2023;
    two[0].at_least[3] = 1000;
    two[1].with[2] = 1500;
    two[1].without[2] = 1412;
    j->who = &analyst;
    cliff_page_make(j, &f, html_view("Near the edge", "/cliff-edge"), &p);
    html_begin(&o);
    view_cliff(&o, &p);
    html_sound(&o);
    assert_non_null(strstr(p.need_says, "Most often it is “Free school meals”: 1,500 of 2,084"));
    assert_string_equal(p.by_need.cells[4 * 2 + 3].text, "1,412");
    assert_string_equal(p.year_words.says,
                        "Near the edge in 2024/25: 4.2% of pupils. Up from 2.0% in 2023/24.");
    assert_string_equal(p.by_year.cells[3].text, "1,412 to 1,903");
    assert_string_equal(p.districts.cells[0].href,
                        "/children?measure=cliff&year=2024&by=district&group=Eastvale");
    html_done(&o);
}

static void
a_year_that_is_not_known_yet_says_so(void **state)
{
    struct job *j = support_job(state);
    struct cliff none = {.school_year = 2025, .not_loaded = ""};
    struct cliff_facts f = {snapshot, 2025, 2024, &none, {all_years, 2}, NULL, 0, NULL, 0, NULL, 0};
    struct cliff_page p;
    struct html o;

    j->who = &analyst;
    cliff_page_make(j, &f, html_view("Near the edge", "/cliff-edge"), &p);
    html_begin(&o);
    view_cliff(&o, &p);
    html_sound(&o);
    assert_string_equal(p.heading, "Who is near the edge is not known for this year");
    assert_true(html_has(&o, "Known when the school year is over"));
    html_done(&o);
}

static const struct school schools[] = {
    {100002, "Fernhill Academy", "Academy converter", "secondary", "North Ashmere", DATE_NONE, 900,
     2024, TERM_SUMMER},
    {100001, "Oakleaf Primary", "Community school", "primary", "", DATE_NONE, 210, 2024,
     TERM_SUMMER},
    {100003, "The Bridge AP", "", "", "", 20000, 14, 2024, TERM_SUMMER}};
static const struct figure by_school[] = {{M_SUSP, 2024, D_SCHOOL, "100002", 45, 900, false, {0}},
                                          {M_SUSP, 2024, D_SCHOOL, "100001", 0, 210, false, {0}},
                                          {M_SUSP, 2024, D_SCHOOL, "100003", 4, 14, false, {0}},
                                          {M_PA, 2024, D_SCHOOL, "100002", 0, 0, true, {0}}};

static const struct flow_line flow[] = {
    {false, FLOW_SCHOOL, 100001, "Oakleaf Primary", 9}, {true, FLOW_SCHOOL, 100001, "Oakleaf", 5},
    {true, FLOW_SCHOOL, 100003, "The Bridge AP", 2}, {true, FLOW_MANAGED, 100003, "The Bridge", 1},
    {true, FLOW_EXIT, 0, NULL, 3}};

static void
moves_are_a_picture_a_sentence_and_a_table(void **state)
{
    struct job *j = support_job(state);
    struct school_facts f = {.year = 2024, .flow = flow, .n_flow = 5};
    struct school_page p = {.source = "School census"};
    struct html o;

    school_flow(j, &f, &p);
    html_begin(&o);
    part_school_flow(&o, &p);
    assert_string_equal(p.flow_words.says, "In 2024/25 there were 9 moves in and 11 out, 3 of "
                                           "them off every roll without an explanation");
    assert_true(html_has(&o, "aria-label=\"Moves in: 9 from another school. Moves out: 7 to "
                             "another school, 1 by managed move, 3 off roll, unexplained.\""));
    assert_int_equal(html_count(&o, "<path"), 4);
    assert_int_equal(html_count(&o, "class=\"acc\""), 1);
    assert_true(html_has(&o, "never a finding of wrongdoing"));
    assert_int_equal(p.flow_table.n_rows, 5);
    assert_string_equal(p.flow_table.cells[13].text, "Not named");
    html_done(&o);
}

static void
a_school_without_moves_has_no_picture(void **state)
{
    struct job *j = support_job(state);
    struct school_facts f = {.year = 2024};
    struct school_page p = {0};

    school_flow(j, &f, &p);
    assert_null(p.flow.name);
}

static void
schools_are_listed_with_shares_and_links_to_the_pupils(void **state)
{
    struct job *j = support_job(state);
    struct schools_facts f = {schools, 3, NULL, 2024, {by_school, 4}};
    struct schools_page p;
    struct html o;

    j->who = &analyst;
    schools_page_make(j, &f, html_view("Schools", "/schools"), &p);
    html_begin(&o);
    view_schools(&o, &p);
    html_sound(&o);
    html_keep(&o, "schools");
    assert_string_equal(p.heading, "3 schools");
    assert_true(html_has(&o, ">5.0%<"));
    assert_true(html_has(&o, "href=\"/schools/100002\""));
    assert_string_equal(p.table.cells[4].absent == NO_DATA ? "no data" : "", "no data");
    assert_int_equal(p.table.cells[2 * 6 + 3].absent, SUPPRESSED);
    assert_true(html_has(&o, ">Closed<"));
    html_done(&o);
    f.phase = "primary";
    schools_page_make(j, &f, html_view("Schools", "/schools"), &p);
    assert_int_equal(p.table.n_rows, 1);
}

static void
a_school_sees_its_list_without_figures(void **state)
{
    struct job *j = support_job(state);
    struct schools_facts f = {schools, 1, NULL, 0, {NULL, 0}};
    struct schools_page p;
    struct html o;

    j->who = &senco;
    schools_page_make(j, &f, html_view("Schools", "/schools"), &p);
    html_begin(&o);
    view_schools(&o, &p);
    html_sound(&o);
    assert_int_equal(p.table.n_columns, 3);
    assert_false(html_has(&o, "Suspended"));
    html_done(&o);
}

static void
a_school_has_figures_year_groups_and_its_pupils(void **state)
{
    struct job *j = support_job(state);
    static const struct school_year_group groups[] = {{7, 180}, {8, 181}, {-2, 1}};
    struct figure v[16];
    struct school_facts f = {schools, groups, 3, snapshot, 2024, {v, 0}, NULL, 0, NULL};
    struct school_page p;
    struct html o;

    for (int y = 2018; y <= 2024; y++)
        v[f.figures.n++] =
            (struct figure){M_SUSP, y, D_SCHOOL, "100002", 20 + y - 2018, 900, false, {0}};
    j->who = &analyst;
    school_page_make(j, &f, html_view("Fernhill Academy", "/schools"), &p);
    html_begin(&o);
    view_school(&o, &p);
    html_sound(&o);
    html_keep(&o, "school");
    assert_string_equal(p.heading, "Fernhill Academy");
    assert_true(html_has(&o, "School 100002 · Academy converter · Secondary · North Ashmere"));
    assert_true(html_has(&o, "href=\"/children?school=100002\""));
    assert_true(html_has(&o, "href=\"/children?school=100002&amp;group_year=8\""));
    assert_true(html_has(&o, "Suspended once or more, from 2.2 to 2.9"));
    assert_true(html_has(&o, "Not given"));
    html_done(&o);
}

/* Suspended: 90 of 900 here against 4 per 100 of secondary schools of the authority. */
static void
a_school_above_its_authority_is_told_and_one_without_figures_is_not(void **state)
{
    static const struct figure own[] = {{M_DFE_ONE_PLUS, 2023, D_SCHOOL, "100002", 90, 900, false,
                                         {0}}};
    struct published_school published = {.school_year = 2023, .n = 1, .row = {{
        .measure = M_DFE_ONE_PLUS,
        .of = {[BESIDE_AUTHORITY] = {{BENCHMARK_GIVEN, 40000, "4.00", 4}, false},
               [BESIDE_ENGLAND] = {{BENCHMARK_GIVEN, 50000, "5.00", 4}, true}}}}};
    struct job *j = support_job(state);
    struct school_facts f = {.school = &schools[0], .year = 2024, .figures = {own, 1},
                             .published = &published};
    struct school_page p = {.source = "School census"};

    school_beside(j, &f, &p);
    assert_non_null(strstr(p.beside_says, "Above the authority’s figure in 2023/24 by more than "
                                          "chance: enrolments with one or more suspensions."));
    assert_string_equal(p.beside.cells[1].text, "10.00");
    assert_string_equal(p.beside.cells[5].note, "all schools");
    published.school_year = 0;
    p = (struct school_page){0};
    school_beside(j, &f, &p);
    assert_int_equal(p.beside.n_rows, 0);
    assert_non_null(strstr(p.beside_says, "load DfE’s files"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(near_the_edge_shows_three_lines_and_what_was_not_looked_at),
        SUPPORT_TEST(schools_near_the_edge_are_in_order_of_name_and_small_ones_have_no_share),
        SUPPORT_TEST(a_year_that_is_not_known_yet_says_so),
        SUPPORT_TEST(moves_are_a_picture_a_sentence_and_a_table),
        SUPPORT_TEST(a_school_without_moves_has_no_picture),
        SUPPORT_TEST(schools_are_listed_with_shares_and_links_to_the_pupils),
        SUPPORT_TEST(a_school_sees_its_list_without_figures),
        SUPPORT_TEST(a_school_has_figures_year_groups_and_its_pupils),
        SUPPORT_TEST(a_school_above_its_authority_is_told_and_one_without_figures_is_not),
        SUPPORT_TEST(needs_years_and_districts_stand_in_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
