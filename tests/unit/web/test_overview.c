/* Overview, from invented figures. */
#include "support/html.h"
#include "support/support.h"
#include "web/overview/overview.html.h"

#define ANY "all"
#define AS_OF date_from_ymd(2025, 8, 31)

struct row { enum measure m; int64_t part[7]; }; /* 2018/19 … 2024/25; -1: no data */
static const struct row rows[] = {
    {M_ANY, {9120, 8700, 9300, 10100, 10800, 11435, 10930}},
    {M_BEYOND, {8020, 7700, 8200, 8600, 8900, 9200, 8744}},
    {M_SUSP, {990, 1089, 1535, 1733, 1832, 1780, 1937}},
    {M_SUSP2, {396, 446, 594, 693, 742, 742, 779}},
    {M_PEX, {32, 26, 39, 54, 60, 51, 62}},
    {M_PA, {-1, 6000, 11160, 10500, 9900, 9470, 9220}},
    {M_SA, {-1, 545, 843, 992, 1141, 1190, 1240}},
    {M_PTT, {-1, -1, -1, -1, -1, 446, 645}},
    {M_AP, {153, 138, 163, 193, 208, 218, 218}},
    {M_MM, {94, 54, 89, 104, 99, 99, 94}},
    {M_MOVE, {1930, 1587, 1885, 2033, 1984, 2033, 1984}},
    {M_EXIT, {238, 223, 277, 297, 312, 307, 302}},
    {M_EHE, {-1, -1, -1, -1, -1, -1, -1}},
    {M_CME, {-1, -1, -1, -1, -1, -1, -1}},
    {M_INT, {-1, -1, -1, -1, -1, -1, -1}},
};
enum { ROWS = sizeof rows / sizeof *rows };

static struct figures
invented(struct job *j)
{
    struct figure *v = job_array(j, ROWS * 7, sizeof *v);

    for (size_t i = 0; i < ROWS; i++)
        for (int y = 0; y < 7; y++)
            v[i * 7 + (size_t)y] = (struct figure){.measure = rows[i].m, .school_year = 2018 + y,
                .dimension = D_ALL, .member = ANY,
                .numerator = rows[i].part[y] < 0 ? 0 : rows[i].part[y],
                .denominator = 49500 + 18 * y, .no_data = rows[i].part[y] < 0};
    return (struct figures){v, ROWS * 7};
}

static const struct cliff cliff = {.school_year = 2024, .pupils = 49382,
    .at_least = {0, 0, 5903, 2084, 571}, .leave_one_out_low = 1412, .leave_one_out_high = 1903,
    .not_loaded = "CAMHS, youth justice", .ratio = 3.9, .low = 3.5, .high = 4.4};

static const struct freshness fresh[] = {
    {"School census", "Summer 2025, 138 of 139 schools. 412 rows rejected,", "/data", "see why",
     FRESH, 0, "Up to date"},
    {"Suspensions and exclusions", "To 20 July 2025. 139 of 139 schools.", NULL, NULL, FRESH, 0,
     "Up to date"},
    {"Social care", "To 31 March 2025.", NULL, NULL, FRESH_DUE, 0, "17 days late"},
    {"Early help", "To 31 March 2024. Referrals since then are missing here.", NULL, NULL,
     FRESH_STALE, 0, "Out of date"},
    {"Youth justice", "The service has the facts and has not agreed to share them.", NULL, NULL,
     FRESH_ABSENT, NOT_SHARED, NULL},
    {"CAMHS contact", "We have not yet asked for this file.", NULL, NULL, FRESH_ABSENT, NOT_ASKED,
     NULL}};

static struct overview_facts
facts(struct job *j)
{
    static const struct actor analyst = {.account = 1, .role = ROLE_ANALYST, .area = 1};
    static const struct sources_used used = {
        .of = {[SRC_CENSUS] = true, [SRC_SUSPENSIONS] = true, [SRC_NOTICES] = true}};

    j->who = &analyst;
    return (struct overview_facts){
        .snapshot = {.id = 1, .as_of = AS_OF, .first_year = 2018, .last_year = 2024}, .year = 2024,
        .used = &used,
        .figures = invented(j), .cliff = &cliff, .schools = 139, .fresh = fresh, .n_fresh = 6};
}

static void
the_overview_leads_with_the_finding(void **state)
{
    struct job *j = support_job(state);
    struct overview_facts f = facts(j);
    struct overview p;
    struct html o;

    overview_make(j, &f, html_view("Overview", "/overview"), &p);
    html_begin(&o);
    view_overview(&o, &p);
    html_sound(&o);
    html_keep(&o, "overview");
    assert_string_equal(p.heading,
                        "Four in five pupils who lost schooling were never suspended or excluded");
    assert_string_equal(
        p.lede, "10,930 pupils met at least one of the nine types of exclusion that "
                "we have data for. 8,744 of them appear in no suspension or exclusion figure.");
    assert_string_equal(p.caption, "Overview · school year 2024/25 · 139 schools");
    assert_true(html_has(&o, "22.0%"));
    assert_true(html_has(&o, "10,930 of 49,608 pupils"));
    assert_true(html_has(&o, "Down from 23.1% in 2023/24"));
    assert_true(html_has(&o, "No clear change from 1.5% in 2023/24"));
    assert_true(html_has(&o, "Up from 51 in 2023/24, within usual variation"));
    assert_true(html_has(&o, "href=\"/children?measure=susp2&amp;year=2024\""));
    assert_int_equal(html_count(&o, "class=\"rt-multi\""), 1);
    html_done(&o);
}

static void
the_sentence_over_the_types_follows_the_figures(void **state)
{
    struct job *j = support_job(state);
    struct figures f = invented(j), none = {NULL, 0};

    assert_string_equal(overview_says(j, f, 2021, 2024),
                        "Suspension and severe absence have risen since 2021/22; "
                        "persistent absence has fallen");
    assert_string_equal(overview_says(j, none, 2021, 2024),
                        "No type has clearly changed since 2021/22");
    assert_string_equal(overview_says(j, f, 2024, 2024),
                        "One school year so far: changes will show when there are two");
}

static void
each_type_says_what_it_is_known_from(void **state)
{
    struct job *j = support_job(state);
    struct overview_facts f = facts(j);
    struct overview p;

    overview_make(j, &f, html_view("Overview", "/overview"), &p);
    assert_int_equal(p.sources.n_rows, 12);
    assert_string_equal(p.sources.cells[3].text, "Permanently excluded");
    assert_string_equal(p.sources.cells[4].text,
                        "Suspensions in the school census (permanent exclusions as returned) and "
                        "Suspension notifications (permanent exclusions as told)");
    assert_string_equal(p.sources.cells[5].text,
                        "Outcomes of exclusion reviews (reinstatements and withdrawals)");
    assert_int_equal(p.sources.cells[2].absent, NONE); /* suspended: all there */
    assert_int_equal(p.sources.cells[3 * 11 + 1].absent, NO_DATA);
}

static void
types_without_data_say_so_in_picture_and_table(void **state)
{
    struct job *j = support_job(state);
    struct overview_facts f = facts(j);
    struct overview p;
    struct html o;

    overview_make(j, &f, html_view("Overview", "/overview"), &p);
    html_begin(&o);
    view_overview(&o, &p);
    assert_true(html_has(&o, "Educated at home: no data"));
    /* three types of seven years, two of one, one of five; six figures of DfE's; five types
     * that no loaded file tells of */
    assert_int_equal(html_count(&o, "abs abs--nodata"), 3 * 7 + 2 + 5 + 6 * 4 + 5);
    html_done(&o);
}

static void
an_overview_without_figures_says_what_to_do(void **state)
{
    struct job *j = support_job(state);
    struct overview_facts f = facts(j);
    struct overview p;
    struct html o;

    f.figures.n = 0;
    f.cliff = NULL;
    f.n_fresh = 0;
    overview_make(j, &f, html_view("Overview", "/overview"), &p);
    html_begin(&o);
    view_overview(&o, &p);
    html_sound(&o);
    html_keep(&o, "overview-empty");
    assert_string_equal(p.heading, "Who loses schooling here");
    assert_true(html_has(&o, "Load a school census to begin."));
    assert_false(html_has(&o, "id=\"edge\""));
    html_done(&o);
}

static void
a_year_counts_as_full_once_its_schools_have_closed(void **state)
{
    struct snapshot s = {.as_of = AS_OF, .first_year = 2018, .last_year = 2025};

    (void)state;
    assert_int_equal(figures_full_year(&s), 2024);
    s.as_of = date_from_ymd(2025, 7, 20);
    s.last_year = 2024;
    assert_int_equal(figures_full_year(&s), 2024);
    s.as_of = date_from_ymd(2025, 5, 1);
    assert_int_equal(figures_full_year(&s), 2023);
    s.first_year = 2024;
    assert_int_equal(figures_full_year(&s), 2024);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(the_overview_leads_with_the_finding),
        SUPPORT_TEST(the_sentence_over_the_types_follows_the_figures),
        SUPPORT_TEST(each_type_says_what_it_is_known_from),
        SUPPORT_TEST(types_without_data_say_so_in_picture_and_table),
        SUPPORT_TEST(an_overview_without_figures_says_what_to_do),
        SUPPORT_TEST(a_year_counts_as_full_once_its_schools_have_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
