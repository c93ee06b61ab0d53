#include "people/attendance.h"
#include "base/date.h"
#include "base/random.h"
#include "support/support.h"

/* England, all phases, 2024/25 year to date, sessions by code: DfE, "Pupil attendance in
 * schools" (Explore Education Statistics).  Authorised absence is published by code too, but
 * rounding there leaves a few sessions over, so its total is taken as given. */
static const struct {
    const char *code;
    int64_t sessions;
} national[] = {
    {"/", 2253375536}, {"L", 46876028},  {"B", 6340667},  {"J", 503},      {"P", 2923456},
    {"V", 19511432},   {"W", 3441623},   {"K", 937728},   {"G", 11616687}, {"U", 5619106},
    {"O", 39812765},   {"N", 1450909},
};

static void
the_national_figures_of_2024_25_come_out_exactly(void **state)
{
    int64_t by_class[ATT_NO_MARK + 1] = {0}, absence, possible;
    int32_t date = date_from_ymd(2025, 3, 3);
    char buf[TEXT_NUMBER];

    (void)state;
    for (size_t i = 0; i < sizeof national / sizeof *national; i++) {
        int code = attendance_code(span_of(national[i].code));
        assert_true(code >= 0);
        by_class[attendance_class(code, date)] += national[i].sessions;
    }
    by_class[ATT_AUTHORISED] = 113893134;
    assert_int_equal(by_class[ATT_PRESENT] + by_class[ATT_ACTIVITY], 2333406973);
    assert_int_equal(by_class[ATT_ACTIVITY], 33155409);
    assert_int_equal(by_class[ATT_UNAUTHORISED], 58499467);
    absence = by_class[ATT_AUTHORISED] + by_class[ATT_UNAUTHORISED];
    possible = by_class[ATT_PRESENT] + by_class[ATT_ACTIVITY] + absence;
    assert_int_equal(absence, 172392601);
    assert_int_equal(possible, 2505799574);
    assert_string_equal(text_percent(absence, possible, 4, buf), "6.8797");
}

static void
each_code_has_its_class(void **state)
{
    static const struct {
        const char *codes;
        enum attendance_class class;
    } expected[] = {
        {"/ \\ L", ATT_PRESENT},
        {"B K P V W J", ATT_ACTIVITY},
        {"C C1 C2 J1 M S E I R T H F", ATT_AUTHORISED},
        {"G N O U", ATT_UNAUTHORISED},
        {"D Q X Y Y1 Y2 Y3 Y4 Y5 Y6 Y7 Z #", ATT_NOT_POSSIBLE},
        {"-", ATT_NO_MARK},
    };
    int32_t date = date_from_ymd(2024, 10, 1);
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        for (const char *p = expected[i].codes; *p; p += strspn(p, " ")) {
            struct span code = {p, strcspn(p, " ")};
            int index = attendance_code(code);
            assert_true(index >= 0);
            assert_int_equal(attendance_class(index, date), expected[i].class);
            p += code.n;
            n++;
        }
    }
    assert_int_equal(n, ATTENDANCE_CODES);
}

/* Each code by itself: E and C2 among them, none of D, Q, X, Y, Z, #. */
static void
each_authorised_code_alone_makes_authorised_absence(void **state)
{
    static const char *const codes[] = {"C", "C1", "C2", "J1", "M", "S",
                                        "E", "I",  "R",  "T",  "H", "F"};

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct attendance_totals t = {{0}};
        struct attendance_sum sum;
        t.by_code[attendance_code(span_of(codes[i]))] = 7;
        sum = attendance_add_up(&t, date_from_ymd(2024, 11, 1));
        assert_int_equal(sum.authorised, 7);
        assert_int_equal(sum.possible, 7);
        assert_int_equal(sum.present + sum.activity + sum.unauthorised, 0);
    }
}

static void
what_is_not_a_possible_session_is_in_no_total(void **state)
{
    static const char *const codes[] = {"D",  "Q",  "X",  "Y",  "Y1", "Y2", "Y3",
                                        "Y4", "Y5", "Y6", "Y7", "Z",  "#",  "-"};
    struct attendance_totals t = {{0}};
    struct attendance_sum sum;

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        t.by_code[attendance_code(span_of(codes[i]))] = 11;
    sum = attendance_add_up(&t, date_from_ymd(2024, 11, 1));
    assert_int_equal(sum.possible + sum.present + sum.activity, 0);
    assert_int_equal(sum.authorised + sum.unauthorised, 0);
}

static void
x_counts_as_possible_but_not_absent_from_september_2020_to_march_2022(void **state)
{
    int x = attendance_code(SPAN("X"));
    struct attendance_totals t = {{0}};

    (void)state;
    assert_false(attendance_is_possible(x, date_from_ymd(2020, 8, 31)));
    assert_true(attendance_is_possible(x, date_from_ymd(2020, 9, 1)));
    assert_true(attendance_is_possible(x, date_from_ymd(2022, 3, 31)));
    assert_false(attendance_is_possible(x, date_from_ymd(2022, 4, 1)));
    assert_false(attendance_is_absence(x, date_from_ymd(2021, 1, 15)));
    t.by_code[x] = 20;
    t.by_code[attendance_code(SPAN("I"))] = 5;
    assert_int_equal(attendance_add_up(&t, date_from_ymd(2021, 1, 15)).possible, 25);
    assert_int_equal(attendance_add_up(&t, date_from_ymd(2021, 1, 15)).authorised, 5);
    assert_int_equal(attendance_add_up(&t, date_from_ymd(2023, 1, 15)).possible, 5);
}

static void
persistent_and_severe_are_compared_as_integers(void **state)
{
    (void)state;
    assert_true(attendance_is_persistent(14, 140));
    assert_false(attendance_is_persistent(13, 131));
    assert_true(attendance_is_persistent(13, 130));
    assert_true(attendance_is_severe(70, 140));
    assert_false(attendance_is_severe(70, 141));
    assert_false(attendance_is_persistent(0, 0));
    assert_false(attendance_is_severe(0, 0));
}

static void
a_code_is_found_in_either_case_and_nothing_else_is_one(void **state)
{
    (void)state;
    assert_int_equal(attendance_code(SPAN("c2")), attendance_code(SPAN("C2")));
    assert_string_equal(attendance_name(attendance_code(SPAN("y7"))), "Y7");
    assert_string_equal(attendance_label(attendance_code(SPAN("C2"))), "part-time timetable");
    assert_int_equal(attendance_code(SPAN("")), -1);
    assert_int_equal(attendance_code(SPAN("A")), -1);
    assert_int_equal(attendance_code(SPAN("C3")), -1);
    assert_int_equal(attendance_code(SPAN("//")), -1);
}

static void
totals_survive_packing_whatever_they_are(void **state)
{
    struct random r = random_stream(20250616, 1, 1);
    uint8_t buf[ATTENDANCE_PACKED];

    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct attendance_totals t = {{0}}, back;
        size_t n;
        for (int i = 0; i < ATTENDANCE_CODES; i++)
            if (random_below(&r, 3) == 0)
                t.by_code[i] = (uint16_t)(random_next(&r) >> (48 + random_below(&r, 16)));
        n = attendance_pack(&t, buf);
        assert_true(n <= sizeof buf);
        assert_true(attendance_unpack(buf, n, &back));
        assert_memory_equal(&t, &back, sizeof t);
    }
}

static void
bytes_that_are_no_packed_totals_are_refused(void **state)
{
    static const struct {
        uint8_t b[6];
        size_t n;
    } bad[] = {
        {{0}, 1},                      /* a code without a count */
        {{0, 0x80}, 2},                /* a count cut short */
        {{0, 0xFF, 0xFF, 0x7F}, 4},    /* over 16 bits */
        {{0, 0x80, 0x80, 0x80, 1}, 5}, /* too long */
        {{ATTENDANCE_CODES, 1}, 2},    /* no such code */
        {{3, 1, 3, 1}, 4},             /* twice */
        {{3, 1, 2, 1}, 4},             /* out of order */
        {{3, 0}, 2},                   /* zero is left out */
    };
    struct attendance_totals t, zero = {{0}};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(attendance_unpack(bad[i].b, bad[i].n, &t));
        assert_memory_equal(&t, &zero, sizeof t);
    }
    assert_true(attendance_unpack(NULL, 0, &t));
}

static void
what_was_possible_is_not_made_up_from_absences(void **state)
{
    const struct attendance_sum away = {.possible = 6, .authorised = 6},
                                marked = {.possible = 120, .present = 114, .authorised = 6},
                                none = {0};

    (void)state;
    assert_int_equal(attendance_possible(&away, -1, true), -1);
    assert_int_equal(attendance_possible(&away, 130, true), 130);
    assert_int_equal(attendance_possible(&away, -1, false), 6);
    assert_int_equal(attendance_possible(&marked, 200, false), 120);
    assert_int_equal(attendance_possible(&none, -1, true), 0);
    assert_int_equal(attendance_possible(&none, 90, true), 90);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_national_figures_of_2024_25_come_out_exactly),
        cmocka_unit_test(each_code_has_its_class),
        cmocka_unit_test(each_authorised_code_alone_makes_authorised_absence),
        cmocka_unit_test(what_is_not_a_possible_session_is_in_no_total),
        cmocka_unit_test(x_counts_as_possible_but_not_absent_from_september_2020_to_march_2022),
        cmocka_unit_test(persistent_and_severe_are_compared_as_integers),
        cmocka_unit_test(a_code_is_found_in_either_case_and_nothing_else_is_one),
        cmocka_unit_test(totals_survive_packing_whatever_they_are),
        cmocka_unit_test(bytes_that_are_no_packed_totals_are_refused),
        cmocka_unit_test(what_was_possible_is_not_made_up_from_absences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
