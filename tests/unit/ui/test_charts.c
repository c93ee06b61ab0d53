/* Pictures: the same bytes for the same figures, and nothing drawn where nothing is known. */
#include "support/html.h"
#include "ui/charts.h"
#include "base/date.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define P(a, b) {.part = (a), .whole = (b)}
#define GAP {.no_data = true}
#define N(v) (sizeof(v) / sizeof *(v))

static void
a_trend_rises_from_its_first_value_to_its_last(void **state)
{
    static const struct point v[] = {P(990, 49500), P(1089, 49500), P(1535, 49510), P(1733, 49520),
                                     P(1832, 49500), P(1832, 49530), P(1937, 49610)};
    struct html o;
    struct trend t = {"Suspended once or more", v, N(v), 100, 1, "19/20", "25/26", true};

    (void)state;
    html_begin(&o);
    chart_trend(&o, &t);
    html_golden(&o, "ui/trend.svg");
    assert_true(html_has(&o, "aria-label=\"Suspended once or more, from 2.0 to 3.9\""));
    assert_true(html_has(&o, "class=\"accs\""));
    html_done(&o);
}

static void
a_trend_has_no_line_through_years_without_data(void **state)
{
    static const struct point v[] = {GAP, P(121, 1000), P(225, 1000), GAP, P(200, 1000),
                                     P(191, 1000), P(186, 1000)};
    struct html o;
    struct trend t = {"Persistently absent", v, N(v), 100, 1, "19/20", "25/26", false};

    (void)state;
    html_begin(&o);
    chart_trend(&o, &t);
    html_golden(&o, "ui/trend-gaps.svg");
    assert_int_equal(html_count(&o, "<polyline"), 2);
    assert_int_equal(html_count(&o, "hat--soft"), 2);
    assert_int_equal(html_count(&o, ">no data<"), 1);
    html_done(&o);
}

static void
a_trend_of_nothing_is_hatched_and_says_so(void **state)
{
    static const struct point v[] = {GAP, GAP, P(5, 0)};
    struct html o;
    struct trend t = {"Educated at home", v, N(v), 1000, 1, "22/23", "24/25", false};

    (void)state;
    html_begin(&o);
    chart_trend(&o, &t);
    assert_true(html_has(&o, "aria-label=\"Educated at home: no data\""));
    assert_int_equal(html_count(&o, "<polyline"), 0);
    assert_int_equal(html_count(&o, "<circle"), 0);
    assert_int_equal(html_count(&o, "hat--soft"), 1);
    html_done(&o);
}

static void
a_trend_of_one_year_is_a_dot_with_its_value(void **state)
{
    static const struct point v[] = {P(0, 300)};
    struct html o;
    struct trend t = {"Early exit", v, N(v), 1000, 1, "24/25", "24/25", false};

    (void)state;
    html_begin(&o);
    chart_trend(&o, &t);
    assert_int_equal(html_count(&o, "<circle"), 1);
    assert_int_equal(html_count(&o, ">0.0<"), 1);
    assert_int_equal(html_count(&o, ">24/25<"), 1);
    html_done(&o);
}

static void
names_in_pictures_are_escaped(void **state)
{
    static const struct point v[] = {P(1, 2), P(1, 2)};
    static const struct bar b[] = {{"<b>", "\"1\"", 1, true}};
    struct html o;
    struct trend t = {"A & \"B\"", v, N(v), 100, 0, "<i>", "</i>", false};

    (void)state;
    html_begin(&o);
    chart_trend(&o, &t);
    chart_bars(&o, "a<b", b, 1);
    assert_true(html_has(&o, "A &amp; &quot;B&quot;"));
    assert_true(html_has(&o, "&lt;i&gt;"));
    assert_true(html_has(&o, "&lt;b&gt;"));
    assert_false(html_has(&o, "<i>"));
    html_done(&o);
}

static void
concentration_joins_the_two_shares(void **state)
{
    static const struct concentration_words w = {"All pupils", "Pupils suspended more than once",
                                                 "42,152 other pupils", "42%"};
    struct html o;

    (void)state;
    html_begin(&o);
    chart_concentration(&o, (struct point)P(7430, 49582), (struct point)P(1346, 2320), &w);
    html_golden(&o, "ui/concentration.svg");
    assert_true(html_has(&o, "M0 0H14.99L58.02 100H0z"));
    assert_true(html_has(&o, ">58%</text>"));
    html_done(&o);
}

static void
bars_start_at_zero_and_the_longest_leaves_room_for_its_value(void **state)
{
    static const struct bar v[] = {{"2 or more", "5,903", 5903, false},
                                   {"3 or more, the headline", "2,084", 2084, true},
                                   {"4 or more", "571", 571, false}, {"5 or more", "0", 0, false}};
    struct html o;

    (void)state;
    html_begin(&o);
    chart_bars(&o, "Pupils by number of needs", v, N(v));
    html_golden(&o, "ui/bars.svg");
    assert_true(html_has(&o, "<rect x=\"0%\" y=\"23\" width=\"84%\""));
    assert_true(html_has(&o, "<rect x=\"0%\" y=\"173\" width=\"0%\""));
    html_done(&o);
}

static void
a_ratio_lies_on_a_log_scale_and_stays_inside_it(void **state)
{
    struct html o;

    (void)state;
    html_begin(&o);
    chart_ratio_axis(&o);
    chart_ratio(&o, 4, 2, 8, true);
    html_golden(&o, "ui/ratio.svg");
    assert_true(html_has(&o, "<circle cx=\"66.7%\""));
    assert_true(html_has(&o, "<line x1=\"50%\" x2=\"83.3%\" y1=\"12\" y2=\"12\" class=\"acci\""));
    html_done(&o);
    html_begin(&o);
    chart_ratio(&o, 1, 0.01, 400, false);
    assert_true(html_has(&o, "<line x1=\"0%\" x2=\"100%\" y1=\"12\" y2=\"12\" class=\"gryi\""));
    html_done(&o);
}

static void
steps_show_gaps_as_gaps_and_missing_data_hatched(void **state)
{
    static const struct step v[] = {{"Autumn 2023", P(4, 100), false, false},
        {NULL, GAP, true, false}, {"Summer 2024", GAP, false, false},
        {NULL, P(12, 100), false, true}, {"Spring 2025", P(0, 100), false, false}};
    static const struct event e[] = {{3, 50, "Suspended 18 November"}};
    struct html o;
    struct steps s = {"Sessions missed by term", "missed", v, N(v), e, N(e)};

    (void)state;
    html_begin(&o);
    chart_steps(&o, &s);
    html_golden(&o, "ui/steps.svg");
    assert_int_equal(html_count(&o, "hat--soft"), 1);
    assert_int_equal(html_count(&o, "<path"), 2);
    assert_true(html_has(&o, ">10%<"));
    /* columns begin where the shares at the lines end */
    assert_true(html_has(&o, "<svg x=\"8%\" width=\"92%\""));
    assert_true(html_has(&o, "x=\"0%\" y=\"10\" class=\"t2 halo\">missed<"));
    html_done(&o);
}

#define DAY(y, m, d) date_from_ymd(y, m, d)

static void
draw_child(struct html *o)
{
    const struct mark school[] = {
        {DAY(2022, 9, 5), DAY(2024, 7, 20), LOOK_SAND, "Oakleaf Primary", 0},
        {DAY(2024, 9, 3), DAY(2025, 6, 16), LOOK_SAND, "Fernhill Academy", 0}};
    const struct mark attendance[] = {
        {DAY(2022, 8, 1), DAY(2022, 12, 31), LOOK_HEAT_1, NULL, 0},
        {DAY(2023, 1, 1), DAY(2023, 4, 9), LOOK_HATCH, NULL, 0},
        {DAY(2023, 4, 10), DAY(2023, 8, 1), LOOK_HEAT_4, NULL, 0},
        {DAY(2023, 8, 1), DAY(2023, 12, 31), LOOK_HEAT_1, NULL, 0}};
    const struct mark ticks[] = {{DAY(2024, 10, 1), DAY(2024, 10, 2), LOOK_ACCENT, "1 day", 1},
                                 {DAY(2025, 5, 18), DAY(2025, 5, 19), LOOK_ACCENT, "2 days", 2}};
    const struct mark care[] = {
        {DAY(2023, 11, 1), DAY(2023, 11, 2), LOOK_POINT, "Referral, no further action", 0},
        {DAY(2024, 12, 1), DAY(2025, 2, 1), LOOK_SAND, "Child in need", 0},
        {DAY(2025, 4, 1), DAY(2025, 6, 16), LOOK_HATCH, "No data after 31 March", 0}};
    const struct lane lanes[] = {{"School", LANE_BARS, false, school, N(school)},
                                 {"Attendance", LANE_STRIP, false, attendance, N(attendance)},
                                 {"Suspensions", LANE_TICKS, true, ticks, N(ticks)},
                                 {"Social care", LANE_BARS, true, care, N(care)}};
    struct timeline t = {"Timeline from September 2022", DAY(2022, 9, 1), DAY(2025, 8, 1),
                         DAY(2025, 6, 16), lanes, N(lanes)};

    chart_timeline(o, &t);
}

static void
a_timeline_has_a_lane_for_each_kind_of_fact(void **state)
{
    struct html o;

    (void)state;
    html_begin(&o);
    draw_child(&o);
    html_golden(&o, "ui/timeline.svg");
    assert_true(html_has(&o, ">2023/24</text>"));
    assert_true(html_has(&o, ">Today</text>"));
    assert_int_equal(html_count(&o, "class=\"hat\""), 2);
    html_done(&o);
}

static void
words_that_do_not_fit_in_a_timeline_are_left_to_the_table(void **state)
{
    struct html o;
    const struct mark v[] = {
        {DAY(2022, 9, 1), DAY(2022, 10, 1), LOOK_SAND, "A school with a long name here", 0},
        {DAY(2022, 11, 1), DAY(2022, 12, 1), LOOK_SAND, "Another school with a long name", 0},
        {DAY(2023, 1, 1), DAY(2025, 6, 1), LOOK_SAND, "Fits", 0}};
    const struct lane lane = {"School", LANE_BARS, false, v, N(v)};
    struct timeline t = {"T", DAY(2022, 9, 1), DAY(2025, 8, 1), DAY(2025, 6, 16), &lane, 1};

    (void)state;
    html_begin(&o);
    chart_timeline(&o, &t);
    assert_int_equal(html_count(&o, "long name"), 0);
    assert_int_equal(html_count(&o, ">Fits<"), 1);
    assert_int_equal(html_count(&o, "class=\"sand\""), 3);
    html_done(&o);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trend_rises_from_its_first_value_to_its_last),
        cmocka_unit_test(a_trend_has_no_line_through_years_without_data),
        cmocka_unit_test(a_trend_of_nothing_is_hatched_and_says_so),
        cmocka_unit_test(a_trend_of_one_year_is_a_dot_with_its_value),
        cmocka_unit_test(names_in_pictures_are_escaped),
        cmocka_unit_test(concentration_joins_the_two_shares),
        cmocka_unit_test(bars_start_at_zero_and_the_longest_leaves_room_for_its_value),
        cmocka_unit_test(a_ratio_lies_on_a_log_scale_and_stays_inside_it),
        cmocka_unit_test(steps_show_gaps_as_gaps_and_missing_data_hatched),
        cmocka_unit_test(a_timeline_has_a_lane_for_each_kind_of_fact),
        cmocka_unit_test(words_that_do_not_fit_in_a_timeline_are_left_to_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
