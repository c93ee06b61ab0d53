/* Letters of grounds mean different things before and after 19 August 2024. */
#include "people/ground.h"
#include "support/support.h"

static void
a_letter_is_read_by_the_day_of_leaving(void **state)
{
    struct job *j = support_job(state);
    int32_t before = date_from_ymd(2024, 8, 18), after = date_from_ymd(2024, 8, 19);

    assert_int_equal(ground_of('F', after)->says, GROUND_SAYS_HOME);
    assert_int_equal(ground_of('F', before)->says, GROUND_SAYS_MISSING);
    assert_int_equal(ground_of('D', before)->says, GROUND_SAYS_HOME);
    assert_int_equal(ground_of('D', after)->says, GROUND_SAYS_NOTHING);
    assert_int_equal(ground_of('O', after)->says, GROUND_SAYS_EXCLUDED);
    assert_int_equal(ground_of('M', before)->says, GROUND_SAYS_EXCLUDED);
    for (const char *letter = "GHI"; *letter; letter++)
        assert_int_equal(ground_of(*letter, after)->says, GROUND_SAYS_MISSING);
    assert_string_equal(ground_words(j, 'G', after),
                        "ground g of 2024: no longer lives within a reasonable distance");
    assert_string_equal(ground_words(j, '\0', after), "");
}

static void
every_letter_from_a_to_o_has_a_meaning_in_both(void **state)
{
    (void)state;
    for (char letter = 'A'; letter <= 'O'; letter++) {
        assert_non_null(ground_of(letter, date_from_ymd(2020, 1, 1)));
        assert_non_null(ground_of(letter, date_from_ymd(2025, 1, 1)));
    }
    assert_null(ground_of('P', date_from_ymd(2025, 1, 1)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SUPPORT_TEST(a_letter_is_read_by_the_day_of_leaving),
        SUPPORT_TEST(every_letter_from_a_to_o_has_a_meaning_in_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
