#include "people/upn.h"
#include "base/random.h"
#include "support/support.h"

static void
a_number_of_the_guides_is_well_formed(void **state)
{
    /* DfE's example, and numbers worked out with the published rule */
    static const char *const good[] = {
        "A950000178301", "H243278544154", "H801200001001", "X845212818005", "F896200125001",
        "V896200125002", "Z896400419017", "B916201225003", "X896402423110",
    };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(upn_check(span_of(good[i]), NULL), UPN_OK);
    assert_int_equal(upn_check(SPAN("G80120000101A"), NULL), UPN_TEMPORARY);
}

static void
a_wrong_check_letter_is_named_with_the_right_one(void **state)
{
    static const struct {
        const char *upn;
        char right;
    } bad[] = {{"R247962919251", 'Q'}, {"X428558133462", 'W'}, {"Z801200001001", 'H'}};
    char should_be, text[120];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(upn_check(span_of(bad[i].upn), &should_be), UPN_CHECK_LETTER);
        assert_int_equal(should_be, bad[i].right);
    }
    assert_string_equal(upn_problem(UPN_CHECK_LETTER, SPAN("Z801200001001"), text, sizeof text),
                        "the check letter is Z, should be H");
}

static void
each_kind_of_malformed_number_is_told_apart(void **state)
{
    char text[120];

    (void)state;
    assert_int_equal(upn_check(SPAN(""), NULL), UPN_LENGTH);
    assert_int_equal(upn_check(SPAN("H80120000100"), NULL), UPN_LENGTH);
    assert_int_equal(upn_check(SPAN("H8012000010011"), NULL), UPN_LENGTH);
    assert_int_equal(upn_check(SPAN("H8X1200001001"), NULL), UPN_AREA);
    assert_int_equal(upn_check(SPAN("H80120000100I"), NULL), UPN_LAST);
    assert_int_equal(upn_check(SPAN("H80120000100O"), NULL), UPN_LAST);
    assert_int_equal(upn_check(SPAN("H80120000100S"), NULL), UPN_LAST);
    assert_int_equal(upn_check(SPAN("H80120000100-"), NULL), UPN_LAST);
    assert_int_equal(upn_check(SPAN("H801200O01001"), NULL), UPN_DIGITS);
    assert_int_equal(upn_check(SPAN("3801200001001"), NULL), UPN_CHECK_LETTER);
    upn_problem(UPN_LENGTH, SPAN("H80120000100"), text, sizeof text);
    assert_string_equal(text, "it has 12 characters, should have 13");
}

/* One wrong digit, or two neighbours changed round, is always noticed: 23 is prime. */
static void
every_slip_of_one_digit_or_two_neighbours_is_noticed(void **state)
{
    struct random r = random_stream(20250616, 1, 1);

    (void)state;
    for (int round = 0; round < 2000; round++) {
        char upn[UPN_SIZE] = "?", wrong[UPN_SIZE];
        int at;
        for (int i = 1; i < 13; i++)
            upn[i] = (char)('0' + random_below(&r, 10));
        upn_set_letter(upn);
        assert_int_equal(upn_check(span_of(upn), NULL), UPN_OK);
        memcpy(wrong, upn, sizeof wrong);
        at = 1 + (int)random_below(&r, 12);
        wrong[at] = (char)('0' + (wrong[at] - '0' + 1 + (int)random_below(&r, 9)) % 10);
        assert_int_equal(upn_check(span_of(wrong), NULL), UPN_CHECK_LETTER);
        memcpy(wrong, upn, sizeof wrong);
        at = 1 + (int)random_below(&r, 11);
        wrong[at] = upn[at + 1];
        wrong[at + 1] = upn[at];
        if (wrong[at] != wrong[at + 1])
            assert_int_equal(upn_check(span_of(wrong), NULL), UPN_CHECK_LETTER);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_of_the_guides_is_well_formed),
        cmocka_unit_test(a_wrong_check_letter_is_named_with_the_right_one),
        cmocka_unit_test(each_kind_of_malformed_number_is_told_apart),
        cmocka_unit_test(every_slip_of_one_digit_or_two_neighbours_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
