/* Who is at risk, from invented figures. */
#include "support/html.h"
#include "support/support.h"
#include "web/risk/at_risk.html.h"

static const struct concentration known = {
    .group = {7430, 49582, 0.147, 0.153}, .pupils2 = {1346, 2320, 0.560, 0.600},
    .events = {6857, 11436, 0.591, 0.609}, .events2 = {5124, 7923, 0.636, 0.657},
    .repeats = {3771, 5603, 0.660, 0.685}, .first_year = 2022, .last_year = 2024,
    .window = CARE_6_YEARS};

static const struct ratio ratios[] = {
    {D_SEX, "M", "Boys", 813, 25402, 2.2, 2.0, 2.5, false},
    {D_FSM, "1", "Eligible for free school meals", 517, 11240, 2.3, 2.1, 2.5, false},
    {D_SEN, "E", "Education, health and care plan", 83, 1588, 2.6, 2.2, 3.1, false},
    {D_SEN, "K", "SEN support", 259, 4790, 3.1, 2.8, 3.4, false},
    {D_SEMH, "1", "Social, emotional and mental health need", 204, 1340, 7.9, 7.1, 8.8, false},
    {D_CARE, "protection", "Child protection plan", 80, 702, 4.6, 3.7, 5.7, false},
    {D_CARE, "need", "Child in need", 361, 4011, 4.2, 3.8, 4.6, false},
    {D_ETHNICITY, "WROM", "Gypsy or Roma", 8, 88, 3.9, 1.9, 7.3, false},
    {D_ETHNICITY, "WIRT", "Traveller of Irish heritage", 2, 13, 0, 0, 0, false},
    {D_ETHNICITY, "AIND", "Indian", 5, 640, 0.62, 0.28, 1.3, true},
};

static const struct figure sexes[] = {
    {M_SUSP, 2024, D_SEX, "F", 363, 24200, false, {0}},
    {M_SUSP, 2024, D_SEX, "M", 813, 25402, false, {0}},
    {M_SA, 2024, D_SEX, "F", 605, 24200, false, {0}},
    {M_SA, 2024, D_SEX, "M", 610, 25402, false, {0}},
};

static struct at_risk_facts
facts(struct job *j)
{
    static const struct actor lead = {.account = 2, .role = ROLE_INCLUSION_LEAD, .area = 1};

    j->who = &lead;
    return (struct at_risk_facts){.asked = {M_SUSP2, 2022, 2024, CARE_6_YEARS},
        .snapshot = {.as_of = date_from_ymd(2025, 8, 31), .first_year = 2018, .last_year = 2024},
        .full_year = 2024, .concentration = &known, .ratios = ratios,
        .n_ratios = sizeof ratios / sizeof *ratios, .sexes = {sexes, 4}};
}

static void
concentration_is_shown_with_all_four_figures(void **state)
{
    struct job *j = support_job(state);
    struct at_risk_facts f = facts(j);
    struct at_risk p;
    struct html o;

    at_risk_make(j, &f, html_view("Who is at risk", "/at-risk"), &p);
    html_begin(&o);
    view_at_risk(&o, &p);
    html_sound(&o);
    html_keep(&o, "at-risk");
    assert_string_equal(p.heading, "15% of pupils make up 58% of those suspended more than once");
    assert_string_equal(p.caption, "Who is at risk · 2022/23 to 2024/25");
    assert_string_equal(p.share->words.says,
                        "This group is nearly four times as common among pupils "
                        "suspended more than once as in all schools");
    assert_true(html_has(&o, "58.0%"));
    assert_true(html_has(&o, "60.0%"));
    assert_true(html_has(&o, "64.7%"));
    assert_true(html_has(&o, "67.3%"));
    assert_true(html_has(&o, "95% interval 56.0 to 60.0"));
    assert_true(html_has(&o, "<option value=\"susp2\" selected>"));
    assert_true(html_has(&o, "<option value=\"2022-2024\" selected>"));
    assert_true(html_has(&o, "<option value=\"6\" selected>"));
    html_done(&o);
}

static void
a_group_too_small_to_compare_has_no_ratio_and_no_dot(void **state)
{
    struct job *j = support_job(state);
    struct at_risk_facts f = facts(j);
    struct at_risk p;
    struct html o;

    at_risk_make(j, &f, html_view("Who is at risk", "/at-risk"), &p);
    html_begin(&o);
    view_at_risk(&o, &p);
    /* nine dots, for ten groups */
    assert_int_equal(html_count(&o, "<circle cx="), 9 + 1);
    assert_int_equal(html_count(&o, "Too few pupils to compare"), 1);
    assert_int_equal(html_count(&o, "<b class=\"rt-sup\">c</b>"), 2);
    assert_true(html_has(&o, "Where a group has none, one half is added to each count."));
    html_done(&o);
}

static void
the_headline_of_ratios_names_no_ethnic_group(void **state)
{
    struct job *j = support_job(state);
    struct at_risk_facts f = facts(j);
    struct at_risk p;

    at_risk_make(j, &f, html_view("Who is at risk", "/at-risk"), &p);
    assert_string_equal(p.plot_words.says, "Pupils with a social, emotional and mental health need "
                        "are eight times as likely to be suspended more than once");
    f.ratios = ratios + 7;
    f.n_ratios = 3;
    at_risk_make(j, &f, html_view("Who is at risk", "/at-risk"), &p);
    assert_string_equal(p.plot_words.says, "No group differs clearly from its comparison group");
}

static void
another_outcome_leads_with_its_own_finding(void **state)
{
    struct job *j = support_job(state);
    struct at_risk_facts f = facts(j);
    struct at_risk p;
    struct html o;

    f.asked = (struct at_risk_chosen){M_PA, 2024, 2024, CARE_EVER};
    at_risk_make(j, &f, html_view("Who is at risk", "/at-risk"), &p);
    html_begin(&o);
    view_at_risk(&o, &p);
    html_sound(&o);
    assert_string_equal(p.heading, "Pupils with a social, emotional and mental health need are "
                        "eight times as likely to be persistently absent");
    assert_null(p.share);
    assert_true(
        html_has(&o, "href=\"/children?measure=pa&amp;year=2024&amp;by=semh&amp;group=1\""));
    html_done(&o);
}

static void
what_is_not_loaded_is_said(void **state)
{
    struct job *j = support_job(state);
    struct at_risk_facts f = facts(j);
    struct concentration c = known;
    struct at_risk p;

    c.care_missing = true;
    f.concentration = &c;
    at_risk_make(j, &f, html_view("Who is at risk", "/at-risk"), &p);
    assert_non_null(strstr(p.lede, "no file of social care is loaded"));
}

static void
girls_are_compared_in_words(void **state)
{
    struct job *j = support_job(state);
    struct at_risk_facts f = facts(j);
    struct at_risk p;

    at_risk_make(j, &f, html_view("Who is at risk", "/at-risk"), &p);
    assert_string_equal(
        p.girls, "In 2024/25 girls were half as likely as boys to be suspended, and "
                 "about as likely to be severely absent: 2.5% of girls, 2.4% of boys. Choose "
                 "“Severely absent” above to see who that is.");
    f.sexes.n = 3;
    at_risk_make(j, &f, html_view("Who is at risk", "/at-risk"), &p);
    assert_null(p.girls);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(concentration_is_shown_with_all_four_figures),
        SUPPORT_TEST(a_group_too_small_to_compare_has_no_ratio_and_no_dot),
        SUPPORT_TEST(the_headline_of_ratios_names_no_ethnic_group),
        SUPPORT_TEST(another_outcome_leads_with_its_own_finding),
        SUPPORT_TEST(what_is_not_loaded_is_said),
        SUPPORT_TEST(girls_are_compared_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
