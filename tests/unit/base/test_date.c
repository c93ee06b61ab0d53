#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/date.h"

static int32_t
day(const char *s)
{
    int32_t d = DATE_NONE;

    assert_true(date_parse(s, strlen(s), &d));
    return d;
}

static void
every_day_of_eight_centuries_comes_back(void **state)
{
    int32_t first = date_from_ymd(1600, 1, 1), last = date_from_ymd(2400, 12, 31);
    struct ymd before = {1599, 12, 31};

    (void)state;
    assert_int_equal(last - first + 1, 2 * 146097 + 366);
    for (int32_t d = first; d <= last; d++) {
        struct ymd y = date_to_ymd(d);
        assert_true(date_is_valid(y.year, y.month, y.day));
        assert_int_equal(date_from_ymd(y.year, y.month, y.day), d);
        if (y.day == 1)
            assert_false(date_is_valid(before.year, before.month, before.day + 1));
        else
            assert_true(y.day == before.day + 1 && y.month == before.month);
        assert_int_equal(date_weekday(d), (date_weekday(d - 1) + 1) % 7);
        before = y;
    }
}

static void
known_days_have_their_weekday(void **state)
{
    (void)state;
    assert_int_equal(date_from_ymd(1970, 1, 1), 0);
    assert_int_equal(date_weekday(0), 3);
    assert_int_equal(date_weekday(date_from_ymd(2024, 10, 16)), 2);
    assert_int_equal(date_weekday(date_from_ymd(2000, 1, 1)), 5);
    assert_int_equal(date_weekday(date_from_ymd(1666, 9, 12)), 6); /* Gregorian */
    assert_int_equal(date_from_ymd(1600, 1, 1), -135140);
}

static void
days_that_are_not_are_refused(void **state)
{
    (void)state;
    assert_false(date_is_valid(2023, 2, 29));
    assert_true(date_is_valid(2024, 2, 29));
    assert_false(date_is_valid(1900, 2, 29));
    assert_true(date_is_valid(2000, 2, 29));
    assert_false(date_is_valid(2024, 13, 1));
    assert_false(date_is_valid(2024, 0, 1));
    assert_false(date_is_valid(2024, 4, 31));
    assert_false(date_is_valid(2024, 4, 0));
}

/* Dates of HM Nautical Almanac Office. */
static void
easter_falls_where_the_almanac_says(void **state)
{
    static const int32_t known[][3] = {
        {1818, 3, 22}, {1943, 4, 25}, {1961, 4, 2},  {2000, 4, 23}, {2008, 3, 23}, {2011, 4, 24},
        {2016, 3, 27}, {2017, 4, 16}, {2018, 4, 1},  {2019, 4, 21}, {2020, 4, 12}, {2021, 4, 4},
        {2022, 4, 17}, {2023, 4, 9},  {2024, 3, 31}, {2025, 4, 20}, {2026, 4, 5},  {2027, 3, 28},
        {2028, 4, 16}, {2029, 4, 1},  {2030, 4, 21}, {2038, 4, 25},
    };

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(date_easter(known[i][0]),
                         date_from_ymd(known[i][0], known[i][1], known[i][2]));
    for (int32_t y = 1600; y <= 2400; y++) {
        int32_t d = date_easter(y);
        assert_int_equal(date_weekday(d), 6);
        assert_in_range(d, date_from_ymd(y, 3, 22), date_from_ymd(y, 4, 25));
    }
}

static void
terms_meet_at_easter_and_the_year_turns_in_august(void **state)
{
    (void)state;
    assert_int_equal(date_term(day("2024-08-01")), TERM_AUTUMN);
    assert_int_equal(date_term(day("2024-12-31")), TERM_AUTUMN);
    assert_int_equal(date_term(day("2025-01-01")), TERM_SPRING);
    assert_int_equal(date_term(day("2025-04-20")), TERM_SPRING);
    assert_int_equal(date_term(day("2025-04-21")), TERM_SUMMER);
    assert_int_equal(date_term(day("2025-07-31")), TERM_SUMMER);
    assert_int_equal(date_school_year(day("2025-07-31")), 2024);
    assert_int_equal(date_school_year(day("2025-08-01")), 2025);
    assert_int_equal(date_year_start(2024), day("2024-08-01"));
    assert_int_equal(date_year_end(2024), day("2025-08-01"));
    assert_string_equal(date_term_name(TERM_SPRING), "spring");
}

static void
ages_turn_on_the_birthday(void **state)
{
    (void)state;
    assert_int_equal(date_age(day("2010-08-31"), day("2024-08-30")), 13);
    assert_int_equal(date_age(day("2010-08-31"), day("2024-08-31")), 14);
    assert_int_equal(date_age_31_august(day("2010-08-31"), 2024), 14);
    assert_int_equal(date_age_31_august(day("2010-09-01"), 2024), 13);
    assert_int_equal(date_age(DATE_NONE, day("2024-08-31")), DATE_NONE);
}

static void
a_child_of_29_february_is_older_on_1_march(void **state)
{
    int32_t born = day("2012-02-29");

    (void)state;
    assert_int_equal(date_age(born, day("2023-02-28")), 10);
    assert_int_equal(date_age(born, day("2023-03-01")), 11);
    assert_int_equal(date_age(born, day("2024-02-28")), 11);
    assert_int_equal(date_age(born, day("2024-02-29")), 12);
    for (int32_t on = born; on < born + 40 * 366; on++) {
        int32_t step = date_age(born, on + 1) - date_age(born, on);
        assert_in_range(step, 0, 1);
    }
}

static void
every_form_of_a_date_is_read(void **state)
{
    static const char *const forms[] = {
        "2024-10-06", " 2024-10-06 ", "2024-10-06T00:00:00", "2024-10-06 00:00:00",
        "2024-10-06 00:00:00.123456", "2024-10-06T23:59:59Z", "2024-10-06T00:00:00+01:00",
        "2024-10-06T00:00:00.000+0100", "2024-10-06 9:05", "06/10/2024", "6/10/2024",
        "06-10-2024", "06.10.2024", "06/10/2024 00:00", "06/10/2024 00:00:00",
        "2024-Oct-06 00:00:00", "2024-OCT-6", "06-Oct-2024", "6 October 2024", "2024/10/06",
        "\xC2\xA0 2024-10-06",
    };

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        int32_t d = DATE_NONE;
        if (!date_parse(forms[i], strlen(forms[i]), &d) || d != date_from_ymd(2024, 10, 6))
            fail_msg("\"%s\" was not read as 6 October 2024", forms[i]);
    }
}

static void
what_is_no_date_is_refused_and_changes_nothing(void **state)
{
    static const char *const forms[] = {
        "", " ", "2024", "2024-10", "2024-13-01", "2023-02-29", "31/04/2024", "10/16/2024",
        "2024-10/06", "2024-10-061", "02024-10-06", "16/10/24", "0024-10-06", "2024-10-06x",
        "2024-10-06T", "2024-10-06T24:00:00", "2024-10-06T10", "2024-10-06 10:61",
        "2024-10-06 10:00:00.", "2024-10-06T00:00:00+", "2024-10-06T00:00:00+9:00",
        "2024-Okt-06", "2024-Octo-06", "2024-J-06", "06--10-2024", "-06-10-2024", "201610",
        "45581", "NULL", "2024-10-06T00:00:00+01:", "2024-10-06T00:00:00Z0",
    };

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        int32_t d = 77;
        if (date_parse(forms[i], strlen(forms[i]), &d) || d != 77)
            fail_msg("\"%s\" was read as a date", forms[i]);
    }
}

static void
bare_numbers_are_read_only_when_asked_for(void **state)
{
    int32_t d = 77;

    (void)state;
    assert_true(date_parse_month("201610", 6, &d));
    assert_int_equal(d, day("2016-10-01"));
    assert_false(date_parse_month("201613", 6, &d));
    assert_false(date_parse_month("2016-10", 7, &d));
    assert_true(date_parse_serial("45581", 5, &d));
    assert_int_equal(d, day("2024-10-16"));
    assert_true(date_parse_serial("61", 2, &d));
    assert_int_equal(d, day("1900-03-01"));
    assert_true(date_parse_serial("45581.75", 8, &d));
    assert_false(date_parse_serial("60", 2, &d));
    assert_false(date_parse_serial("2024-10-16", 10, &d));
    assert_int_equal(d, day("2024-10-16"));
}

static void
text_of_a_date_is_read_back(void **state)
{
    char buf[DATE_TEXT];

    (void)state;
    for (int32_t d = date_from_ymd(1600, 1, 1); d < date_from_ymd(2400, 1, 1); d += 13) {
        assert_int_equal(day(date_iso(d, buf)), d);
        assert_int_equal(day(date_words(d, buf)), d);
    }
    assert_string_equal(date_iso(date_from_ymd(2024, 9, 5), buf), "2024-09-05");
    assert_string_equal(date_words(date_from_ymd(2024, 9, 5), buf), "5 September 2024");
    assert_string_equal(date_iso(DATE_NONE, buf), "");
    assert_string_equal(date_words(DATE_OPEN, buf), "");
    assert_string_equal(date_year_name(2024, buf), "2024/25");
    assert_string_equal(date_year_name(1999, buf), "1999/00");
}

static int64_t
utc(int32_t date, int hour, int minute)
{
    return (((int64_t)date * 24 + hour) * 60 + minute) * 60 * 1000000;
}

static void
british_clocks_turn_on_the_last_sundays_of_march_and_october(void **state)
{
    char buf[DATE_TEXT];
    int32_t minute;

    (void)state;
    assert_int_equal(date_of_time(utc(day("2024-03-31"), 0, 59), &minute), day("2024-03-31"));
    assert_int_equal(minute, 59);
    assert_int_equal(date_of_time(utc(day("2024-03-31"), 1, 0), &minute), day("2024-03-31"));
    assert_int_equal(minute, 120);
    assert_int_equal(date_of_time(utc(day("2024-06-30"), 23, 30), &minute), day("2024-07-01"));
    assert_int_equal(minute, 30);
    date_of_time(utc(day("2024-10-27"), 0, 59), &minute);
    assert_int_equal(minute, 119);
    date_of_time(utc(day("2024-10-27"), 1, 0), &minute);
    assert_int_equal(minute, 60);
    assert_int_equal(date_of_time(-1, NULL), -1);
    assert_string_equal(time_words(utc(day("2024-10-16"), 13, 30), buf),
                        "16 October 2024, 2:30pm");
    assert_string_equal(time_words(utc(day("2024-01-16"), 9, 0), buf), "16 January 2024, 9am");
    assert_string_equal(time_words(utc(day("2024-01-16"), 0, 5), buf),
                        "16 January 2024, 12:05am");
    assert_string_equal(time_words(utc(day("2024-01-16"), 12, 0), buf),
                        "16 January 2024, midday");
    assert_string_equal(time_words(utc(day("2024-07-15"), 23, 0), buf),
                        "16 July 2024, midnight");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_eight_centuries_comes_back),
        cmocka_unit_test(known_days_have_their_weekday),
        cmocka_unit_test(days_that_are_not_are_refused),
        cmocka_unit_test(easter_falls_where_the_almanac_says),
        cmocka_unit_test(terms_meet_at_easter_and_the_year_turns_in_august),
        cmocka_unit_test(ages_turn_on_the_birthday),
        cmocka_unit_test(a_child_of_29_february_is_older_on_1_march),
        cmocka_unit_test(every_form_of_a_date_is_read),
        cmocka_unit_test(what_is_no_date_is_refused_and_changes_nothing),
        cmocka_unit_test(bare_numbers_are_read_only_when_asked_for),
        cmocka_unit_test(text_of_a_date_is_read_back),
        cmocka_unit_test(british_clocks_turn_on_the_last_sundays_of_march_and_october),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
