/* The same school weeks of each year: what the address asks for, and the words of the page. */
#include "web/pandemic/weeks.h"
#include "support/support.h"

static struct same_weeks_asked
asked(const struct pair *query, size_t n)
{
    return weeks_asked(&(struct request){.query = query, .n_query = n});
}

static void
an_address_without_codes_leaves_the_methods_out(void **state)
{
    static const struct pair named[] = {{"codes", "chosen"}, {"out", "I"}, {"out", "nonsense"},
                                        {"year", "2021"}, {"from", "3"}, {"to", "999"}};
    struct same_weeks_asked a = asked(NULL, 0);

    (void)state;
    assert_true(a.out == same_weeks_method() && a.out);
    assert_int_equal(a.from, 0);
    a = asked(named, 6);
    assert_true(a.out == UINT64_C(1) << attendance_code(SPAN("I")));
    assert_int_equal(a.year, 2021);
    assert_int_equal(a.from, 3);
    assert_int_equal(a.to, 0);
    assert_true(asked(named, 1).out == 0); /* every box cleared: nothing is left out */
}

/* Two weeks of 2020/21, 10% missed, and of the year before, 5%. */
static struct same_weeks *
two_weeks(struct job *j, double low, double high)
{
    struct same_weeks *s = job_alloc(j, sizeof *s);

    *s = (struct same_weeks){
        .asked = {2020, 1, 2, 0}, .n_years = 2, .n_before = 1, .n_weeks = 2, .n_used = 2,
        .year = {{.year = 2019, .before = true, .sums = {100, 2000, 0}, .schools = 8,
                  .persistent = {10, 200}},
                 {.year = 2020, .sums = {200, 2000, 0}, .schools = 10,
                  .persistent = {40, 200}}},
        .week = {{1, true, {100, 1000, 0}, {50, 1000, 0}},
                 {2, true, {100, 1000, 0}, {50, 1000, 0}}},
        .now = {200, 2000}, .before = {100, 2000}, .told = {2019, 2020}, .n_told = 2,
        .by = {.value = 0.05, .low = low, .high = high, .known = true}};
    return s;
}

static void
only_what_is_more_than_chance_is_told_as_more(void **state)
{
    struct job *j = support_job(state);
    struct snapshot snapshot = {.as_of = SUPPORT_TODAY};
    struct weeks_part *p = weeks_make(j, two_weeks(j, 0.02, 0.08), &snapshot);

    assert_string_equal(p->words.says, "More was missed in school weeks 1 to 2 of 2020/21 than "
                                       "in the same weeks of the year before: 10.0% of sessions "
                                       "against 5.0%.");
    assert_string_equal(p->by, "Week by week, 5.0 percentage points more than before on average "
                               "(95% interval of the difference 2.0 to 8.0).");
    assert_string_equal(p->persistent, "Persistently absent by school week 2: 20.0% of pupils "
                                       "(40 of 200 pupils). Up from 5.0% in the year before.");
    assert_non_null(strstr(p->notes, "Between 8 and 10 schools"));
    assert_null(p->none);
    p = weeks_make(j, two_weeks(j, -0.01, 0.08), &snapshot);
    assert_non_null(strstr(p->words.says, "No clear change"));
}

static void
without_registers_the_page_says_what_is_needed(void **state)
{
    struct job *j = support_job(state);
    struct same_weeks none = {.asked = {0}};

    assert_non_null(strstr(weeks_make(j, &none, NULL)->none, "No registers are loaded"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(an_address_without_codes_leaves_the_methods_out),
        SUPPORT_TEST(only_what_is_more_than_chance_is_told_as_more),
        SUPPORT_TEST(without_registers_the_page_says_what_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
