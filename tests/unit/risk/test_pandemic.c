/* Series before and after a break: what is planted is found, and what is not is not told. */
#include "risk/pandemic.h"
#include "base/random.h"
#include "support/support.h"
#include <math.h>

enum { FIRST = 2018 * 12 + 8, BREAK_AT = 2021 * 12 + 8 };

/* Months from September 2018 with a season, a step and noise; schools closed as they were. */
static struct series
series_of(struct job *j, double step, uint64_t seed)
{
    struct series *s = job_alloc(j, sizeof *s);
    struct random r = random_stream(seed, 2, 3);

    s->kind = SERIES_SUSPENSIONS;
    for (int m = 0; m < 84; m++) {
        int32_t month = FIRST + m;
        struct series_point *p = &s->point[s->n++];
        double rate = 6 + (month % 12 == 10 ? 2 : 0) + (month >= BREAK_AT ? step : 0) +
                      random_unit(&r) - 0.5;
        bool closed = month % 12 == 7 || (month > 2020 * 12 + 2 && month < 2020 * 12 + 8);
        *p = (struct series_point){.month = month, .after = month >= BREAK_AT,
                                   .used = !closed, .exposure = 200000};
        p->events = (int64_t)(rate * 20);
        p->rate = 10000.0 * (double)p->events / (double)p->exposure;
    }
    return *s;
}

static void
a_step_that_was_planted_is_found(void **state)
{
    struct job *j = support_job(state);
    struct series s = series_of(j, 3, 1);

    assert_ok(j, series_fit(j, &s));
    assert_true(s.fitted);
    assert_true(s.step.low < 3 && s.step.high > 3);
    assert_true(s.step.low > 2);
    assert_true(s.end.low > 1);
    assert_true(s.ratio.low > 1.2 && s.ratio.high < 2.2);
}

static void
without_a_break_the_interval_holds_none_nearly_always(void **state)
{
    struct job *j = support_job(state);
    int held = 0;

    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct scope scope = job_scope_begin(j);
        struct series s = series_of(j, 0, seed);
        assert_ok(j, series_fit(j, &s));
        held += s.step.low <= 0 && s.step.high >= 0;
        job_scope_end(j, scope);
    }
    assert_in_range(held, 80, 100);
}

static void
closed_months_are_left_out_not_counted_as_nothing(void **state)
{
    struct job *j = support_job(state);
    struct series with = series_of(j, 3, 5), changed = with;

    for (size_t i = 0; i < changed.n; i++)
        if (!changed.point[i].used)
            changed.point[i].events = 100000, changed.point[i].rate = 5000;
    assert_ok(j, series_fit(j, &with));
    assert_ok(j, series_fit(j, &changed));
    assert_int_equal(with.used, 84 - 7 - 4);
    assert_true(with.step.by == changed.step.by && with.step.low == changed.step.low);
    assert_true(with.ratio.by == changed.ratio.by);
}

static void
the_line_without_the_break_is_the_line_before_it(void **state)
{
    struct job *j = support_job(state);
    struct series s = series_of(j, 3, 6);

    assert_ok(j, series_fit(j, &s));
    for (size_t i = 0; i < s.n; i++) {
        double more = s.point[i].fitted - s.point[i].without;
        if (!s.point[i].after)
            assert_true(fabs(more) < 1e-12);
    }
    assert_true(fabs(s.point[s.n - 2].fitted - s.point[s.n - 2].without - s.end.by) < 0.2);
}

static void
a_short_series_is_not_fitted(void **state)
{
    struct job *j = support_job(state);
    struct series s = series_of(j, 3, 7);

    s.n = 40; /* four months after the break */
    assert_ok(j, series_fit(j, &s));
    assert_false(s.fitted);
    s = series_of(j, 3, 7);
    for (size_t i = 0; i < s.n; i++)
        s.point[i].events = 0, s.point[i].rate = 0;
    assert_ok(j, series_fit(j, &s)); /* nothing happened: nothing to tell */
    assert_false(s.fitted);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_step_that_was_planted_is_found),
        SUPPORT_TEST(without_a_break_the_interval_holds_none_nearly_always),
        SUPPORT_TEST(closed_months_are_left_out_not_counted_as_nothing),
        SUPPORT_TEST(the_line_without_the_break_is_the_line_before_it),
        SUPPORT_TEST(a_short_series_is_not_fitted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
