/* Sentences from numbers. */
#include "support/support.h"
#include "ui/words.h"

#define P(a, b) ((struct point){.part = (a), .whole = (b)})
#define GAP ((struct point){.no_data = true})

static void
shares_are_written_with_their_base(void **state)
{
    struct job *j = support_job(state);

    assert_string_equal(words_percent(j, P(1937, 49610), 1), "3.9%");
    assert_string_equal(words_percent(j, P(7430, 49582), 0), "15%");
    assert_string_equal(words_of(j, P(1937, 49610), "pupils"), "1,937 of 49,610 pupils");
    assert_string_equal(words_rate(j, P(62, 49610), 10000, 1), "12.5");
    assert_string_equal(words_unit(10000), "per 10,000 pupils");
    assert_string_equal(words_unit(1000), "per 1,000 pupils");
    assert_string_equal(words_unit(100), "% of pupils");
}

static void
missing_data_is_never_written_as_none(void **state)
{
    struct job *j = support_job(state);

    assert_string_equal(words_percent(j, GAP, 1), "no data");
    assert_string_equal(words_rate(j, P(0, 0), 100, 1), "no data");
    assert_string_equal(words_change(j, GAP, P(1, 2), "2024/25", 1), "");
    assert_string_equal(words_change(j, P(1, 2), GAP, "2024/25", 1),
                        "No figure for 2024/25 to compare with");
}

static void
a_change_is_told_only_beyond_chance(void **state)
{
    struct job *j = support_job(state);

    assert_string_equal(words_change(j, P(1937, 49610), P(1800, 49500), "2024/25", 1),
                        "Up from 3.6% in 2024/25");
    assert_string_equal(words_change(j, P(10930, 49610), P(11435, 49500), "2024/25", 1),
                        "Down from 23.1% in 2024/25");
    assert_string_equal(words_change(j, P(779, 49610), P(742, 49500), "2024/25", 1),
                        "No clear change from 1.5% in 2024/25");
    assert_string_equal(words_change_count(j, P(62, 49610), P(51, 49500), "2024/25"),
                        "Up from 51 in 2024/25, within usual variation");
    assert_string_equal(words_change_count(j, P(30, 49610), P(90, 49500), "2024/25"),
                        "Down from 90 in 2024/25");
    assert_string_equal(words_change_count(j, P(5, 100), P(5, 90), "2024/25"),
                        "The same number as in 2024/25");
}

static void
the_edge_of_chance_is_where_the_interval_meets_no_change(void **state)
{
    (void)state;
    assert_true(words_is_change(P(128, 1000), P(100, 1000)));
    assert_false(words_is_change(P(127, 1000), P(100, 1000)));
    assert_true(words_is_change(P(100, 1000), P(128, 1000)));
    assert_false(words_is_change(P(0, 1000), P(0, 900)));
    assert_false(words_is_change(P(10, 10), P(20, 20)));
    /* nine million pupils do not overflow */
    assert_true(words_is_change(P(900000, 9000000), P(890000, 9000000)));
    assert_false(words_is_change(P(900000, 9000000), P(899900, 9000000)));
}

static void
plain_fractions_are_said_in_words(void **state)
{
    struct job *j = support_job(state);

    assert_string_equal(words_fraction(j, P(8979, 10930)), "82% of");
    assert_string_equal(words_fraction(j, P(805, 1000)), "four in five");
    assert_string_equal(words_fraction(j, P(495, 1000)), "half of");
    assert_string_equal(words_fraction(j, P(334, 1000)), "a third of");
    assert_string_equal(words_fraction(j, P(91, 100)), "nine in ten");
    assert_string_equal(words_capital(j, words_fraction(j, P(1, 5))), "One in five");
}

static void
ratios_are_said_as_times(void **state)
{
    struct job *j = support_job(state);

    assert_string_equal(words_times(j, 3.87, "common"), "nearly four times as common");
    assert_string_equal(words_times(j, 7.88, "likely"), "nearly eight times as likely");
    assert_string_equal(words_times(j, 8.04, "likely"), "eight times as likely");
    assert_string_equal(words_times(j, 2.2, "likely"), "more than twice as likely");
    assert_string_equal(words_times(j, 2.0, "likely"), "twice as likely");
    assert_string_equal(words_times(j, 0.5, "likely"), "half as likely");
    assert_string_equal(words_times(j, 0.26, "likely"), "a quarter as likely");
    assert_string_equal(words_times(j, 0.34, "likely"), "a third as likely");
    assert_string_equal(words_times(j, 0.42, "likely"), "less than half as likely");
    assert_string_equal(words_times(j, 0.75, "likely"), "three quarters as likely");
    assert_string_equal(words_times(j, 1.04, "likely"), "about as likely");
    assert_string_equal(words_times(j, 1.5, "likely"), "one and a half times as likely");
    assert_string_equal(words_times(j, 3.4, "likely"), "3.4 times as likely");
    assert_string_equal(words_times(j, 0.62, "likely"), "0.62 times as likely");
    assert_string_equal(words_times(j, 14.0, "likely"), "14.0 times as likely");
}

static void
numbers_and_lists_read_like_a_letter(void **state)
{
    struct job *j = support_job(state);
    const char *const three[] = {"Fernhill", "Oakleaf", "Hollybank"};

    assert_string_equal(words_number(j, 3), "three");
    assert_string_equal(words_number(j, 0), "none");
    assert_string_equal(words_number(j, 49382), "49,382");
    assert_string_equal(words_counted(j, 1, "row", "rows"), "1 row");
    assert_string_equal(words_counted(j, 49794, "row", "rows"), "49,794 rows");
    assert_string_equal(words_list(j, three, 3), "Fernhill, Oakleaf and Hollybank");
    assert_string_equal(words_list(j, three, 2), "Fernhill and Oakleaf");
    assert_string_equal(words_list(j, three, 1), "Fernhill");
    assert_string_equal(words_list(j, three, 0), "");
    assert_string_equal(words_make_up(j, P(7430, 49582), P(1346, 2320),
                                      "those suspended more than once"),
                        "15% of pupils make up 58% of those suspended more than once");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(shares_are_written_with_their_base),
        SUPPORT_TEST(missing_data_is_never_written_as_none),
        SUPPORT_TEST(a_change_is_told_only_beyond_chance),
        SUPPORT_TEST(the_edge_of_chance_is_where_the_interval_meets_no_change),
        SUPPORT_TEST(plain_fractions_are_said_in_words),
        SUPPORT_TEST(ratios_are_said_as_times),
        SUPPORT_TEST(numbers_and_lists_read_like_a_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
