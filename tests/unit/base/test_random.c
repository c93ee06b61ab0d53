#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include "base/random.h"

/* The generator's published test sequence for the state 1234567. */
static void
a_stream_is_splitmix64(void **state)
{
    static const uint64_t known[] = {
        UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
        UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
        UINT64_C(16408922859458223821),
    };
    struct random r = {.key = 1234567};

    (void)state;
    for (size_t i = 0; i < 5; i++)
        assert_true(random_next(&r) == known[i]);
}

static void
streams_depend_on_seed_entity_and_process_alone(void **state)
{
    struct random a = random_stream(1, 2, 3), again = random_stream(1, 2, 3);
    struct random others[] = {random_stream(2, 2, 3), random_stream(1, 3, 3),
                              random_stream(1, 2, 4), random_stream(1, 3, 2)};
    uint64_t first = random_next(&a);

    (void)state;
    assert_true(first == random_next(&again));
    for (size_t i = 0; i < 4; i++)
        assert_true(first != random_next(&others[i]));
    /* files made from a seed are the same in the next release */
    assert_true(first == UINT64_C(4856500087136752816));
}

static void
numbers_below_n_are_even(void **state)
{
    struct random r = random_stream(20240607, 1, 1);
    int count[7] = {0};

    (void)state;
    for (int i = 0; i < 70000; i++) {
        int64_t v = random_below(&r, 7);
        assert_in_range(v, 0, 6);
        count[v]++;
    }
    for (int i = 0; i < 7; i++)
        assert_in_range(count[i], 9600, 10400); /* four standard deviations */
    assert_int_equal(random_below(&r, 1), 0);
    for (int i = 0; i < 1000; i++)
        assert_true(random_below(&r, INT64_MAX) >= 0);
}

static void
units_and_chances_have_their_means(void **state)
{
    struct random r = random_stream(20240607, 2, 1);
    double sum = 0;
    int hits = 0;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        double u = random_unit(&r);
        assert_true(u > 0 && u < 1);
        sum += u;
        hits += random_chance(&r, 0.03);
    }
    assert_true(fabs(sum / 100000 - 0.5) < 0.004);
    assert_in_range(hits, 2780, 3220);
    assert_false(random_chance(&r, 0));
    assert_true(random_chance(&r, 1));
}

static void
normal_numbers_have_mean_variance_and_tails(void **state)
{
    struct random r = random_stream(20240607, 3, 1);
    double sum = 0, squares = 0;
    int beyond = 0;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        double z = random_normal(&r);
        sum += z;
        squares += z * z;
        beyond += z > 1.959963984540054 || z < -1.959963984540054;
    }
    assert_true(fabs(sum / 100000) < 0.013);
    assert_true(fabs(squares / 100000 - 1) < 0.02);
    assert_in_range(beyond, 4720, 5280);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_splitmix64),
        cmocka_unit_test(streams_depend_on_seed_entity_and_process_alone),
        cmocka_unit_test(numbers_below_n_are_even),
        cmocka_unit_test(units_and_chances_have_their_means),
        cmocka_unit_test(normal_numbers_have_mean_variance_and_tails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
