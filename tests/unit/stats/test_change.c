#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include "stats/change.h"

#define P(x, n) ((struct part){x, n})
#define E(n, squares, base) ((struct events){n, squares, base})

static void
a_small_difference_is_no_clear_change(void **state)
{
    (void)state;
    assert_int_equal(change_of_parts(P(40, 1000), P(47, 1000), 0.95).change, CHANGE_NOT_CLEAR);
    assert_int_equal(change_of_parts(P(40, 1000), P(80, 1000), 0.95).change, CHANGE_UP);
    assert_int_equal(change_of_parts(P(80, 1000), P(40, 1000), 0.95).change, CHANGE_DOWN);
    assert_int_equal(change_of_parts(P(8, 0), P(40, 1000), 0.95).change, CHANGE_NOT_KNOWN);
    assert_string_equal(change_words(CHANGE_NOT_CLEAR), "no clear change");
}

/* Przyborowski and Wilenski's conditional test: 2 against 11 in the same time. */
static void
single_events_are_judged_exactly(void **state)
{
    struct verdict v = change_of_events(E(2, 0, 100), E(11, 0, 100), 0.95);
    struct interval p = interval_exact(P(11, 13), 0.95);

    (void)state;
    assert_int_equal(v.change, CHANGE_UP);
    assert_true(fabs(v.by.low - p.low / (1 - p.low)) < 1e-12);
    assert_true(fabs(v.by.value - 5.5) < 1e-12);
    assert_int_equal(change_of_events(E(4, 4, 100), E(11, 11, 100), 0.95).change,
                     CHANGE_NOT_CLEAR);
    assert_int_equal(change_of_events(E(2, 0, 100), E(11, 0, 1000), 0.95).change,
                     CHANGE_NOT_CLEAR);
}

static void
from_or_to_nothing_is_judged_too(void **state)
{
    struct verdict up = change_of_events(E(0, 0, 100), E(9, 50, 100), 0.95);

    (void)state;
    assert_int_equal(up.change, CHANGE_UP);
    assert_true(isinf(up.by.value) && isinf(up.by.high) && up.by.low > 1);
    assert_int_equal(change_of_events(E(9, 0, 100), E(0, 0, 100), 0.95).change, CHANGE_DOWN);
    assert_int_equal(change_of_events(E(0, 0, 100), E(2, 0, 100), 0.95).change,
                     CHANGE_NOT_CLEAR);
    assert_int_equal(change_of_events(E(0, 0, 100), E(0, 0, 100), 0.95).change,
                     CHANGE_NOT_KNOWN);
    assert_int_equal(change_of_events(E(1, 0, 0), E(1, 0, 5), 0.95).change, CHANGE_NOT_KNOWN);
}

/* The same counts: clear when they came singly, not when ten came of each child. */
static void
bundled_events_need_a_larger_change(void **state)
{
    (void)state;
    assert_int_equal(change_of_events(E(100, 100, 1000), E(150, 150, 1000), 0.95).change,
                     CHANGE_UP);
    assert_int_equal(change_of_events(E(100, 1000, 1000), E(150, 1500, 1000), 0.95).change,
                     CHANGE_NOT_CLEAR);
    assert_int_equal(change_of_events(E(1000, 10000, 9000), E(1500, 15000, 9000), 0.95).change,
                     CHANGE_UP);
}

static void
before_and_after_exchanged_exchange_up_and_down(void **state)
{
    (void)state;
    for (int64_t a = 0; a < 40; a += 3) {
        for (int64_t b = 0; b < 40; b += 3) {
            enum change there = change_of_parts(P(a, 60), P(b, 50), 0.95).change;
            enum change back = change_of_parts(P(b, 50), P(a, 60), 0.95).change;
            assert_int_equal(back, there == CHANGE_UP     ? CHANGE_DOWN
                                   : there == CHANGE_DOWN ? CHANGE_UP
                                                          : there);
            there = change_of_events(E(a, 2 * a, 60), E(b, 3 * b, 50), 0.95).change;
            back = change_of_events(E(b, 3 * b, 50), E(a, 2 * a, 60), 0.95).change;
            assert_int_equal(back, there == CHANGE_UP     ? CHANGE_DOWN
                                   : there == CHANGE_DOWN ? CHANGE_UP
                                                          : there);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_difference_is_no_clear_change),
        cmocka_unit_test(single_events_are_judged_exactly),
        cmocka_unit_test(from_or_to_nothing_is_judged_too),
        cmocka_unit_test(bundled_events_need_a_larger_change),
        cmocka_unit_test(before_and_after_exchanged_exchange_up_and_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
