#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include "base/random.h"
#include "stats/concentration.h"

static void
close_to(double got, double want, double most)
{
    if (!(fabs(got - want) <= most))
        fail_msg("%.15g is not within %g of %.15g", got, most, want);
}

/* DfE, SFR35/2017: pupils by number of fixed period exclusions in 2015/16, England, all
 * schools; counts under 5 are suppressed there and taken as 2 (Open Government Licence). */
static const int64_t dfe[][2] = {
    {1, 99605}, {2, 30985}, {3, 14695}, {4, 8195}, {5, 4790}, {6, 2915}, {7, 1825}, {8, 1165},
    {9, 805}, {10, 560}, {11, 370}, {12, 270}, {13, 205}, {14, 150}, {15, 110}, {16, 95},
    {17, 60}, {18, 50}, {19, 45}, {20, 30}, {21, 20}, {22, 20}, {23, 25}, {24, 15}, {25, 15},
    {26, 20}, {27, 10}, {28, 10}, {29, 10}, {30, 5}, {31, 10}, {32, 5}, {33, 5}, {34, 10},
    {35, 5}, {36, 5}, {37, 2}, {38, 5}, {39, 2}, {40, 2}, {41, 2}, {42, 5}, {43, 2}, {44, 2},
    {48, 5}, {52, 2}, {53, 2}, {55, 2}, {68, 2},
};
enum { DFE = sizeof dfe / sizeof *dfe, HEADCOUNT = 7916225 };

static void
suspensions_of_england_have_their_published_concentration(void **state)
{
    struct tally v[DFE + 1] = {{HEADCOUNT, 0}};

    (void)state;
    for (size_t i = 0; i < DFE; i++) {
        v[i + 1] = (struct tally){dfe[i][1], dfe[i][0] * dfe[i][1]};
        v[0].people -= dfe[i][1];
    }
    close_to(concentration_index(v, DFE + 1), 0.987125589596, 1e-12);
    close_to(concentration_index(v + 1, DFE), 0.390267846225, 1e-12);
    close_to(concentration_top_share(v, DFE + 1, 0.01), 0.741238376162, 1e-12);
    close_to(concentration_top_share(v, DFE + 1, 1), 1, 1e-15);
    assert_true(concentration_top_share(v, DFE + 1, 0) == 0);
}

enum { PEOPLE = 400 };

/* The definitions over single people, without groups. */
static enum err
against_definitions(struct job *j, void *arg)
{
    struct random *r = arg;
    int32_t x[PEOPLE], sorted[PEOPLE];
    struct tallies t;
    double weighted = 0, sum = 0, top = 0, n = PEOPLE;
    size_t k = 0;

    for (size_t i = 0; i < PEOPLE; i++)
        x[i] = random_chance(r, 0.2) ? (int32_t)random_below(r, 9) : 0;
    t = concentration_tallies(j, x, PEOPLE);
    for (int32_t v = 0; v < 9; v++)
        for (size_t i = 0; i < PEOPLE; i++)
            if (x[i] == v)
                sorted[k++] = v;
    for (size_t i = 0; i < PEOPLE; i++) {
        weighted += (double)(i + 1) * sorted[i];
        sum += sorted[i];
        top += i >= PEOPLE - 20 ? sorted[i] : 0;
    }
    assert_int_equal(t.people, PEOPLE);
    assert_int_equal(t.events, (int64_t)sum);
    close_to(concentration_index(t.v, t.n), 2 * weighted / (n * sum) - (n + 1) / n, 1e-13);
    close_to(concentration_top_share(t.v, t.n, 20 / n), top / sum, 1e-13);
    return OK;
}

static void
groups_give_what_single_people_give(void **state)
{
    struct random r = random_stream(20240607, 9, 9);

    (void)state;
    for (int turn = 0; turn < 50; turn++) {
        struct job j;
        job_init(&j, JOB_MB);
        assert_int_equal(job_run(&j, against_definitions, &r), OK);
        job_end(&j);
    }
}

static void
equal_shares_have_no_concentration_and_one_holder_all_of_it(void **state)
{
    struct tally equal[] = {{10, 20}, {5, 10}}, one[] = {{99, 0}, {1, 7}};

    (void)state;
    assert_true(concentration_index(equal, 2) == 0);
    close_to(concentration_index(one, 2), 0.99, 1e-15);
    close_to(concentration_top_share(one, 2, 0.005), 0.5, 1e-15);
    assert_true(concentration_index(equal, 0) == 0);
}

/* Rank reversed turns the sign of the index and mends the ratio of the slope. */
static void
an_index_by_rank_turns_its_sign_with_the_order(void **state)
{
    struct tally v[] = {{100, 40}, {120, 36}, {80, 20}, {100, 16}}, back[4];
    struct slope down, up;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        back[i] = v[3 - i];
    close_to(concentration_index(v, 4), -concentration_index(back, 4), 1e-15);
    assert_true(concentration_index(back, 4) > 0);
    down = concentration_slope(v, 4);
    up = concentration_slope(back, 4);
    close_to(down.index, -up.index, 1e-14);
    close_to(down.ratio * up.ratio, 1, 1e-13);
}

/* A straight line through the middles of the ranks is found again. */
static void
a_straight_gradient_is_its_own_slope(void **state)
{
    struct tally v[10];

    (void)state;
    for (int i = 0; i < 10; i++) /* 5 a hundred at the start, 25 at the end: 6, 8 … 24 */
        v[i] = (struct tally){100, 6 + 2 * i};
    close_to(concentration_slope(v, 10).index, 0.2, 1e-14);
    close_to(concentration_slope(v, 10).ratio, 5, 1e-12);
    assert_true(concentration_slope(v, 1).index == 0);
}

static void
groups_are_sorted_by_events_a_person(void **state)
{
    struct tally v[] = {{10, 50}, {100, 0}, {20, 20}, {5, 25}};

    (void)state;
    concentration_sort(v, 4);
    assert_int_equal(v[0].people, 100);
    assert_int_equal(v[1].people, 20);
    assert_int_equal(v[2].people, 10); /* stable: 5 a person, came first */
    assert_int_equal(v[3].people, 5);
}

static void
the_curve_runs_from_nothing_to_all(void **state)
{
    struct tally v[] = {{3, 0}, {1, 2}};
    struct lorenz_point p[3];

    (void)state;
    concentration_curve(v, 2, p);
    assert_true(p[0].people == 0 && p[0].events == 0);
    assert_true(p[1].people == 0.75 && p[1].events == 0);
    assert_true(p[2].people == 1 && p[2].events == 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suspensions_of_england_have_their_published_concentration),
        cmocka_unit_test(groups_give_what_single_people_give),
        cmocka_unit_test(equal_shares_have_no_concentration_and_one_holder_all_of_it),
        cmocka_unit_test(an_index_by_rank_turns_its_sign_with_the_order),
        cmocka_unit_test(a_straight_gradient_is_its_own_slope),
        cmocka_unit_test(groups_are_sorted_by_events_a_person),
        cmocka_unit_test(the_curve_runs_from_nothing_to_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
